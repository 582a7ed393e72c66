import { expect, it } from 'vitest';
import { chartOf } from '../../../../electron/host/metrics/chart-of.ts';
import { Chart } from '../../../../shared/vocabulary/chart.ts';
import type { MetricSeries } from '../../../../shared/vocabulary/metric.ts';

const series = (values: (number | null)[]): MetricSeries => ({
  service: 'payments',
  name: 'error_rate',
  kind: 'error_rate',
  unit: 'ratio',
  labels: {},
  fromMs: 100_000,
  stepMs: 10_000,
  values,
});
const look = { pixels: 100, shiftMs: 0, normal: null };

it('holds one sample beyond each end, so that the line goes on to the edge', () => {
  const { points } = chartOf(series([0, 1, 2, 3, 4, 5]), { fromMs: 125_000, toMs: 135_000 }, look);
  expect(points?.places).toEqual([2, 3, 4]);
});

it('turns what is no number into no sample', () => {
  const { points } = chartOf(
    series([1, Number.NaN, Number.POSITIVE_INFINITY, null]),
    { fromMs: 0, toMs: 1e9 },
    look,
  );
  expect(points?.values).toEqual([1, null, null, null]);
});

it('lays another day under this one', () => {
  const { points } = chartOf(series([1, 2]), { fromMs: 0, toMs: 1e9 }, { ...look, shiftMs: 86_400_000 });
  expect(points?.fromMs).toBe(86_500_000);
});

it.each([
  ['before', 0, 50_000],
  ['after', 500_000, 600_000],
])('has no points %s what is held, and nothing of a series that is not', (_where, fromMs, toMs) => {
  expect(chartOf(series([1, 2]), { fromMs, toMs }, look).points?.places).toHaveLength(0);
  expect(Chart.parse(chartOf(undefined, { fromMs, toMs }, look))).toEqual({ points: null, normal: null });
});
