import { z } from 'zod';
import type { AnalystStep } from '../../shared/vocabulary/analyst.ts';
import { type Evidence, Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { CitedSentence, WhySuggested } from '../../shared/vocabulary/why-suggested.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { whyOf } from './ledger-desk.ts';
import type { RealmDesk } from './realm.ts';

type ReadStep = Extract<AnalystStep['step'], { kind: 'read' }>;

/** From a proposal back: the hypothesis it follows from, what that quotes, what was read, and the events. */
export function whySuggested(realm: RealmDesk, id: string): WhySuggested {
  const proposal = realm.proposals.find(id);
  const { incident, proposedBy, rationale, evidence } = proposal;
  const { queries } = realm;
  const end = realm.ledger.head().size;
  const entry = queries.introducing(id, end);
  const events = new Map(realm.timeline.ofIncident(incident).map((event) => [event.key, event]));
  const steps = new Map<string, ReadStep>();
  for (const { step } of realm.analyst.runOf(incident).steps)
    if (step.kind === 'read') steps.set(step.read, step);

  const cited = ({ sentence, quotes = [], reads, events: keys }: Evidence): CitedSentence => ({
    sentence,
    quotes: quotes.map(({ text }) => text),
    reads: [...new Set([...reads, ...quotes.map(({ read }) => read)])].flatMap((read) => {
      const step = steps.get(read);
      return step
        ? [
            {
              id: read,
              tool: step.tool,
              arguments: step.arguments,
              found: step.found,
              entry: queries.introducing(read, end)?.seq ?? null,
            },
          ]
        : [];
    }),
    events: keys.flatMap((key) => {
      const event = events.get(key);
      return event ? [{ key, title: event.title, atMs: event.atMs }] : [];
    }),
  });

  const stated = proposedBy.kind === 'analyst' ? statementBefore(realm, proposal, entry) : undefined;
  return {
    proposal: proposal.id,
    realm: realm.realm,
    entry: entry?.seq ?? null,
    proposedBy: proposedBy.name,
    proposedMs: proposal.proposedMs,
    rationale,
    evidence: evidence.map(cited),
    hypothesis: stated
      ? {
          claim: stated.hypothesis.claim,
          confidence: stated.hypothesis.confidence,
          entry: stated.seq,
          for: stated.hypothesis.for.map(cited),
          against: stated.hypothesis.against.map(cited),
          gaps: stated.hypothesis.gaps,
        }
      : null,
    chain: entry ? whyOf(realm, entry.seq) : [],
  };
}

const Stated = z.object({ hypotheses: z.array(Hypothesis) });

/** Of the hypotheses that were stated last before it, the one that shares most of its evidence; the first of equals. */
function statementBefore(
  { ledger }: RealmDesk,
  { incident, evidence }: Proposal,
  entry: LedgerEntry | undefined,
): { seq: number; hypothesis: Hypothesis } | undefined {
  const [said] = ledger.entries({
    incident,
    kind: 'hypotheses',
    newestFirst: true,
    limit: 1,
    ...(entry ? { before: entry.seq } : {}),
  });
  if (!said) return undefined;
  const stated = Stated.safeParse(said.body);
  if (!stated.success) return undefined;
  const cites = new Set(evidence.flatMap(({ events, reads }) => [...events, ...reads]));
  const shared = (hypothesis: Hypothesis) =>
    hypothesis.for.flatMap(({ events, reads }) => [...events, ...reads]).filter((one) => cites.has(one))
      .length;
  const [nearest] = stated.data.hypotheses
    .map((hypothesis) => ({ hypothesis, shared: shared(hypothesis) }))
    .sort((a, b) => b.shared - a.shared || a.hypothesis.rank - b.hypothesis.rank);
  return nearest && { seq: said.seq, hypothesis: nearest.hypothesis };
}
