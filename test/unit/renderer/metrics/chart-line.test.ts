import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartLine, sampleAt, samplesOf } from '../../../../renderer/metrics/chart-line.ts';
import type { ChartPoints } from '../../../../shared/vocabulary/chart.ts';

const points: fc.Arbitrary<ChartPoints> = fc
  .record({
    fromMs: fc.integer({ min: 0, max: 1_000 }),
    stepMs: fc.integer({ min: 1, max: 50 }),
    samples: fc.uniqueArray(fc.tuple(fc.nat(60), fc.option(fc.integer())), { selector: ([place]) => place }),
  })
  .map(({ fromMs, stepMs, samples }) => {
    const sorted = samples.toSorted(([a], [b]) => a - b);
    return {
      fromMs,
      stepMs,
      places: sorted.map(([place]) => place),
      values: sorted.map(([, value]) => value),
    };
  });
const timesOf = ({ fromMs, stepMs, places }: ChartPoints) => places.map((place) => fromMs + place * stepMs);

describe('a line with another beneath it', () => {
  it('has every sample and every gap of both at its time, and rises', () => {
    fc.assert(
      fc.property(points, points, (main, ghost) => {
        const { timesMs, values, ghost: beneath = [] } = chartLine(main, ghost);
        expect(timesMs).toEqual([...new Set([...timesOf(main), ...timesOf(ghost)])].sort((a, b) => a - b));
        const told = (of: readonly (number | null | undefined)[]) =>
          timesMs.flatMap((atMs, index) => (of[index] === undefined ? [] : [[atMs, of[index]]]));
        expect(told(values)).toEqual(timesOf(main).map((atMs, index) => [atMs, main.values[index]]));
        expect(told(beneath)).toEqual(timesOf(ghost).map((atMs, index) => [atMs, ghost.values[index]]));
      }),
    );
  });

  it('is the line alone where there is no other', () => {
    expect(chartLine({ fromMs: 10, stepMs: 5, places: [0, 2], values: [1, null] }, null)).toEqual({
      timesMs: [10, 20],
      values: [1, null],
      ghost: undefined,
    });
    expect(chartLine(null, null).timesMs).toEqual([]);
  });
});

describe('the sample at an instant', () => {
  it('is a real one, and none is nearer', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 4_000 }), (given, atMs) => {
        const found = sampleAt(given, atMs);
        if (!found) return;
        expect(samplesOf(given)).toContainEqual(found);
      }),
    );
  });

  it('is none in a gap, nor far from the ends', () => {
    const given = { fromMs: 0, stepMs: 10, places: [0, 1, 2, 3, 4, 5], values: [1, 2, null, null, null, 3] };
    expect(sampleAt(given, 11)).toEqual({ atMs: 10, value: 2 });
    expect(sampleAt(given, 30)).toBeNull();
    expect(sampleAt(given, 55)).toEqual({ atMs: 50, value: 3 });
    expect(sampleAt(given, 75)).toBeNull();
    expect(sampleAt(null, 10)).toBeNull();
  });
});
