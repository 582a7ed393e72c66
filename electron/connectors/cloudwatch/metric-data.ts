import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { CloudMetric } from '../inspection.ts';
import type { SampledSeries, Window } from '../samples.ts';
import type { CloudWatchApi } from './api.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Values are looked at one by one: the SDK lets NaN through, and whatever a proxy made of them. */
const Results = z.array(
  z.object({
    Id: z.string(),
    Label: z.string().nullish(),
    Timestamps: z.array(z.unknown()).nullish(),
    Values: z.array(z.unknown()).nullish(),
    StatusCode: z.string().nullish(),
  }),
);

export type Found = { id: string; label: string; points: SampledSeries['points'] };

/** Whole minutes, and as coarse as what CloudWatch still keeps of that time (15 days of minutes, 63 of five). */
export function periodMs(stepMs: number, fromMs: number, nowMs: number): number {
  const ageMs = nowMs - fromMs;
  const unit = ageMs > 63 * dayMs ? 60 * minuteMs : ageMs > 15 * dayMs ? 5 * minuteMs : minuteMs;
  return Math.max(1, Math.ceil(stepMs / unit)) * unit;
}

/** The same moment is the same step however often one asks. */
export const alignedTo = (stepMs: number, { fromMs, toMs }: Window): Window => ({
  fromMs: Math.floor(fromMs / stepMs) * stepMs,
  toMs: Math.ceil(toMs / stepMs) * stepMs,
});

/** One series per id and label, its pages put together, in time and without what is no number. */
export function seriesIn(results: unknown, system: string): Found[] {
  const parsed = Results.safeParse(results);
  if (!parsed.success)
    throw new Failure('bad_reply', `${system} sent metric data that cannot be read.`, parsed.error);
  const bad = parsed.data.find(
    ({ StatusCode }) => StatusCode === 'InternalError' || StatusCode === 'Forbidden',
  );
  if (bad)
    throw new Failure(
      bad.StatusCode === 'Forbidden' ? 'unauthorized' : 'unreachable',
      `${system} could not give part of the metric data (${bad.StatusCode}).`,
    );
  const found = new Map<string, Map<number, number>>();
  const ends = new Map<string, { id: string; label: string }>();
  /** The two bounds of a band come under one id and one label, in one page. */
  for (const { key, result } of keyed(parsed.data)) {
    const points = found.get(key) ?? new Map<number, number>();
    found.set(key, points);
    ends.set(key, { id: result.Id, label: result.Label ?? '' });
    for (const [index, at] of (result.Timestamps ?? []).entries()) {
      const value = result.Values?.[index];
      const atMs = at instanceof Date ? at.getTime() : Number.NaN;
      if (typeof value === 'number' && Number.isFinite(value) && Number.isFinite(atMs))
        points.set(atMs, value);
    }
  }
  return [...found].map(([key, points]) => ({
    ...(ends.get(key) ?? { id: '', label: '' }),
    points: [...points].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs),
  }));
}

function keyed(results: z.infer<typeof Results>) {
  let previous = '';
  let same = 0;
  return results.map((result) => {
    const name = JSON.stringify([result.Id, result.Label ?? '']);
    same = name === previous ? same + 1 : 0;
    previous = name;
    return { key: `${name}${result.Id === BAND ? same % 2 : ''}`, result };
  });
}

const BAND = 'band';

/** One metric and, where somebody trained a detector for it, the band in which it was expected. */
export async function readMetric(
  api: CloudWatchApi,
  { namespace, name, dimensions, statistic }: CloudMetric,
  window: Window & { stepMs: number },
  signal: AbortSignal,
): Promise<SampledSeries[]> {
  const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const stepMs = periodMs(window.stepMs, window.fromMs, Date.now());
  const metric = {
    Id: 'm1',
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: name, Dimensions: named },
      Period: stepMs / 1_000,
      Stat: statistic,
    },
  };
  const hasBand = await ifAllowed(() => api.hasBand({ namespace, name, dimensions: named }, signal));
  const band = { Id: BAND, Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' };
  const results = await api.metricData(
    hasBand ? [metric, band] : [metric],
    alignedTo(stepMs, window),
    signal,
  );
  const found = seriesIn(results, `CloudWatch in ${api.region}`);
  const labels = { ...dimensions, region: api.region, namespace, metric: name, statistic };
  const [one, other] = found.filter(({ id }) => id === BAND);
  const upper = one && other && meanOf(one) < meanOf(other) ? other : one;
  return found.map((series) => ({
    labels:
      series.id !== BAND
        ? labels
        : { ...labels, band: series === upper ? 'expected at most' : 'expected at least' },
    points: series.points,
  }));
}

const meanOf = ({ points }: Found): number =>
  points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length);

/** Bands need a right of their own; without it the metric is read all the same. */
async function ifAllowed(ask: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure && error.code === 'unauthorized') return false;
    throw error;
  }
}
