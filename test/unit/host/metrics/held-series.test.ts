import { expect, it } from 'vitest';
import { heldAfter, type SourceAnswer, seriesByKey } from '../../../../electron/host/metrics/held-series.ts';
import { overviewOf } from '../../../../electron/host/metrics/overview-of.ts';
import { MetricsOverview, seriesKey } from '../../../../shared/vocabulary/chart.ts';
import type { MetricSeries } from '../../../../shared/vocabulary/metric.ts';

const series: MetricSeries = {
  service: 'payments',
  name: 'traffic',
  kind: 'traffic',
  unit: 'req/s',
  labels: { zone: 'a', version: '1' },
  fromMs: 1_000,
  stepMs: 10,
  values: [3, null, 4, Number.NaN, null],
};
const gives: SourceAnswer = { id: 'prom', name: 'Prometheus', ok: true, series: [series] };
const fails: SourceAnswer = { id: 'prom', name: 'Prometheus', ok: false, sentence: 'it is down' };
const window = { fromMs: 0, toMs: 2_000 };

it('keeps what a source gave before it fell silent, and says since when it is', () => {
  const given = heldAfter([], [gives], 5_000);
  const silent = heldAfter(heldAfter(given, [fails], 6_000), [fails], 7_000);
  const overview = MetricsOverview.parse(overviewOf(silent, window));
  expect(overview.readMs).toBe(5_000);
  expect(overview.signals).toMatchObject([{ source: 'prom', latest: { atMs: 1_020, value: 4 } }]);
  expect(overview.silent).toEqual([{ name: 'Prometheus', sentence: 'it is down', sinceMs: 6_000 }]);
  expect(overviewOf(heldAfter(silent, [gives], 8_000), window)).toMatchObject({ readMs: 8_000, silent: [] });
});

it('has nothing and was never read where no source ever answered', () => {
  expect(overviewOf(heldAfter([], [fails], 6_000), window)).toMatchObject({ readMs: null, signals: [] });
});

it('forgets a source that is not connected any more', () => {
  expect(heldAfter(heldAfter([], [gives], 5_000), [], 6_000)).toEqual([]);
});

it('finds a series however its labels are ordered, and not that of another source', () => {
  const held = heldAfter([], [gives], 5_000);
  const ref = { source: 'prom', service: 'payments', name: 'traffic', labels: { version: '1', zone: 'a' } };
  expect(seriesByKey(held).get(seriesKey(ref))).toBe(series);
  expect(seriesByKey(held).get(seriesKey({ ...ref, source: 'other' }))).toBeUndefined();
});
