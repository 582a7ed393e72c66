import fc from 'fast-check';
import { expect, it } from 'vitest';
import { worthReading } from '../../../electron/correlation/worth-reading.ts';

const scored = (...scores: number[]) =>
  scores.map((score, index) => ({ id: `c${index}`, score, factors: [], reasons: [] }));

it.each([
  ['three at least, when each has a chance', [0.8, 0.02, 0.01, 0.01], 3],
  ['none that is shown as 0.00', [0.97, 0.01, 0.0049, 0.001], 2],
  ['the only one with a chance', [0.999, 0, 0], 1],
  ['one that is shown as 0.01, just', [0.9, 0.005, 0.005], 3],
  ['every one with a tenth of the best', [0.3, 0.2, 0.1, 0.1, 0.05, 0.02], 5],
  ['six at most', new Array(40).fill(0.02), 6],
  ['the first of many that are all unlikely', new Array(400).fill(0.002), 1],
  ['none of none', [], 0],
])('counts %s', (_what, scores, count) => expect(worthReading(scored(...scores))).toBe(count));

it('never counts more than six, more than there are, or after the first a score that is shown as nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (any) => {
      const scores = any.toSorted((a, b) => b - a);
      const count = worthReading(scored(...scores));
      expect(count).toBeLessThanOrEqual(Math.min(6, scores.length));
      expect(count).toBeGreaterThanOrEqual(Math.min(1, scores.length));
      for (const score of scores.slice(1, count)) expect(score.toFixed(2)).not.toBe('0.00');
    }),
  );
});
