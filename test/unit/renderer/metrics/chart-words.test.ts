import { describe, expect, it } from 'vitest';
import { chartSentence, isOld, normalWords, rangeWords } from '../../../../renderer/metrics/chart-words.ts';
import type { ShownSignal } from '../../../../renderer/metrics/signals-shown.ts';

const AT = new Date(2026, 2, 1, 10, 30, 0).getTime();
const signal: ShownSignal = {
  source: 'prom',
  service: 'payments',
  name: 'error_rate',
  labels: { version: '1.41' },
  kind: 'error_rate',
  unit: 'ratio',
  stepMs: 15_000,
  latest: { atMs: AT, value: 0.18 },
  key: 'k',
  anomaly: null,
};

it.each([
  [0.002, 0.004, 'ratio', '0.2–0.4 %'],
  [0.2, 0.4, 's', '200–400 ms'],
  [0.2, 1.4, 's', '200 ms–1.4 s'],
  [3, 3, '', '3'],
  [0, 12, 'req/s', 'up to 12 req/s'],
  [0.000002, 0.004, 'ratio', 'up to 0.4 %'],
])('a range from %d to %d %s reads %s… as %s', (low, high, unit, words) => {
  expect(rangeWords(low, high, unit)).toBe(words);
});

describe('the sentence of a chart', () => {
  it('says what a look at it says', () => {
    const points = { fromMs: AT - 30_000, stepMs: 15_000, places: [0, 1, 2], values: [0.002, null, 0.18] };
    const normal = { low: 0.001, middle: 0.002, high: 0.003 };
    const anomaly = {
      service: 'payments',
      metric: 'error_rate',
      kind: 'error_rate' as const,
      onsetMs: AT - 15_000,
      direction: 'up' as const,
      strength: 40,
      baseline: 0.002,
      observed: 0.18,
      sentence: '',
    };
    expect(chartSentence({ ...signal, anomaly }, { points, normal })).toBe(
      'error_rate of payments (version=1.41): last 18 % at 10:30:00, normal: 0.1–0.3 %, rose at 10:29:45, highest 18 % at 10:30:00, lowest 0.2 % at 10:29:30, with gaps',
    );
  });

  it('says that there is nothing to see', () => {
    const points = { fromMs: 0, stepMs: 1, places: [0], values: [null] };
    expect(chartSentence({ ...signal, latest: null }, { points, normal: null })).toBe(
      'error_rate of payments (version=1.41): no sample, no sample in this window',
    );
    expect(normalWords(null, 's')).toBeNull();
  });
});

it('a sample is old when the next ones should have come', () => {
  const latest = { atMs: AT, value: 1 };
  expect([isOld(latest, 15_000, AT + 70_000), isOld(latest, 15_000, AT + 80_000)]).toEqual([false, true]);
});
