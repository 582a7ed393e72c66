import type { MetricsOverview, Sampled } from '../../../shared/vocabulary/chart.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Window } from '../../connectors/source.ts';
import { type HeldSource, refOf } from './held-series.ts';

/** Every signal that is held, with its newest sample, and the sources that are silent. */
export function overviewOf(held: readonly HeldSource[], window: Window): MetricsOverview {
  const read = held.flatMap(({ readMs }) => readMs ?? []);
  return {
    readMs: read.length === 0 ? null : Math.max(...read),
    window,
    signals: held.flatMap(({ id, series }) =>
      series.map((one) => ({
        ...refOf(id, one),
        kind: one.kind,
        unit: one.unit,
        stepMs: one.stepMs,
        latest: latestOf(one),
      })),
    ),
    silent: held.flatMap(({ name, silent }) => (silent ? [{ name, ...silent }] : [])),
  };
}

function latestOf({ fromMs, stepMs, values }: MetricSeries): Sampled | null {
  const at = values.findLastIndex((value) => value !== null && Number.isFinite(value));
  const value = values[at];
  return value === null || value === undefined ? null : { atMs: fromMs + at * stepMs, value };
}
