import type { Chart, NormalBand } from '../../../shared/vocabulary/chart.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Window } from '../../connectors/source.ts';
import { thinOut } from './thin-out.ts';

/**
 * A series as it is drawn over a window on so many pixels; with one sample beyond each end, so that a line goes on to the
 * edge. `shiftMs` later than it was measured, to lie under another day.
 */
export function chartOf(
  series: MetricSeries | undefined,
  window: Window,
  { pixels, shiftMs, normal }: { pixels: number; shiftMs: number; normal: NormalBand | null },
): Chart {
  if (!series) return { points: null, normal: null };
  const { fromMs, stepMs, values } = series;
  const first = Math.max(0, Math.floor((window.fromMs - fromMs) / stepMs));
  const end = Math.min(values.length, Math.ceil((window.toMs - fromMs) / stepMs) + 1);
  const places = thinOut(values, { first, end }, pixels);
  return {
    points: {
      fromMs: fromMs + shiftMs,
      stepMs,
      places,
      values: places.map((at) => finite(values[at])),
    },
    normal,
  };
}

/** What is no number is no sample: neither a line to zero nor one out of sight. */
const finite = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;
