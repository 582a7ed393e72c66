import { z } from 'zod';
import { Conclusion, Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import { HypothesisId, type IncidentId } from '../../shared/vocabulary/ids.ts';
import { type ClaimFacts, ceilingOf } from './hypotheses/ceiling.ts';
import { concluded } from './hypotheses/conclude.ts';
import { type CitedRecord, onRecord } from './hypotheses/on-record.ts';

const Claim = Hypothesis.omit({
  id: true,
  incident: true,
  rank: true,
  statedMs: true,
  claimed: true,
  ceiling: true,
});

/** The tool by which an analyst states what it holds possible: objects, not prose. */
export const stateHypotheses = {
  name: 'state_hypotheses',
  purpose:
    'State two to four rival hypotheses: evidence for and against, gaps, and the check that would disprove each. Each piece of evidence quotes what a tool answered: `quotes` holds its `read` and the words exactly as they stand there; what cannot be found is dropped. `conclusion`: whether a cause can be named, or the reading is inconclusive, or there is nothing to do.',
  input: z.strictObject({
    hypotheses: z.array(Claim).min(1).max(4),
    conclusion: Conclusion.exactOptional(),
  }),
};
export type Claims = z.output<typeof stateHypotheses.input>;

export type HypothesisRecord = CitedRecord & ClaimFacts;

/** What became of claims: hypotheses best first, what they come to, and how much evidence was dropped. */
export type Judged = { hypotheses: Hypothesis[]; conclusion: Conclusion; dropped: number };

/**
 * Makes hypotheses of claims. Code keeps them honest: evidence that cites nothing on record is dropped and counted, and
 * confidence has a ceiling that follows from what is cited, whatever the model says.
 */
export function honestHypotheses(
  claims: Claims,
  record: HypothesisRecord,
  about: { incident: IncidentId; atMs: number; newId(): string },
): Judged {
  let dropped = 0;
  const kept = (evidence: Hypothesis['for']) => {
    const checked = onRecord(evidence, record);
    dropped += checked.dropped;
    return checked.kept;
  };
  const hypotheses = claims.hypotheses
    .map((claim) => {
      const cited = { ...claim, for: kept(claim.for), against: kept(claim.against) };
      const ceiling = ceilingOf(cited, record);
      return {
        ...cited,
        gaps: [...claim.gaps, ...unseenGaps(claim.cause, record)],
        claimed: claim.confidence,
        confidence: Math.min(claim.confidence, ceiling.at),
        ceiling,
      };
    })
    .sort((a, b) => b.confidence - a.confidence)
    .map((claim, index) => ({
      ...claim,
      id: HypothesisId.parse(about.newId()),
      incident: about.incident,
      rank: index + 1,
      statedMs: about.atMs,
    }));
  return { hypotheses, conclusion: concluded(claims.conclusion, hypotheses), dropped };
}

/** What nobody measures may be the cause behind the cause, and a claim that does not say so looks surer than it is. */
function unseenGaps(cause: string | null, { unseenBehind }: HypothesisRecord): string[] {
  if (cause === null) return [];
  return unseenBehind(cause).map(
    (name) => `${name}, which it depends on, is not measured: it may be behind it`,
  );
}
