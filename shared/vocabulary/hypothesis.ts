import { z } from 'zod';
import { EpochMs, HypothesisId, IncidentId } from './ids.ts';

/** Words as they stand in the stored result of a read, byte for byte. */
export const Quote = z.strictObject({ read: z.string(), text: z.string().min(4).max(1_000) });
export type Quote = z.infer<typeof Quote>;

/** A sentence with the facts it rests on: keys of timeline events, ids of recorded reads, and what is quoted of them. */
export const Evidence = z.strictObject({
  sentence: z.string().max(1_000),
  events: z.array(z.string()),
  reads: z.array(z.string()),
  quotes: z.array(Quote).max(8).exactOptional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** The most that code lets a hypothesis be believed, and why it is no more. */
export const Ceiling = z.strictObject({ at: z.number().min(0).max(1), because: z.array(z.string()) });
export type Ceiling = z.infer<typeof Ceiling>;

/** A claimed cause. `cause` is a candidate's id, or null for "not seen in our data". */
export const Hypothesis = z.strictObject({
  id: HypothesisId,
  incident: IncidentId,
  rank: z.number().int().positive(),
  claim: z.string().max(500),
  cause: z.string().nullable(),
  mechanism: z.string().max(1_000),
  confidence: z.number().min(0).max(1),
  for: z.array(Evidence),
  against: z.array(Evidence),
  gaps: z.array(z.string()),
  disprovedBy: z.string().max(500),
  statedMs: EpochMs,
  /** What was claimed before code judged it, and the ceiling it was held under. */
  claimed: z.number().min(0).max(1).exactOptional(),
  ceiling: Ceiling.exactOptional(),
});
export type Hypothesis = z.infer<typeof Hypothesis>;

/**
 * What a reading came to. To know that one does not know, and to see that there is nothing to do, are conclusions as
 * good as a cause.
 */
export const Conclusion = z.strictObject({
  kind: z.enum(['cause-named', 'inconclusive', 'nothing-to-do']),
  sentence: z.string().min(1).max(1_000),
});
export type Conclusion = z.infer<typeof Conclusion>;
