import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Convention } from '../../../../electron/connectors/prometheus/conventions/convention.ts';
import { firstOfEach, gridOf, seriesBy } from '../../../../electron/connectors/prometheus/service-metrics.ts';
import { MetricSeries } from '../../../../shared/vocabulary/metric.ts';

const convention = (more: Partial<Convention> = {}): Convention => ({
  metrics: ['x'],
  name: 'latency_p99',
  kind: 'latency',
  unit: 's',
  query: 'x',
  service: 'svc',
  ...more,
});
const grid = gridOf({ fromMs: 100_000, toMs: 160_000, stepMs: 15_000 });

it('aligns its steps to the epoch, so that the same moment is always the same step', () => {
  expect(grid).toEqual({ fromMs: 90_000, toMs: 150_000, stepMs: 15_000 });
});

it('is evenly spaced with nulls where samples are missing, whatever comes', () => {
  const point = fc.record({
    atMs: fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.double()),
    value: fc.double(),
  });
  const sampled = fc.record({
    labels: fc.dictionary(fc.constantFrom('svc', 'version'), fc.string({ unit: 'grapheme' })),
    points: fc.array(point, { maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(sampled, { maxLength: 8 }), (series) => {
      const made = firstOfEach([
        seriesBy(convention({ labels: { version: 'version' } }), series, grid),
        seriesBy(convention(), series, grid),
      ]);
      for (const one of made) {
        expect(MetricSeries.parse(one)).toEqual(one);
        expect(one.values).toHaveLength(5);
      }
      const identities = made.map(({ service, name, labels }) => JSON.stringify([service, name, labels]));
      expect(new Set(identities).size).toBe(identities.length);
    }),
  );
});

it('lets the upper convention speak where two tell the same', () => {
  const at = (value: number) => [{ labels: { svc: 'a' }, points: [{ atMs: 90_000, value }] }];
  const made = firstOfEach([seriesBy(convention(), at(1), grid), seriesBy(convention(), at(9), grid)]);
  expect(made.map(({ values }) => values[0])).toEqual([1]);
});

it.each([
  ['the worst off', 'highest' as const, 0.9],
  ['the mean', 'mean' as const, 0.6],
])('makes one workload of its pods: %s', (_case, ofPods, expected) => {
  const pod = (name: string, value: number) => ({ labels: { pod: name }, points: [{ atMs: 90_000, value }] });
  const series = [pod('web-6d9f7c5b8d-x2x7q', 0.9), pod('web-6d9f7c5b8d-kk4zt', 0.3), pod('db-0', 0.1)];
  const made = seriesBy(convention({ service: 'pod', ofPods }), series, grid);
  expect(made.map(({ service }) => service)).toEqual(['web', 'db']);
  expect(made[0]?.values[0]).toBeCloseTo(expected);
});

it('passes over what nobody can name', () => {
  const of = (svc: string) => ({ labels: { svc }, points: [{ atMs: 90_000, value: 1 }] });
  const series = [of('unknown'), of(''), { labels: {}, points: [] }];
  expect(seriesBy(convention(), series, grid)).toEqual([]);
});
