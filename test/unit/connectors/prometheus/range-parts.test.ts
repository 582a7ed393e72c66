import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinParts, rangeParts } from '../../../../electron/connectors/prometheus/range-parts.ts';

const steps = ({ fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number }) =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, at) => fromMs + at * stepMs);

it('asks for each step of a window once, in order, and never for more than allowed at once', () => {
  const window = fc.record({
    fromMs: fc.nat(10_000),
    spanMs: fc.nat(5_000),
    stepMs: fc.integer({ min: 1, max: 700 }),
    most: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(window, ({ fromMs, spanMs, stepMs, most }) => {
      const whole = { fromMs, toMs: fromMs + spanMs, stepMs };
      const asked = rangeParts(whole, most).map((part) => steps({ ...part, stepMs }));
      expect(asked.flat()).toEqual(steps(whole));
      for (const part of asked) expect(part.length).toBeLessThanOrEqual(most);
    }),
  );
});

it('asks once where Prometheus answers at once', () => {
  expect(rangeParts({ fromMs: 0, toMs: 10_999_000, stepMs: 1_000 })).toHaveLength(1);
  expect(rangeParts({ fromMs: 0, toMs: 11_000_000, stepMs: 1_000 })).toEqual([
    { fromMs: 0, toMs: 10_999_000 },
    { fromMs: 11_000_000, toMs: 11_000_000 },
  ]);
});

it('joins the series of parts by their labels, whatever the order of these', () => {
  const point = (atMs: number) => ({ atMs, value: atMs });
  expect(
    joinParts([
      [{ labels: { a: '1', b: '2' }, points: [point(1)] }],
      [
        { labels: { a: '1' }, points: [point(2)] },
        { labels: { b: '2', a: '1' }, points: [point(2)] },
      ],
    ]),
  ).toEqual([
    { labels: { a: '1', b: '2' }, points: [point(1), point(2)] },
    { labels: { a: '1' }, points: [point(2)] },
  ]);
});
