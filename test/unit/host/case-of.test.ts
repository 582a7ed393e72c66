import { expect, it } from 'vitest';
import { caseOf } from '../../../electron/host/case-of.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';

const series = (service: string, labels: Record<string, string> = {}): MetricSeries => ({
  service,
  name: 'saturation',
  kind: 'saturation',
  unit: 'ratio',
  labels,
  fromMs: 0,
  stepMs: 15_000,
  values: [0.5, null],
});

it('leaves machines out of what is ranked, and nothing else', () => {
  const input = caseOf({
    window: { fromMs: 0, toMs: 60_000 },
    events: [],
    topology: { services: [], calls: [] },
    series: [
      series('checkout'),
      series('checkout', { node: 'worker-1' }),
      series('worker-1', { node: 'worker-1' }),
    ],
  });
  expect(input.services.map(({ id }) => id)).toEqual(['checkout']);
  expect(input.metrics.map(({ service, labels }) => [service, labels])).toEqual([
    ['checkout', {}],
    ['checkout', { node: 'worker-1' }],
  ]);
});
