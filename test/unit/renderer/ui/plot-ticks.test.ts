import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeTicks, valueTicks } from '../../../../renderer/ui/plot-ticks.ts';

const AT = Date.UTC(2026, 2, 1, 10, 0, 7);

describe('the lines of a grid', () => {
  it('stand at whole parts of an hour and of a day', () => {
    const hour = timeTicks({ fromMs: AT, toMs: AT + 3_600_000 }, 700_000);
    expect(hour.step).toBe(900_000);
    expect(hour.at.map((atMs) => new Date(atMs).toISOString().slice(11, 16))).toEqual([
      '10:15',
      '10:30',
      '10:45',
      '11:00',
    ]);
    expect(timeTicks({ fromMs: AT, toMs: AT + 20_000 }, 4_000).step).toBe(5_000);
    expect(timeTicks({ fromMs: AT, toMs: AT + 40 * 86_400_000 }, 8 * 86_400_000).step).toBe(8 * 86_400_000);
  });

  it('stand at round values, written without the dust of a machine', () => {
    expect(valueTicks({ low: 0, high: 0.7 }, 0.09).at).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(valueTicks({ low: -12, high: 31 }, 11).at).toEqual([0, 20]);
    expect(valueTicks({ low: 3, high: 14 }, 2.2).at).toEqual([5, 7.5, 10, 12.5]);
    expect(Object.is(valueTicks({ low: -1, high: 1 }, 0.6).at[1], 0)).toBe(true);
  });

  it('lie within, evenly, and at least as far apart as was asked', () => {
    const values = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        (low, span, most) => {
          const high = low + span;
          fc.pre(high - low > Math.abs(low) * 1e-6);
          const { at, step } = valueTicks({ low, high }, span / most);
          const dust = step * 1e-3;
          expect(step).toBeGreaterThanOrEqual((span / most) * (1 - 1e-9));
          expect(at.length).toBeLessThanOrEqual(Math.min(most, 200) + 1);
          for (const [index, value] of at.entries()) {
            expect(value).toBeGreaterThanOrEqual(low - dust);
            expect(value).toBeLessThanOrEqual(high + dust);
            if (index > 0) expect(Math.abs(value - (at[index - 1] as number) - step)).toBeLessThan(dust);
          }
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 1e11 }),
        fc.integer({ min: 1, max: 300 }),
        (fromMs, span, most) => {
          const { at, step } = timeTicks({ fromMs, toMs: fromMs + span }, span / most);
          expect(step).toBeGreaterThanOrEqual(span / most);
          expect(at.length).toBeLessThanOrEqual(Math.min(most, 200) + 1);
          for (const [index, atMs] of at.entries()) {
            expect(atMs).toBeGreaterThanOrEqual(fromMs);
            expect(atMs).toBeLessThanOrEqual(fromMs + span);
            if (index > 0) expect(atMs - (at[index - 1] as number)).toBe(step);
          }
        },
      ),
    );
  });

  it('are none where values cannot be told from each other', () => {
    expect(valueTicks({ low: 0, high: Number.POSITIVE_INFINITY }, 1).at).toEqual([]);
    expect(valueTicks({ low: 1e300, high: 1.000000000000001e300 }, 1).at).toEqual([]);
    expect(valueTicks({ low: 1, high: 1 }, 0).at).toEqual([]);
  });
});
