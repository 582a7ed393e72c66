import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Surge, surgeAt, wanderer, wave } from '../../../electron/sandbox/world/load.ts';

const dayMs = 86_400_000;
const seeds = fc.integer();

it('waves around one, by day and by week', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const at = wave(seed, 0);
      const hours = Array.from({ length: 24 * 7 }, (_, hour) => at(hour * 3_600_000));
      const mean = hours.reduce((total, value) => total + value, 0) / hours.length;
      expect(mean).toBeCloseTo(1, 2);
      for (const value of hours) {
        expect(value).toBeGreaterThan(0.75);
        expect(value).toBeLessThan(1.25);
      }
      expect(Math.max(...hours) - Math.min(...hours)).toBeGreaterThan(0.3);
      expect(at(7 * dayMs)).toBeCloseTo(at(0), 9);
      expect(
        Math.max(...hours.map((value, hour) => Math.abs(value - (hours[hour - 1] ?? value)))),
      ).toBeLessThan(0.07);
    }),
    { numRuns: 40 },
  );
});

it('counts from the start of the drill, not from the clock', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: 0, max: 2e12 }),
      fc.integer({ min: 0, max: dayMs }),
      (seed, startMs, ms) => {
        expect(wave(seed, startMs)(startMs + ms)).toBe(wave(seed, 0)(ms));
      },
    ),
  );
});

it('wanders around one, slowly, otherwise for each name, and the same for the same seed', () => {
  const walk = (seed: number, name: string) => {
    const at = wanderer(seed, name);
    return Array.from({ length: 4_000 }, (_, step) => at(step, 5));
  };
  const one = walk(3, 'cart');
  expect(walk(3, 'cart')).toEqual(one);
  expect(walk(3, 'pricing')).not.toEqual(one);
  expect(walk(4, 'cart')).not.toEqual(one);
  const mean = one.reduce((total, value) => total + value, 0) / one.length;
  expect(mean).toBeCloseTo(1, 1);
  const variance = (values: number[]) =>
    values.reduce((total, value) => total + value ** 2, 0) / values.length;
  const spread = Math.sqrt(variance(one.map((value) => value - mean)));
  expect(spread).toBeGreaterThan(0.015);
  expect(spread).toBeLessThan(0.045);
  // Slow: one step differs from the next by far less than one hour from another.
  const steps = one.slice(1).map((value, index) => value - (one[index] ?? value));
  expect(Math.sqrt(variance(steps))).toBeLessThan(spread * 0.6);
});

const surge: Surge = { service: 'web', fromMs: 10_000, untilMs: 70_000, factor: 1.5, rampMs: 20_000 };

it.each([
  [0, 1],
  [10_000, 1],
  [20_000, 1.25],
  [30_000, 1.5],
  [45_000, 1.5],
  [50_000, 1.5],
  [60_000, 1.25],
  [70_000, 1],
  [1e9, 1],
])('rises and falls over its ramp: at %d ms it is %d', (atMs, factor) => {
  expect(surgeAt(surge, atMs)).toBeCloseTo(factor, 9);
});

it('begins and ends at once without a ramp', () => {
  expect([9_999, 10_000, 69_999, 70_000].map((atMs) => surgeAt({ ...surge, rampMs: 0 }, atMs))).toEqual([
    1, 1.5, 1.5, 1,
  ]);
});

it('stays between nothing and its factor, and comes again after its period, exactly as before', () => {
  const everyMs = 1_800_000;
  fc.assert(
    fc.property(
      fc.double({ min: 0.2, max: 4, noNaN: true }),
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: 0, max: 4 * everyMs }),
      (factor, rampMs, atMs) => {
        const again = { ...surge, factor, rampMs, everyMs };
        const now = surgeAt(again, surge.fromMs + atMs);
        expect(now).toBeGreaterThanOrEqual(Math.min(1, factor) - 1e-12);
        expect(now).toBeLessThanOrEqual(Math.max(1, factor) + 1e-12);
        expect(surgeAt(again, surge.fromMs + atMs + everyMs)).toBeCloseTo(now, 9);
        expect(surgeAt(again, surge.fromMs - 1 - atMs)).toBe(1);
      },
    ),
  );
});
