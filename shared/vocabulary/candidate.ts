import { z } from 'zod';
import { EpochMs } from './ids.ts';
import { ChangeKind, MetricKind } from './kinds.ts';

/** One named number of the score, with the sentence that explains it. */
export const Factor = z.strictObject({ name: z.string(), value: z.number(), sentence: z.string() });
export type Factor = z.infer<typeof Factor>;

const scored = {
  id: z.string(),
  score: z.number().min(0).max(1),
  factors: z.array(Factor),
  reasons: z.array(z.string()),
};

/** What a person made of a candidate: ruled out, with a reason, or kept in sight whatever its score. */
export const Judgement = z.discriminatedUnion('as', [
  z.strictObject({
    as: z.literal('dismissed'),
    person: z.string(),
    atMs: EpochMs,
    reason: z.string().min(1),
  }),
  z.strictObject({ as: z.literal('pinned'), person: z.string(), atMs: EpochMs }),
]);
export type Judgement = z.infer<typeof Judgement>;

/** A change or a service that could be the cause, with its score and the reasons in words. */
export const ChangeCandidate = z.strictObject({
  ...scored,
  kind: ChangeKind,
  service: z.string(),
  title: z.string(),
  atMs: EpochMs,
  judgement: Judgement.exactOptional(),
});
export type ChangeCandidate = z.infer<typeof ChangeCandidate>;

export const ServiceCandidate = z.strictObject(scored);
export type ServiceCandidate = z.infer<typeof ServiceCandidate>;

/** A series that left its normal, with when and how far. */
export const Anomaly = z.strictObject({
  service: z.string(),
  metric: z.string(),
  kind: MetricKind,
  labels: z.record(z.string(), z.string()).optional(),
  onsetMs: EpochMs,
  direction: z.enum(['up', 'down']),
  /** Robust standard deviations away from normal, sustained. */
  strength: z.number(),
  baseline: z.number(),
  observed: z.number(),
  sentence: z.string(),
});
export type Anomaly = z.infer<typeof Anomaly>;

/** Whether something was measured of a service as a whole, and not of one of its versions or pods. */
export const isOfWhole = ({ labels = {} }: { labels?: Record<string, string> | undefined }): boolean =>
  Object.keys(labels).length === 0;

export const Candidates = z.strictObject({
  atMs: EpochMs,
  onsetMs: EpochMs.nullable(),
  /** Within which it lies with nine in ten; absent where nothing tells. */
  onsetRange: z.strictObject({ fromMs: EpochMs, toMs: EpochMs }).exactOptional(),
  changes: z.array(ChangeCandidate),
  services: z.array(ServiceCandidate),
  anomalies: z.array(Anomaly),
  novelty: z.number().min(0).max(1),
  /** How many of the first changes deserve reading: the 4 of "41 → 4". */
  worthReading: z.number().int().nonnegative(),
  /** The sources of metrics where none of them answered: then nothing here rests on a measurement. */
  unmeasured: z.array(z.string()).min(1).exactOptional(),
});
export type Candidates = z.infer<typeof Candidates>;

/** Whether a ranking had anything to rank and to rank it by: what was not measured is neither new nor known. */
export const isJudged = (candidates: Candidates): boolean =>
  sawAnything(candidates) && candidates.unmeasured === undefined;

/** Whether a ranking had anything to rank: of what nobody has seen nothing can be said, neither that it is new. */
export const sawAnything = ({
  changes,
  services,
  anomalies,
}: { [part in 'changes' | 'services' | 'anomalies']: readonly unknown[] }): boolean =>
  changes.length + services.length + anomalies.length > 0;
