import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valueRange } from '../../../../renderer/ui/value-range.ts';

it('holds every value and whatever else must be seen, with room above', () => {
  const value = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(value, value, fc.array(value), (a, b, also) => {
      const [bottom, top] = valueRange(Math.min(a, b), Math.max(a, b), also);
      expect(bottom).toBeLessThanOrEqual(Math.min(a, b, ...also));
      expect(top).toBeGreaterThan(Math.max(a, b, ...also));
    }),
  );
});

it('starts at zero where values are near it, and not where that would flatten them', () => {
  expect(valueRange(1, 3)[0]).toBe(0);
  expect(valueRange(100, 103)[0]).toBeGreaterThan(90);
});

it('shows the band of a chart without a sample', () => {
  expect(valueRange(null, null, [40, 60])).toEqual([38, 62]);
  expect(valueRange(null, null)).toEqual([0, 1.1]);
  expect(valueRange(Number.MIN_VALUE, Number.MIN_VALUE)[1]).toBeGreaterThan(Number.MIN_VALUE);
});
