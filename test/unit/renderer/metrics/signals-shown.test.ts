import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../../renderer/metrics/chart-lines.ts';
import { signalsShown } from '../../../../renderer/metrics/signals-shown.ts';
import type { Anomaly } from '../../../../shared/vocabulary/candidate.ts';
import type { Signal } from '../../../../shared/vocabulary/chart.ts';

const signal = (service: string, name: string, over: Partial<Signal> = {}): Signal => ({
  source: 'prom',
  service,
  name,
  labels: {},
  kind: 'latency',
  unit: 's',
  stepMs: 15_000,
  latest: null,
  ...over,
});
const off = (
  service: string,
  metric: string,
  strength: number,
  labels?: Record<string, string>,
): Anomaly => ({
  service,
  metric,
  kind: 'latency',
  ...(labels ? { labels } : {}),
  onsetMs: 0,
  direction: 'up',
  strength,
  baseline: 1,
  observed: 2,
  sentence: '',
});
const all = [
  signal('cart', 'latency_p99'),
  signal('payments', 'latency_p99'),
  signal('payments', 'error_rate', { kind: 'error_rate' }),
  signal('payments', 'error_rate', { kind: 'error_rate', labels: { version: '1.41' } }),
  signal('payments', 'traffic', { kind: 'traffic' }),
];
const anomalies = [off('cart', 'latency_p99', 5), off('payments', 'error_rate', 40, { version: '1.41' })];
const filter = { text: '', onlyOff: true, expanded: new Set<string>() };
const namesIn = (found: ReturnType<typeof signalsShown>) =>
  found.rows.map(({ service, signals }) => [service, ...signals.map(({ name }) => name)]);

describe('the signals that are shown', () => {
  it('are those that are off, the strongest service first, with the number of the others', () => {
    const found = signalsShown(all, anomalies, filter);
    expect(namesIn(found)).toEqual([
      ['payments', 'error_rate'],
      ['cart', 'latency_p99'],
    ]);
    expect(found.rows[0]).toMatchObject({ off: 1, hidden: 3, signals: [{ labels: { version: '1.41' } }] });
    expect(found).toMatchObject({ shown: 2, off: 2, all: 5 });
  });

  it('are all of a service that was expanded, in reading order, wholes before cohorts', () => {
    const found = signalsShown(all, anomalies, { ...filter, expanded: new Set(['payments']) });
    expect(namesIn(found)[0]).toEqual(['payments', 'traffic', 'error_rate', 'latency_p99', 'error_rate']);
  });

  it('are all where nothing is off', () => {
    expect(signalsShown(all, [], filter)).toMatchObject({ shown: 5, off: 0, all: 5 });
  });

  it('fit every word of the filter, in the name of the service, the signal or a label', () => {
    const found = (text: string) => signalsShown(all, anomalies, { ...filter, onlyOff: false, text }).shown;
    expect([found('PAY error'), found('version=1.41'), found('cart error')]).toEqual([2, 1, 0]);
  });

  it('stand each on one line of the list, whatever fits beside each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.constantFrom('a', 'b', 'c')),
        (columns, services) => {
          const signals = services.map((service, nth) => signal(service, `signal ${nth}`));
          const { rows } = signalsShown(signals, [], filter);
          const lines = linesOf(rows, columns);
          const onLines = lines.flatMap((line) => (line.kind === 'charts' ? [line.signals] : []));
          expect(onLines.flat()).toEqual(rows.flatMap((row) => row.signals));
          expect(onLines.flat()).toHaveLength(signals.length);
          for (const line of onLines) expect(line.length).toBeLessThanOrEqual(columns);
          expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
        },
      ),
    );
  });
});
