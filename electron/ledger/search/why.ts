/**
 * Why an entry came about: the entries that led to it, and what led to those. What an entry says itself (`causes`) comes
 * first; where it says nothing, the ids in its body lead to the entries that introduced them.
 */
import type { EntryKind, LedgerEntry } from '../entry.ts';
import { type Body, proposalOf } from './search-terms.ts';

/** What the chain is followed in; `ledgerQueries` gives all three. */
export type WhyReader = {
  /** Throws `not_found` for a place the log does not have. */
  entryAt(seq: number): LedgerEntry;
  introducing(id: string, before: number): LedgerEntry | undefined;
  lastOf(kind: EntryKind, incident: string, before: number): LedgerEntry | undefined;
};

/** One entry of the chain. `because` are the entries that led to it. An entry reached twice is spelled out only once. */
export type WhyStep = {
  seq: number;
  kind: EntryKind;
  at: string;
  /** A sentence for the person, from the entry alone. */
  says: string;
  because: WhyStep[];
  /** Spelled out elsewhere in this tree, or left out because the tree is as large as it may be. */
  shortened?: 'repeated' | 'cut';
};

const DEEPEST = 12;
const MOST_STEPS = 200;

/** The chain of causes of entry `seq`, as a tree. Each cause is earlier than what it led to, so it always ends. */
export function why(reader: WhyReader, seq: number, limits = { depth: DEEPEST, steps: MOST_STEPS }): WhyStep {
  const seen = new Set<number>();

  function step(entry: LedgerEntry, depth: number): WhyStep {
    const plain = { seq: entry.seq, kind: entry.kind, at: entry.at, says: sentenceOf(entry), because: [] };
    if (seen.has(entry.seq)) return { ...plain, shortened: 'repeated' };
    seen.add(entry.seq);
    const causes = causesOf(reader, entry);
    if (causes.length === 0) return plain;
    if (depth >= limits.depth) return { ...plain, shortened: 'cut' };
    const because: WhyStep[] = [];
    for (const cause of causes) {
      if (seen.size >= limits.steps && !seen.has(cause.seq)) return { ...plain, because, shortened: 'cut' };
      because.push(step(cause, depth + 1));
    }
    return { ...plain, because };
  }

  return step(reader.entryAt(seq), 0);
}

/** The tree as lines of text, two spaces deeper for each step back. */
export const whyLines = (step: WhyStep, indent = 0): string[] => [
  `${'  '.repeat(indent)}${step.seq} ${step.at} ${step.says}${step.shortened ? SHORTENED[step.shortened] : ''}`,
  ...step.because.flatMap((cause) => whyLines(cause, indent + 1)),
];

const SHORTENED = { repeated: ' (see elsewhere in this list)', cut: ' (more led to it; ask for this entry)' };

function causesOf(reader: WhyReader, entry: LedgerEntry): LedgerEntry[] {
  const places = entry.causes?.length
    ? entry.causes.map((cause) => reader.entryAt(cause))
    : impliedCauses(reader, entry);
  const earlier = places.filter((cause) => cause !== undefined && cause.seq < entry.seq) as LedgerEntry[];
  return [...new Map(earlier.map((cause) => [cause.seq, cause])).values()].sort((a, b) => a.seq - b.seq);
}

/** What comes before each step of a proposal's life; the nearest of these about the same proposal led to it. */
function impliedCauses(reader: WhyReader, entry: LedgerEntry): (LedgerEntry | undefined)[] {
  const { kind, seq, incident } = entry;
  const body: Body = entry.body;
  const named = (id: unknown) => (typeof id === 'string' ? reader.introducing(id, seq) : undefined);
  const last = (of: EntryKind) => (incident === undefined ? undefined : reader.lastOf(of, incident, seq));
  const about = (of: EntryKind) => {
    const found = last(of);
    return found && proposalOf(found.body) === proposalOf(body) ? found : undefined;
  };
  const envelopes = [body.envelope, field(body.envelope, 'digest')].map(named);
  const proposal = named(body.proposal);
  switch (kind) {
    case 'proposal':
      return [...readsIn(body).map(named), last('hypotheses')];
    case 'hypotheses':
    case 'answer':
      return readsIn(body).map(named);
    case 'read':
      return [last('model.turn')];
    case 'model.turn':
    case 'incident.closed':
    case 'escalation':
    case 'signal':
      return [proposal, incident === undefined ? undefined : named(incident)];
    case 'verdict':
      return [proposal, ...envelopes];
    case 'decision':
      return [proposal, about('verdict'), about('shown'), ...envelopes];
    case 'intent':
      return [proposal, about('decision')];
    case 'result':
      return [proposal, about('intent')];
    case 'outcome':
      return [proposal, about('result')];
    default:
      return [proposal];
  }
}

