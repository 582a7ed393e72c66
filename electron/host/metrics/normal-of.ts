import type { NormalBand } from '../../../shared/vocabulary/chart.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { normalBand } from '../../correlation/normal-band.ts';

const known = new WeakMap<MetricSeries, { untilMs: number; band: NormalBand | null }>();

/** What was normal of a series before the onset, or all along without one; worked out once for what was read. */
export function normalOf(series: MetricSeries, onsetMs: number | null): NormalBand | null {
  const untilMs = onsetMs ?? Number.POSITIVE_INFINITY;
  const found = known.get(series);
  if (found?.untilMs === untilMs) return found.band;
  const { fromMs, stepMs, ...metric } = series;
  const from = new Date(fromMs).toISOString();
  const band = normalBand({ ...metric, from, stepSeconds: stepMs / 1000 }, untilMs);
  known.set(series, { untilMs, band });
  return band;
}
