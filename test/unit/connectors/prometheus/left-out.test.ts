import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leftOutMeter, nothing, orderedPoints } from '../../../../electron/connectors/prometheus/left-out.ts';

const window = { fromMs: 1_000, toMs: 60_000 };

it('keeps every usable sample once, in order, and counts each that is left out', () => {
  const time = fc.oneof(
    fc.integer({ min: 1_000, max: 60_000 }),
    fc.integer({ min: -1_000, max: 900_000 }),
    fc.constant(Number.NaN),
  );
  const sample = fc.record({ atMs: time, value: fc.double() });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), (told) => {
      const { points, leftOut } = orderedPoints(told, window);
      for (const [at, point] of points.entries()) {
        expect(Number.isFinite(point.value)).toBe(true);
        expect(point.atMs).toBeGreaterThan(points[at - 1]?.atMs ?? Number.NEGATIVE_INFINITY);
        expect(told).toContain(point);
      }
      const { notFinite, repeated, outside, series } = leftOut;
      expect(points.length + notFinite + repeated + outside + series).toBe(told.length);
      const usable = told.filter(
        ({ atMs, value }) => Number.isFinite(value) && atMs >= window.fromMs && atMs <= window.toMs,
      );
      for (const { atMs } of usable) expect(points.some((point) => point.atMs === atMs)).toBe(true);
    }),
  );
});

it('takes the last of two samples with one time', () => {
  const told = [
    { atMs: 3_000, value: 1 },
    { atMs: 2_000, value: 2 },
    { atMs: 3_000, value: 3 },
  ];
  expect(orderedPoints(told, window).points).toEqual([
    { atMs: 2_000, value: 2 },
    { atMs: 3_000, value: 3 },
  ]);
});

it('tells for five minutes what was left out, and then no more', () => {
  let nowMs = 0;
  const meter = leftOutMeter(() => nowMs);
  meter.note(nothing);
  expect(meter.sentence()).toBeNull();
  meter.note({ notFinite: 1, repeated: 2, outside: 0, series: 7 });
  expect(meter.sentence()).toBe(
    'An answer held what cannot be used, and it was left out: 1 sample that are no number (NaN, infinite or stale); 2 samples with a time that another sample has; 7 series beyond the first 5000: ask for fewer.',
  );
  nowMs = 300_001;
  expect(meter.sentence()).toBeNull();
});
