import { z } from 'zod';
import { EpochMs, HypothesisId, IncidentId } from './ids.ts';

/** A sentence with the facts it rests on: keys of timeline events, or ids of recorded reads. */
export const Evidence = z.strictObject({
  sentence: z.string().max(1_000),
  events: z.array(z.string()),
  reads: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

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
});
export type Hypothesis = z.infer<typeof Hypothesis>;
