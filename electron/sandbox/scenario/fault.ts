import { z } from 'zod';
import { dnsLabel } from './topology.ts';

/**
 * What goes wrong in a scenario. Each kind is brought about by a change that leaves the trace such changes leave, or by
 * none; what it does to requests is its `effect`, or follows from the world (fewer pods, more load, a smaller pool).
 * Ranges are `[from, to]`: the seed draws.
 */
export const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'the first number must not be above the second');
export const positiveRange = range.refine(([low]) => low > 0, 'must be above 0');
const amountRange = range.refine(([low]) => low >= 0, 'must not be below 0');
const shareRange = range.refine(([low, high]) => low >= 0 && high < 1, 'must be within 0 and 1');
const percentRange = positiveRange.refine(([, high]) => high <= 100, 'must not be above 100');
export const countRange = range.refine(
  (both) => both.every(Number.isInteger) && both[0] >= 0,
  'must be whole numbers',
);

const EffectRange = z.strictObject({
  /** Own time of a request, as a multiple. */
  latencyFactor: positiveRange.default([1, 1]),
  /** Share of requests that fail. */
  errorShare: shareRange.default([0, 0]),
  /** CPU time of a request, as a multiple. */
  workFactor: positiveRange.default([1, 1]),
  /** Calls made for each request, as a multiple. */
  fanOutFactor: positiveRange.default([1, 1]),
  /** Share of what a pod needs to reach its memory limit that it keeps in an hour. */
  leakPerHour: amountRange.default([0, 0]),
  /** Cores that a pod burns on its node beside its requests, past its limit. */
  burnCores: amountRange.default([0, 0]),
});
export type EffectRange = z.infer<typeof EffectRange>;

const common = {
  /** How truth, helps and harms refer to it. */
  name: dnsLabel.default('fault'),
  /** The seed picks the guilty service; `culprit` is the one of the first fault, `other` that of the second. */
  service: z.strictObject({ oneOf: z.array(dnsLabel).min(1) }),
  /** When, before the moment from which an alert may be expected. */
  minutesBefore: range.default([0, 0]),
};
const withEffect = { effect: EffectRange.prefault({}), delaySeconds: amountRange.default([0, 0]) };

export const Fault = z.discriminatedUnion('kind', [
  /** A release; its effect is on the pods of that version only, once they are `delaySeconds` old. */
  z.strictObject({
    kind: z.literal('release'),
    ...common,
    ...withEffect,
    /** What the version before it does from then on: going back makes it worse. */
    previous: EffectRange.optional(),
  }),
  /** A flag is turned up to a percentage; its effect is on that share of requests. */
  z.strictObject({ kind: z.literal('flag'), ...common, ...withEffect, percent: percentRange }),
  /** A setting in the service's ConfigMap, which it reads while it runs. */
  z.strictObject({
    kind: z.literal('config'),
    ...common,
    ...withEffect,
    setting: z.string().min(1),
    value: z.string(),
    /** What the version before the running one does while the setting is in place. */
    previous: EffectRange.optional(),
  }),
  /** An entry's weight in the world's traffic goes up by this factor. */
  z.strictObject({ kind: z.literal('traffic'), ...common, factor: positiveRange }),
  /** Somebody leaves it this share of its replicas. */
  z.strictObject({ kind: z.literal('scale'), ...common, share: positiveRange }),
  /** An outside provider fails, and takes only this share of what it usually takes. No change of ours. */
  z.strictObject({ kind: z.literal('provider'), ...common, ...withEffect, quotaShare: positiveRange }),
  /** More requests from outside for a while, as on every such day. No change, and no harm. */
  z.strictObject({ kind: z.literal('surge'), ...common, factor: positiveRange, minutes: positiveRange }),
  /** A backup of a database: slower while it runs, over by itself, begun anew when a pod of it restarts. */
  z.strictObject({ kind: z.literal('backup'), ...common, ...withEffect, minutes: positiveRange }),
]);
export type Fault = z.infer<typeof Fault>;
export type FaultKind = Fault['kind'];
