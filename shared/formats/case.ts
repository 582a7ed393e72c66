import { z } from 'zod';
import { ChangeKind, MetricKind } from '../vocabulary/kinds.ts';

/**
 * The case file, `countersign.case/1`: what `rank` reads and what any exporter can write (documented in the README).
 * Unknown members are passed over, so that an exporter may add its own.
 */
export const Instant = z.iso.datetime({ offset: true });
const Labels = z.record(z.string(), z.string());

export const CaseMetric = z.object({
  service: z.string().min(1),
  name: z.string().min(1),
  kind: MetricKind,
  unit: z.string().optional(),
  from: Instant,
  stepSeconds: z.number().positive(),
  /** One value a step from `from` on; `null` where there was no sample. */
  values: z.array(z.number().nullable()),
  labels: Labels.optional(),
});
/** What was sampled, one a step. In a typed array, as a file is read into, NaN is where there was no sample. */
export type Samples = readonly (number | null)[] | Float64Array;
export type CaseMetric = Omit<z.infer<typeof CaseMetric>, 'values'> & { values: Samples };

export const CaseChange = z.object({
  id: z.string().min(1),
  kind: ChangeKind,
  service: z.string().min(1),
  at: Instant,
  title: z.string(),
  labels: Labels.optional(),
  /** Fields that it changed; null where there was, or is, none. */
  diff: z
    .array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .optional(),
});
export type CaseChange = z.infer<typeof CaseChange>;

export const CaseService = z.object({
  id: z.string().min(1),
  tier: z.number().int().optional(),
  /** The machines that its pods run on. */
  nodes: z.array(z.string()).optional(),
});
export const CaseCall = z.object({ from: z.string(), to: z.string() });

export const CaseFile = z.object({
  format: z.literal('countersign.case/1'),
  window: z.object({ from: Instant, to: Instant }),
  services: z.array(CaseService),
  calls: z.array(CaseCall).optional(),
  metrics: z.array(CaseMetric),
  changes: z.array(CaseChange),
});
export type CaseFile = Omit<z.infer<typeof CaseFile>, 'metrics'> & { metrics: CaseMetric[] };

/** What really happened in a case that was made or recorded for evaluation. INVARIANT: no ranking reads it. */
export const Truth = z.object({
  /** The changes behind the trouble: none when it came without one. */
  changes: z.array(z.string()),
  services: z.array(z.string()),
  onset: Instant,
  alert: z.object({ service: z.string(), metric: z.string(), at: Instant }).optional(),
  /** What kind of thing each cause is and what it did, in the words of whoever made the case. */
  origins: z.array(z.object({ origin: z.string(), effect: z.string() })).optional(),
});
export type Truth = z.infer<typeof Truth>;

export const LabelledCase = CaseFile.extend({ truth: Truth });
export type LabelledCase = CaseFile & { truth: Truth };

/** A change or a service with its score and the reasons in words, as `rank` answers. */
export const Ranked = z.object({
  id: z.string(),
  score: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
export type Ranked = z.infer<typeof Ranked>;

export const Ranking = z.object({
  /** Estimated start of the trouble, or null when nothing credible was found. */
  onset: Instant.nullable(),
  changes: z.array(Ranked),
  services: z.array(Ranked),
  /** Probability that the cause is not among the candidates. */
  novelty: z.number().min(0).max(1),
});
export type Ranking = z.infer<typeof Ranking>;
