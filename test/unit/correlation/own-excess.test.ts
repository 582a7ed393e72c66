import { describe, expect, it } from 'vitest';
import { caseSigns } from '../../../electron/correlation/case-signs.ts';
import type { Channel } from '../../../electron/correlation/excess.ts';
import { randomOf } from '../../../electron/sandbox/random.ts';
import type { CaseFile, CaseMetric } from '../../../shared/formats/case.ts';
import { at, caseWith } from '../../fixtures/case-builder.ts';

const MINUTES = 240;
const BEGINS = 200;

type Course = (minute: number) => number;
type Service = { traffic: Course; latency: Course; errors: Course; cpu: Course; memory: Course };

const swing: Course = (minute) => 1 + 0.2 * Math.sin(minute / 230) + 0.06 * Math.sin(minute / 4);
const since =
  (size: number): Course =>
  (minute) =>
    minute >= BEGINS ? size : 0;

/** Two callers over one callee; what each shows follows from the callee and the load, as in a real system. */
function world(
  changed: Partial<Record<'web' | 'app' | 'store', Partial<Record<keyof Service | 'calls', Course>>>>,
) {
  const of = (id: 'web' | 'app' | 'store', key: keyof Service | 'calls'): Course =>
    changed[id]?.[key] ?? (() => 0);
  const web: Course = (m) => 100 * swing(m) * (1 + of('web', 'traffic')(m));
  const app: Course = (m) => web(m) * 0.8 * (1 + of('web', 'calls')(m));
  const store: Course = (m) => app(m) * 0.5 * (1 + of('app', 'calls')(m));
  const storeLatency: Course = (m) => 0.02 * (1 + of('store', 'latency')(m)) * (1 + 0.3 * (swing(m) - 1));
  const appLatency: Course = (m) =>
    0.03 * (1 + of('app', 'latency')(m)) + 0.4 * (1 + of('app', 'calls')(m)) * storeLatency(m);
  const storeErrors: Course = (m) => 0.002 + of('store', 'errors')(m);
  const appErrors: Course = (m) => 0.002 + of('app', 'errors')(m) + 0.4 * storeErrors(m);
  const services: Record<string, Service> = {
    web: {
      traffic: web,
      latency: (m) => 0.04 * (1 + of('web', 'latency')(m)) + 0.6 * appLatency(m),
      errors: (m) => 0.001 + of('web', 'errors')(m) + 0.5 * appErrors(m),
      cpu: (m) => (web(m) / 250) * (1 + of('web', 'cpu')(m)),
      memory: (m) => 0.5 + of('web', 'memory')(m),
    },
    app: {
      traffic: app,
      latency: appLatency,
      errors: appErrors,
      cpu: (m) => (app(m) / 200) * (1 + of('app', 'cpu')(m)),
      memory: (m) => 0.5 + of('app', 'memory')(m),
    },
    store: {
      traffic: store,
      latency: storeLatency,
      errors: storeErrors,
      cpu: (m) => (store(m) / 100) * (1 + of('store', 'cpu')(m)),
      memory: (m) => 0.5 + of('store', 'memory')(m),
    },
  };
  const metrics = Object.entries(services).flatMap(([service, courses]) =>
    kinds.map(({ key, kind, unit, noise }): CaseMetric => {
      const random = randomOf(7, `${service} ${key}`);
      const values = Array.from({ length: MINUTES }, (_, minute) =>
        Math.max(0, courses[key](minute) * (1 + noise * (random.between(-1, 1) + random.between(-1, 1)))),
      );
      return { service, name: key, kind, unit, from: at(0), stepSeconds: 60, values };
    }),
  );
  return caseWith(
    {
      services: Object.keys(services).map((id) => ({ id })),
      calls: [
        { from: 'web', to: 'app' },
        { from: 'app', to: 'store' },
      ],
      metrics,
    },
    MINUTES,
  );
}

const kinds = [
  { key: 'traffic', kind: 'traffic', unit: '1/s', noise: 0.02 },
  { key: 'latency', kind: 'latency', unit: 's', noise: 0.04 },
  { key: 'errors', kind: 'error_rate', unit: 'ratio', noise: 0.1 },
  { key: 'cpu', kind: 'saturation', unit: 'ratio', noise: 0.04 },
  { key: 'memory', kind: 'saturation', unit: 'ratio', noise: 0.01 },
] as const;

const excessIn = (input: CaseFile, service: string, channel: Channel) =>
  caseSigns(input)
    ?.services.get(service)
    ?.excesses.find((one) => one.channel === channel)?.strength ?? 0;

describe('what a service shows by itself', () => {
  it.each([
    ['slower at the callee', { store: { latency: since(2) } }, 'latency', 'store', ['app', 'web']],
    ['slower in the middle', { app: { latency: since(2) } }, 'latency', 'app', ['store', 'web']],
    ['failing at the callee', { store: { errors: since(0.05) } }, 'errors', 'store', ['app', 'web']],
    ['failing at the entry', { web: { errors: since(0.05) } }, 'errors', 'web', ['app', 'store']],
    [
      'more work for each request',
      { app: { cpu: since(0.6), latency: since(1) } },
      'work',
      'app',
      ['web', 'store'],
    ],
    ['more calls for each request', { app: { calls: since(0.8) } }, 'calls', 'app', ['web']],
    [
      'more requests from outside',
      { web: { traffic: since(0.6), latency: since(0.6) } },
      'demand',
      'web',
      ['app', 'store'],
    ],
  ] as const)('%s', (_name, changed, channel, guilty, innocent) => {
    const input = world(changed);
    const own = excessIn(input, guilty, channel);
    expect(own).toBeGreaterThan(4);
    for (const other of innocent) expect(excessIn(input, other, channel)).toBeLessThan(own / 2);
  });

  it('is explained by load alone where traffic doubles: nothing works harder for each request', () => {
    const input = world({ web: { traffic: since(0.6), latency: since(0.6) } });
    for (const service of ['web', 'app', 'store']) expect(excessIn(input, service, 'work')).toBeLessThan(3);
  });

  it('looks through a service that nothing is measured of', () => {
    const input = world({ store: { latency: since(3) } });
    const without = { ...input, metrics: input.metrics.filter(({ service }) => service !== 'app') };
    expect(excessIn(without, 'store', 'latency')).toBeGreaterThan(4);
    expect(excessIn(without, 'web', 'latency')).toBeLessThan(excessIn(without, 'store', 'latency') / 2);
  });
});
