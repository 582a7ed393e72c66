import { z } from 'zod';

/** What a metric measures; it decides in which direction a deviation is bad. */
export const MetricKind = z.enum(['latency', 'error_rate', 'traffic', 'saturation', 'availability', 'other']);
export type MetricKind = z.infer<typeof MetricKind>;

/** What was changed. */
export const ChangeKind = z.enum(['deploy', 'flag', 'config', 'traffic', 'scale', 'infrastructure']);
export type ChangeKind = z.infer<typeof ChangeKind>;
