import { z } from 'zod';
import { EpochMs } from './ids.ts';
import { ChangeKind } from './kinds.ts';

/** A change of a case file with its place in the ranking. */
export const RankedChange = z.strictObject({
  id: z.string(),
  kind: ChangeKind,
  service: z.string(),
  title: z.string(),
  atMs: EpochMs,
  score: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
export type RankedChange = z.infer<typeof RankedChange>;

/** What a case file comes to, as a screen shows it: its first candidates, and how many there were. */
export const RankedCase = z.strictObject({
  name: z.string(),
  fromMs: EpochMs,
  toMs: EpochMs,
  onsetMs: EpochMs.nullable(),
  /** Probability that the cause is not among the candidates. */
  novelty: z.number().min(0).max(1),
  changes: z.array(RankedChange),
  /** Of all changes of the file; `changes` holds the first of them. */
  changeCount: z.number().int().nonnegative(),
  worthReading: z.number().int().nonnegative(),
  services: z.array(
    z.strictObject({ id: z.string(), score: z.number().min(0).max(1), reasons: z.array(z.string()) }),
  ),
  serviceCount: z.number().int().nonnegative(),
});
export type RankedCase = z.infer<typeof RankedCase>;
