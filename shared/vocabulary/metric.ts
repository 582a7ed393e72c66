import { z } from 'zod';
import { EpochMs } from './ids.ts';
import { MetricKind } from './kinds.ts';

/** One series over the incident's window, evenly spaced; `null` where there was no sample. */
export const MetricSeries = z.strictObject({
  service: z.string(),
  name: z.string(),
  kind: MetricKind,
  unit: z.string(),
  labels: z.record(z.string(), z.string()),
  fromMs: EpochMs,
  stepMs: z.number().int().positive(),
  values: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof MetricSeries>;
