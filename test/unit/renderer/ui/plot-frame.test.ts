import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badgeAt, type Plot, trace } from '../../../../renderer/ui/draw-plot.ts';
import { nearestTo, plotFrame, timeAt, xOf, yOf } from '../../../../renderer/ui/plot-frame.ts';

const framed = (over: Partial<Parameters<typeof plotFrame>[0]> = {}) =>
  plotFrame({
    width: 300,
    height: 104,
    isSmall: true,
    hasStrip: true,
    range: { fromMs: 0, toMs: 100 },
    timesMs: [0, 50, 100],
    lines: [[1, 2, 3]],
    also: [],
    ...over,
  });

/** What a pen is told. */
function written() {
  const strokes: [number, number][][] = [];
  return {
    strokes,
    moveTo: (x: number, y: number) => void strokes.push([[x, y]]),
    lineTo: (x: number, y: number) => void strokes.at(-1)?.push([x, y]),
  };
}

describe('the frame of a chart', () => {
  it('leaves room for its axes and for the strip above it', () => {
    expect(framed()).toMatchObject({ left: 46, top: 22, width: 246, height: 64 });
    expect(framed({ hasStrip: false, isSmall: false })).toMatchObject({
      left: 56,
      top: 6,
      width: 236,
      height: 76,
    });
  });

  it('is as high as what is in sight, and not as what lies beside it', () => {
    const timesMs = [-300, -200, 10, 90, 200, 300];
    const frame = framed({ timesMs, lines: [[900, 2, 1, 3, 2, 900]], also: [4] });
    expect(frame.low).toBe(0);
    expect(frame.high).toBeGreaterThan(4);
    expect(frame.high).toBeLessThan(5);
  });

  it('takes all there is where no stretch is asked for, and is none the smaller without a sample', () => {
    expect(framed({ range: undefined })).toMatchObject({ fromMs: 0, toMs: 100 });
    for (const timesMs of [[], [7]]) {
      const { fromMs, toMs, low, high } = framed({ range: undefined, timesMs, lines: [[]] });
      expect(toMs).toBeGreaterThan(fromMs);
      expect(high).toBeGreaterThan(low);
    }
  });

  it('finds the time at a place again', () => {
    const frame = framed({ range: { fromMs: 1_767_225_600_000, toMs: 1_767_229_200_000 } });
    fc.assert(
      fc.property(fc.integer({ min: frame.fromMs, max: frame.toMs }), (atMs) => {
        expect(Math.abs(timeAt(frame, xOf(frame, atMs)) - atMs)).toBeLessThan(1);
      }),
    );
    expect(yOf(frame, frame.high)).toBe(frame.top);
    expect(yOf(frame, frame.low)).toBe(frame.top + frame.height);
  });

  it('knows which sample is nearest', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 });
    fc.assert(
      fc.property(times, fc.integer({ min: -100, max: 1_100 }), (unordered, atMs) => {
        const timesMs = unordered.toSorted((a, b) => a - b);
        const found = timesMs[nearestTo(timesMs, atMs)] ?? Number.NaN;
        expect(Math.abs(found - atMs)).toBe(Math.min(...timesMs.map((one) => Math.abs(one - atMs))));
      }),
    );
    expect(nearestTo([], 5)).toBe(-1);
  });
});

describe('the line of a chart', () => {
  it('is broken by a gap, goes on over what only another line has, and tells of the samples that stand alone', () => {
    const pen = written();
    const timesMs = [0, 10, 20, 30, 40, 50, 60];
    const lonely = trace(pen, framed(), timesMs, [1, undefined, 2, null, 5, null, 3]);
    expect(pen.strokes.map((stroke) => stroke.length)).toEqual([2, 1, 1]);
    expect(lonely).toEqual([4, 6]);
    expect(pen.strokes[0]?.[1]?.[0]).toBeCloseTo(46 + 0.2 * 246);
  });

  it('goes through every sample, where the frame says that it is', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -50, max: 50 }))), (values) => {
        const timesMs = values.map((_value, at) => at * 3);
        const frame = framed({ timesMs, lines: [values] });
        const pen = written();
        trace(pen, frame, timesMs, values);
        const expected = values.flatMap((value, at) =>
          value === null ? [] : [[xOf(frame, at * 3), yOf(frame, value)]],
        );
        for (const [at, [x = 0, y = 0]] of expected.entries()) {
          expect(pen.strokes.flat()[at]?.[0]).toBeCloseTo(x);
          expect(pen.strokes.flat()[at]?.[1]).toBeCloseTo(y);
        }
        expect(pen.strokes.flat()).toHaveLength(expected.length);
      }),
    );
  });
});

it('the badge that is drawn last is the one under the pointer, and beside them is none', () => {
  const badge = (atMs: number, count: number) =>
    ({ atMs, tone: 'change', outline: () => ({}) as Path2D, count, title: '' }) as const;
  const badges = [badge(10, 1), badge(12, 2), badge(90, 1)];
  const frame = framed();
  const plot = { frame, badges } as unknown as Plot;
  expect(badgeAt(plot, xOf(frame, 12))).toBe(badges[1]);
  expect(badgeAt(plot, xOf(frame, 10) - 5)).toBe(badges[0]);
  expect(badgeAt(plot, xOf(frame, 90))).toBe(badges[2]);
  expect(badgeAt(plot, xOf(frame, 50))).toBeUndefined();
});
