import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Window } from '../samples.ts';
import type { CloudWatchApi } from './api.ts';
import { type Scan, scans } from './conventions.ts';
import { alignedTo, type Found, periodMs, seriesIn } from './metric-data.ts';
import { plainName } from './service-of.ts';

/** One request holds one Metrics Insights query, and they cost by what they look at. */
const KEPT_MS = 60_000;

type Wish = Window & { stepMs: number; kinds?: readonly MetricSeries['kind'][] };

/**
 * What the services of AWS report of themselves, found by the engine (Metrics Insights): for each convention the hundred
 * highest groups alone come over the wire, however many metrics there are.
 */
export function wideScan(api: CloudWatchApi, nowMs: () => number) {
  const kept = new Map<string, { atMs: number; series: Promise<MetricSeries[]> }>();

  return function serviceMetrics(wish: Wish, signal: AbortSignal): Promise<MetricSeries[]> {
    const key = JSON.stringify([wish.fromMs, wish.stepMs, wish.kinds ?? null]);
    const known = kept.get(key);
    if (known && nowMs() - known.atMs < KEPT_MS) return known.series;
    const series = scanned(api, wish, nowMs(), signal);
    for (const [old, { atMs }] of kept) if (nowMs() - atMs >= KEPT_MS) kept.delete(old);
    kept.set(key, { atMs: nowMs(), series });
    // An answer is kept, a failure is not.
    series.catch(() => kept.delete(key));
    return series;
  };
}

async function scanned(
  api: CloudWatchApi,
  wish: Wish,
  nowMs: number,
  signal: AbortSignal,
): Promise<MetricSeries[]> {
  const stepMs = periodMs(wish.stepMs, wish.fromMs, nowMs);
  const window = alignedTo(stepMs, wish);
  const wanted = scans.filter(({ kind }) => wish.kinds?.includes(kind) ?? true);
  const queries = new Set(
    wanted.flatMap(({ query, per }) => (typeof per === 'string' ? [query, per] : [query])),
  );
  const answers = new Map(
    await Promise.all(
      [...queries].map(async (query): Promise<[string, Found[]]> => {
        const asked = [{ Id: 'q1', Expression: query, Period: stepMs / 1_000 }];
        return [query, seriesIn(await api.metricData(asked, window, signal), `CloudWatch in ${api.region}`)];
      }),
    ),
  );
  const grid = { ...window, stepMs };
  return wanted.flatMap((one) =>
    (answers.get(one.query) ?? []).flatMap((found) => seriesOf(one, found, answers, grid)),
  );
}

function seriesOf(
  { name, kind, unit, per }: Scan,
  { label, points }: Found,
  answers: ReadonlyMap<string, readonly Found[]>,
  { fromMs, toMs, stepMs }: Window & { stepMs: number },
): MetricSeries[] {
  if (label === '' || label === 'Other') return [];
  const whole =
    typeof per === 'string' ? answers.get(per)?.find((other) => other.label === label) : undefined;
  const divisorAt = new Map(whole?.points.map(({ atMs, value }) => [atMs, value]));
  const values: (number | null)[] = Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, () => null);
  for (const { atMs, value } of points) {
    const index = (atMs - fromMs) / stepMs;
    if (!Number.isInteger(index) || index < 0 || index >= values.length) continue;
    const divisor = typeof per === 'string' ? (divisorAt.get(atMs) ?? 0) : (per ?? 1);
    // Of no requests no share failed; nobody knows what it would have been.
    values[index] = divisor === 0 ? null : value / divisor;
  }
  return [{ service: plainName(label), name, kind, unit, labels: {}, fromMs, stepMs, values }];
}
