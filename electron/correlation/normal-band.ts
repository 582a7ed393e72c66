import type { CaseMetric } from '../../shared/formats/case.ts';
import type { NormalBand } from '../../shared/vocabulary/chart.ts';
import { normalBefore } from './deviation.ts';
import { seriesOf } from './series.ts';

/** So many robust standard deviations to either side: about 19 of 20 samples lie within while all is well. */
const SIGMAS = 2;

/**
 * What the detection takes for normal before a time, in the metric's own unit: the median, and how far single samples stray
 * from it, or the sustained level where that strays further. Null where there are too few samples to tell.
 */
export function normalBand(metric: CaseMetric, untilMs: number): NormalBand | null {
  const series = seriesOf(metric);
  const normal = normalBefore(series, untilMs);
  if (!normal) return null;
  const spread = SIGMAS * Math.max(normal.noise, normal.strays);
  // The scale of a share is a root: below 0 it would fold back.
  const least = metric.kind === 'error_rate' || metric.kind === 'availability' ? 0 : Number.NEGATIVE_INFINITY;
  const ends = [Math.max(least, normal.level - spread), normal.level + spread].map((level) =>
    series.inUnit(level),
  );
  return { low: Math.min(...ends), middle: series.inUnit(normal.level), high: Math.max(...ends) };
}
