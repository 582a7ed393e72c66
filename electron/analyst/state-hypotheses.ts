import { z } from 'zod';
import { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import { HypothesisId, type IncidentId } from '../../shared/vocabulary/ids.ts';

const Claim = Hypothesis.omit({ id: true, incident: true, rank: true, statedMs: true });

/** The tool by which an analyst states what it holds possible: objects, not prose. */
export const stateHypotheses = {
  name: 'state_hypotheses',
  purpose:
    'State up to four rival hypotheses with evidence for and against, gaps, and the check that would disprove each.',
  input: z.strictObject({ hypotheses: z.array(Claim).min(1).max(4) }),
};
export type Claims = z.output<typeof stateHypotheses.input>;

/** What the record holds, by which code judges evidence. */
export type Record = {
  hasEvent(key: string): boolean;
  hasRead(id: string): boolean;
  /** Whether the difference that a change made was read in this run. */
  diffWasRead(change: string): boolean;
};

const NO_EVIDENCE_CEILING = 0.3;
const UNREAD_DIFF_CEILING = 0.5;
const CONTRADICTED_FACTOR = 0.8;
const CEILING = 0.95;

/**
 * Makes hypotheses of claims. Code keeps them honest: evidence that cites nothing on record is dropped and counted, and
 * confidence has a ceiling that follows from what is cited, whatever the model says.
 */
export function honestHypotheses(
  { hypotheses }: Claims,
  record: Record,
  about: { incident: IncidentId; atMs: number; newId(): string },
): { hypotheses: Hypothesis[]; dropped: number } {
  let dropped = 0;
  const onRecord = (evidence: Hypothesis['for']) => {
    const kept = evidence.filter(
      ({ events, reads }) =>
        events.length + reads.length > 0 && events.every(record.hasEvent) && reads.every(record.hasRead),
    );
    dropped += evidence.length - kept.length;
    return kept;
  };
  const judged = hypotheses.map((claim) => {
    const checked = { ...claim, for: onRecord(claim.for), against: onRecord(claim.against) };
    return { ...checked, confidence: Math.min(claim.confidence, ceilingOf(checked, record)) };
  });
  return {
    hypotheses: judged
      .sort((a, b) => b.confidence - a.confidence)
      .map((claim, index) => ({
        ...claim,
        id: HypothesisId.parse(about.newId()),
        incident: about.incident,
        rank: index + 1,
        statedMs: about.atMs,
      })),
    dropped,
  };
}

function ceilingOf(claim: Claims['hypotheses'][number], record: Record): number {
  if (claim.for.length === 0) return NO_EVIDENCE_CEILING;
  const unread = claim.cause !== null && !record.diffWasRead(claim.cause);
  const ceiling = unread ? UNREAD_DIFF_CEILING : CEILING;
  return claim.against.length > claim.for.length ? ceiling * CONTRADICTED_FACTOR : ceiling;
}
