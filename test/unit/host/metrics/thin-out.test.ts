import fc from 'fast-check';
import { expect, it } from 'vitest';
import { thinOut } from '../../../../electron/host/metrics/thin-out.ts';

const samples = fc.array(fc.option(fc.double({ noNaN: true }), { nil: null }), { maxLength: 400 });
const pixels = fc.integer({ min: 1, max: 60 });

it('keeps the highest and the lowest, in order, and makes nothing up', () => {
  fc.assert(
    fc.property(samples, pixels, (values, wide) => {
      const places = thinOut(values, { first: 0, end: values.length }, wide);
      const kept = places.map((at) => values[at] ?? null);
      const some = (all: readonly (number | null)[]) => all.filter((value) => value !== null);
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      expect(places.length).toBeLessThanOrEqual(
        Math.max(2 * wide, values.length > 2 * wide ? 0 : values.length),
      );
      expect(Math.max(...some(kept))).toBe(Math.max(...some(values)));
      expect(Math.min(...some(kept))).toBe(Math.min(...some(values)));
    }),
  );
});

it('leaves a gap that is wider than two pixels a gap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 13, max: 60 }), fc.integer({ min: 0, max: 300 }), (wide, start) => {
      const length = 400;
      const width = 3 * Math.ceil(length / wide);
      const values = Array.from({ length }, (_, at) => (at >= start && at < start + width ? null : at));
      const places = thinOut(values, { first: 0, end: length }, wide);
      const isInGap = (at: number) => at >= start && at < Math.min(length, start + width);
      expect(places.some((at) => isInGap(at) && values[at] === null)).toBe(true);
    }),
  );
});

it('takes only what lies in the part that is asked for', () => {
  expect(thinOut([1, 2, 3, 4], { first: 1, end: 3 }, 10)).toEqual([1, 2]);
  expect(thinOut([1, 9, 3, 4, 0, 5], { first: 0, end: 6 }, 1)).toEqual([1, 4]);
  expect(thinOut([], { first: 0, end: 0 }, 10)).toEqual([]);
  expect(thinOut([1, 2], { first: 2, end: 1 }, 10)).toEqual([]);
});
