import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calibrationOf, ceilingFactor, NEEDED, pointOf } from '../../../electron/memory/calibration.ts';
import type { ConfirmedCause } from '../../../shared/vocabulary/memory.ts';
import { confirmedAs } from '../../fixtures/remembered-incident.ts';

const point = fc.record({ stated: fc.double({ min: 0, max: 1, noNaN: true }), confirmed: fc.boolean() });
const times = (count: number, stated: number, right: number) =>
  Array.from({ length: count }, (_, index) => ({ stated, confirmed: index < right }));

it.each([
  ['a few wrong ones change nothing', times(4, 0.9, 0), 1],
  ['five wrong ones a little', times(5, 0.8, 0), 10 / 14],
  ['half of twenty stated at 80 % more', times(20, 0.8, 10), 20 / 26],
  ['a hundred wrong ones all it may', times(100, 0.9, 0), 0.5],
  ['who was right is left alone', times(20, 0.8, 16), 1],
  ['and who was too modest is made no bolder', times(20, 0.2, 20), 1],
])('lowers the ceiling by what was overstated: %s', (_, points, factor) => {
  expect(ceilingFactor(points)).toBeCloseTo(factor, 12);
});

it('lowers and never raises, by half at most, and not for being wrong once more at no confidence', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), (points) => {
      const factor = ceilingFactor(points);
      expect(factor).toBeGreaterThanOrEqual(0.5);
      expect(factor).toBeLessThanOrEqual(1);
      if (points.length < NEEDED) expect(factor).toBe(1);
      const wrongAgain = [...points, { stated: 1, confirmed: false }];
      if (points.length >= NEEDED) expect(ceilingFactor(wrongAgain)).toBeLessThanOrEqual(factor);
    }),
  );
});

it('puts every point into one bin, with an interval that holds the share', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), (points) => {
      const { bins, incidents } = calibrationOf(points);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(incidents);
      for (const { from, to, count, stated, confirmed, between } of bins) {
        if (count === 0) continue;
        expect(stated).toBeGreaterThanOrEqual(from - 1e-12);
        expect(stated).toBeLessThanOrEqual(to + 1e-12);
        expect(between?.[0]).toBeLessThanOrEqual(confirmed / count + 1e-12);
        expect(between?.[1]).toBeGreaterThanOrEqual(confirmed / count - 1e-12);
      }
    }),
  );
});

it('says nothing where nothing is known', () => {
  expect(calibrationOf([])).toMatchObject({ incidents: 0, stated: null, confirmed: null, ceilingFactor: 1 });
});

const stated = [
  { claim: 'd1 did it', cause: 'd1', confidence: 0.7 },
  { claim: 'not seen', cause: null, confidence: 0.2 },
];
it.each<[string, ConfirmedCause, boolean | undefined]>([
  ['the change that was named', { as: 'change', changes: ['d1'] }, true],
  ['one of two causes', { as: 'change', changes: ['d0', 'd1'] }, true],
  ['another change', { as: 'change', changes: ['d2'] }, false],
  ['something outside', { as: 'outside', what: 'a provider' }, false],
  ['no trouble at all', { as: 'none' }, false],
  ['nobody knows', { as: 'unknown' }, undefined],
])('compares the first hypothesis with what was confirmed: %s', (_, cause, confirmed) => {
  expect(pointOf({ stated, confirmed: confirmedAs(cause) })?.confirmed).toBe(confirmed);
});

it('counts “not among what we see” as right when the cause was outside', () => {
  const first = [{ claim: 'not seen', cause: null, confidence: 0.6 }];
  expect(pointOf({ stated: first, confirmed: confirmedAs({ as: 'outside', what: 'DNS' }) })).toEqual({
    stated: 0.6,
    confirmed: true,
  });
  expect(pointOf({ stated: [], confirmed: confirmedAs({ as: 'outside', what: 'DNS' }) })).toBeNull();
  expect(pointOf({ stated: first, confirmed: null })).toBeNull();
});
