import { z } from 'zod';
import { EpochMs } from './ids.ts';
import { MetricKind } from './kinds.ts';

/** Which series: two sources may tell of the same metric of the same service. */
export const SeriesRef = z.strictObject({
  /** The connection it comes from. */
  source: z.string().max(200),
  service: z.string().max(500),
  name: z.string().max(500),
  labels: z.record(z.string().max(200), z.string().max(1_000)),
});
export type SeriesRef = z.infer<typeof SeriesRef>;

export const Sampled = z.strictObject({ atMs: EpochMs, value: z.number() });
export type Sampled = z.infer<typeof Sampled>;

/** One series without its samples but the newest. */
export const Signal = SeriesRef.extend({
  kind: MetricKind,
  unit: z.string(),
  stepMs: z.number().int().positive(),
  latest: Sampled.nullable(),
});
export type Signal = z.infer<typeof Signal>;

/** A source that did not answer when it was last asked; what it gave before is still shown. */
export const SilentSource = z.strictObject({ name: z.string(), sentence: z.string(), sinceMs: EpochMs });
export type SilentSource = z.infer<typeof SilentSource>;

/** Every signal of an incident, and when it was read. */
export const MetricsOverview = z.strictObject({
  /** Null before the first source answered. */
  readMs: EpochMs.nullable(),
  window: z.strictObject({ fromMs: EpochMs, toMs: EpochMs }),
  signals: z.array(Signal),
  silent: z.array(SilentSource),
});
export type MetricsOverview = z.infer<typeof MetricsOverview>;

/** The range in which nearly all samples lay while all was well, as the detection of anomalies measures it. */
export const NormalBand = z.strictObject({ low: z.number(), middle: z.number(), high: z.number() });
export type NormalBand = z.infer<typeof NormalBand>;

/** What a series is set against: the same hours of another day. */
export const Earlier = z.enum(['yesterday', 'last-week']);
export type Earlier = z.infer<typeof Earlier>;

/**
 * The samples of a series that a chart so wide can show. Sample `places[i]` of the evenly spaced series has `values[i]`;
 * null where there was none, so that a gap stays one. INVARIANT: the highest and the lowest of what was left out beside
 * each other are there.
 */
export const ChartPoints = z.strictObject({
  fromMs: z.number().int(),
  stepMs: z.number().int().positive(),
  places: z.array(z.number().int().nonnegative()),
  values: z.array(z.number().nullable()),
});
export type ChartPoints = z.infer<typeof ChartPoints>;

/** Null where the source has nothing of it for this time. */
export const Chart = z.strictObject({ points: ChartPoints.nullable(), normal: NormalBand.nullable() });
export type Chart = z.infer<typeof Chart>;

export const ChartsWanted = z
  .strictObject({
    charts: z.array(SeriesRef).max(200),
    fromMs: EpochMs,
    toMs: EpochMs,
    /** How many pixels wide the charts are. */
    pixels: z.number().int().min(10).max(4_000),
    against: Earlier.nullable(),
  })
  .refine(({ fromMs, toMs }) => fromMs <= toMs, { error: 'it ends before it begins', path: ['toMs'] });
export type ChartsWanted = z.infer<typeof ChartsWanted>;

/** One text for one series, however its labels are ordered. */
export const seriesKey = ({ source, service, name, labels }: SeriesRef): string =>
  JSON.stringify([source, service, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