/** Ids of the reads that evidence rests on, wherever in the body it stands. */
function readsIn(value: unknown, depth = 0): string[] {
  if (depth > 8 || typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).flatMap(([name, inner]) =>
    name === 'reads' && Array.isArray(inner)
      ? inner.filter((id) => typeof id === 'string')
      : readsIn(inner, depth + 1),
  );
  return [...new Set(own)];
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const LONGEST = 160;
/** What was erased says so. */
function readable(value: unknown): string | undefined {
  const erased = field(value, '$erased');
  if (typeof erased === 'string') return erased;
  return typeof value === 'string' ? value : undefined;
}

const RESULTS: Record<string, string | undefined> = {
  apply: 'executed it, and watches the effect',
  void: 'did not execute it',
  fail: 'failed, and nothing changed',
  lose: 'does not know whether it was executed',
};

/** Who did what, in one sentence of bounded length without line breaks. */
export const sentenceOf = (entry: LedgerEntry): string =>
  shortened(`${entry.kind} by ${entry.actor.name}: ${gistOf(entry)}`);

/** What an entry says, in a few words without line breaks. */
export function gistOf({ kind, ...entry }: LedgerEntry): string {
  const body: Body = entry.body;
  const said = (...values: unknown[]): string =>
    values.map(readable).find((value) => value !== undefined && value !== '') as string;
  const gist = said(
    kind === 'read' && readGist(body),
    kind === 'decision' &&
      `answered ${said(body.answer, 'nothing')}: ${said(body.reason, 'no reason given')}`,
    kind === 'verdict' && `said ${said(body.kind, 'nothing')}: ${sentences(body.rules)}`,
    kind === 'hypotheses' && `stated ${sentences(body.hypotheses)}`,
    kind === 'cause.confirmed' && `confirmed the cause: ${said(field(entry.body, 'inWords'), 'unknown')}`,
    kind === 'question' && `asked: ${said(field(entry.body, 'question'), '')}`,
    kind === 'answer' && `answered: ${sentences(field(entry.body, 'answer'))}`,
    kind === 'signal' && `saw ${said(body.alert, body.title, 'a signal')}`,
    kind === 'erasure' && `erased what rule ${said(field(entry.body, 'rule'), '')} lets go`,
    kind === 'shown' && `was shown ${said(body.proposal, 'a proposal')}`,
    kind === 'envelope' && envelopeGist(body),
    kind === 'envelope.part' &&
      `wrote down ${said(field(entry.body, 'path'), 'a file')} of the envelope ${said(body.envelope, '').slice(0, 12)}`,
    kind === 'result' && RESULTS[said(body.kind, '')],
    kind === 'log.opened' && `opened the log ${said(field(entry.body, 'origin'), '')}`,
    kind === 'sent' &&
      `sent ${field(entry.body, 'bytes')} bytes to ${said(field(entry.body, 'model'), 'a model')}`,
    kind === 'review' && 'went over a week of the record and signed it off',
    kind === 'key' && 'announced the key that signs from here on',
    kind === 'connection' &&
      `changed the connection ${said(field(entry.body, 'name'), field(entry.body, 'removed'), '')}`,
    body.sentence,
    body.title,
    body.stated,
    body.because,
    body.reason,
    body.command,
    body.outcome,
    'recorded it',
  );
  return shortened(gist);
}

/** The tool with what it was asked for, or with the words of what nobody let it have. */
function readGist(body: Body): string {
  const given = field(body, 'arguments');
  const values = typeof given === 'object' && given !== null ? Object.values(given) : [];
  const told = values.flatMap((value) =>
    typeof value === 'number' ? String(value) : (readable(value) ?? []),
  );
  const wanted = told.length > 0 ? told.join(', ') : readable(field(body, 'asked'));
  return `asked ${readable(body.tool) ?? 'something'}${wanted ? ` for ${wanted}` : ''}`;
}

const envelopeGist = (body: Body): string =>
  field(body, 'state') === 'none'
    ? `found no envelope in force: ${readable(body.because) ?? ''}`
    : `put the envelope ${(readable(body.digest) ?? '').slice(0, 12)} in force`;

function shortened(text: string): string {
  const line = text.replace(/\p{Cc}+|\s+/gu, ' ');
  return line.length <= LONGEST
    ? line
    : `${line
        .slice(0, LONGEST - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}

const sentences = (of: unknown): string =>
  (Array.isArray(of) ? of : [])
    .map((each) => field(each, 'sentence') ?? field(each, 'claim'))
    .filter((each) => typeof each === 'string')
    .join('; ') || 'nothing';
