import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chanceOfBelow } from '../../../electron/proposals/rank-sum.ts';

it.each([
  // scipy 1.17: mannwhitneyu(after, before, alternative='less', method='asymptotic').pvalue
  [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.0060928901],
  [[1, 4, 8], [9, 12, 15], 0.040427996],
  [[0.1, 0.2, 0.2, 0.3], [0.2, 0.2, 0.4, 0.5, 0.6], 0.0796952034],
])('gives the chance that scipy gives for %j against %j', (after, before, chance) => {
  expect(chanceOfBelow(after, before)).toBeCloseTo(chance, 4);
});

const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

it('is a chance, and equal samples prove nothing', () => {
  fc.assert(
    fc.property(samples, samples, (after, before) => {
      const chance = chanceOfBelow(after, before);
      return chance >= 0 && chance <= 1;
    }),
  );
  expect(chanceOfBelow([1, 1, 1], [1, 1, 1, 1])).toBe(1);
  expect(chanceOfBelow([], [1])).toBe(1);
  expect(chanceOfBelow([1], [])).toBe(1);
});

it('cannot call a difference both ways', () => {
  fc.assert(
    fc.property(samples, samples, (after, before) => {
      return !(chanceOfBelow(after, before) < 0.05 && chanceOfBelow(before, after) < 0.05);
    }),
  );
});

it('is moved by one wild sample no more than by its rank', () => {
  const before = [5, 6, 7, 8, 9, 10];
  expect(chanceOfBelow([1, 2, 3, 4, 1e9], before)).toBeCloseTo(chanceOfBelow([1, 2, 3, 4, 11], before), 10);
});
