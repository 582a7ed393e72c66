/**
 * One entry of the ledger. Its stored form is RFC 8785 canonical JSON in UTF-8, and exactly those bytes are hashed:
 * whoever reads an entry reads the bytes, never a re-encoding of them.
 */
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { canonicalCopy } from './canonical-copy.ts';

/** What an entry records. A word once used stays: verifiers of old logs know it. */
export const EntryKind = z.enum([
  'log.opened',
  'incident.opened',
  'incident.closed',
  'signal',
  'read',
  'model.turn',
  'hypotheses',
  'proposal',
  'verdict',
  'shown',
  'decision',
  'intent',
  'result',
  'outcome',
  'escalation',
  'stop',
  'stop.lifted',
  'breaker',
  'breaker.closed',
  'envelope',
  'setting',
  'connection',
  'report',
  'key',
  'note',
  'clock',
  'export',
  'erasure',
  'approver.key',
  'drill.debrief',
  'envelope.part',
  /** A request left this machine for a model; its exact text is kept beside the ledger. */
  'sent',
  'cause.confirmed',
  'question',
  'answer',
  'model',
  /** A person went over a week of the record and signed it off. */
  'review',
]);
export type EntryKind = z.infer<typeof EntryKind>;

/** What changes what may happen next is signed in the transaction that records it: a verifier accepts no less. */
export const SIGNED_AT_ONCE: ReadonlySet<EntryKind> = new Set(['decision', 'result', 'outcome', 'stop']);

export const ActorKind = z.enum(['person', 'analyst', 'guard', 'host', 'connector']);

/** Who caused an entry. A decision is only ever a person's. */
export const Actor = z.strictObject({
  kind: ActorKind,
  name: z.string().min(1).max(200),
});
export type Actor = z.infer<typeof Actor>;

type JsonValue = z.infer<ReturnType<typeof z.json>>;

export const LedgerEntry = z.strictObject({
  v: z.literal(1),
  /** Place in the log, from 0 without gaps. */
  seq: z.number().int().nonnegative(),
  kind: EntryKind,
  /** UTC with milliseconds, on the clock of the realm. */
  at: z.iso.datetime({ precision: 3 }),
  realm: Realm,
  incident: z.string().min(1).max(200).optional(),
  actor: Actor,
  /** Earlier entries that led here. */
  causes: z.array(z.number().int().nonnegative()).max(1000).optional(),
  /** What was read from JSON is JSON: to walk through it again would take longer than everything else here. */
  body: z.custom<Record<string, JsonValue>>((value) => isRecord(value), 'a body is an object'),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** A record longer than this (C2SP tlog-tiles bundles) keeps its bulk elsewhere and carries a digest. */
export const MOST_BYTES = 65_535;

/**
 * The bytes to store, and the entry as anyone will read it back from them. Members that are `undefined` are left out;
 * what JSON cannot hold (a lone surrogate, NaN) or the schema does not know is refused.
 */
export function encodeEntry(entry: object): { bytes: Uint8Array; entry: LedgerEntry } {
  const ordered = canonicalCopy(entry, MOST_NESTED);
  const text = ordered ? JSON.stringify(ordered) : (canonical(entry) ?? '');
  const bytes = Buffer.from(text);
  demandShort(bytes);
  return { bytes, entry: inOrder(checked(ordered ?? shallow(JSON.parse(text)))) };
}

/**
 * Reads stored bytes, strictly: they must be the canonical form of what they say, which rules out double members, other
 * spellings of a number, white space and anything else that two readers could understand differently.
 */
export function parseEntry(bytes: Uint8Array): LedgerEntry {
  demandShort(bytes);
  const text = decoded(bytes);
  const value = readJson(text);
  const ordered = canonicalCopy(value, MOST_NESTED);
  const spelled = ordered ? JSON.stringify(ordered) : canonical(value);
  if (spelled !== text) throw refused('it is not in canonical form');
  return inOrder(checked(ordered ?? shallow(value)));
}

/** Levels of an entry, the body's being one less: far more than anything here nests, and no danger to any reader's stack. */
const MOST_NESTED = 65;

function shallow(value: unknown): unknown {
  if (isDeeperThan(MOST_NESTED, value)) throw refused(`it is nested deeper than ${MOST_NESTED} levels`);
  return value;
}

const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)));

function demandShort(bytes: Uint8Array): void {
  if (bytes.length > MOST_BYTES) throw refused(`it takes ${bytes.length} bytes, more than ${MOST_BYTES}`);
}

function inOrder(entry: LedgerEntry): LedgerEntry {
  if (entry.causes?.some((cause) => cause >= entry.seq))
    throw refused('it names a cause that comes after it');
  return entry;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw refused(NOT_JSON, error);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(NOT_JSON, error);
  }
}

const NOT_JSON = 'it is not JSON in UTF-8';

function canonical(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch (error) {
    throw refused(`it holds what JSON cannot: ${messageOf(error)}`, error);
  }
}

function checked(value: unknown): LedgerEntry {
  const plain = isRecord(value) ? plainEntry(value) : undefined;
  if (plain) return plain;
  const parsed = LedgerEntry.safeParse(value);
  if (!parsed.success) throw refused(z.prettifyError(parsed.error), parsed.error);
  knownTime = parsed.data.at;
  return parsed.data;
}

/** A time that was found to be one. Many entries follow each other in one millisecond. */
let knownTime = '';

/**
 * What the schema makes of most entries, in a tenth of the time. Undefined for whatever is not plain to see: the schema
 * decides about it, and says what is wrong.
 */
function plainEntry(value: { readonly [member in keyof LedgerEntry]?: unknown }): LedgerEntry | undefined {
  const { v, seq, kind, at, realm, incident, actor, body } = value;
  if (v !== 1 || at !== knownTime || !isPlace(seq) || !isOneOf(KINDS, kind) || !isOneOf(REALMS, realm))
    return undefined;
  if (!isRecord(body) || !isRecord(actor) || Object.keys(actor).length !== 2) return undefined;
  const { kind: who, name } = actor;
  if (!isOneOf(ACTORS, who) || !isName(name)) return undefined;
  const members = Object.keys(value).length;
  const by = { kind: who, name };
  if (members === 7) return { v, seq, kind, at: knownTime, realm, actor: by, body };
  if (members !== 8 || !isName(incident)) return undefined;
  return { v, seq, kind, at: knownTime, realm, incident, actor: by, body };
}

const KINDS: ReadonlySet<EntryKind> = new Set(EntryKind.options);
const REALMS: ReadonlySet<Realm> = new Set(Realm.options);
const ACTORS: ReadonlySet<Actor['kind']> = new Set(ActorKind.options);
const isOneOf = <T>(words: ReadonlySet<T>, word: unknown): word is T =>
  (words as ReadonlySet<unknown>).has(word);
const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 200;
const isRecord = (value: unknown): value is Record<string, JsonValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refused = (because: string, cause?: unknown) =>
  new Failure('bad_input', `This is no ledger entry: ${because}.`, cause);
