import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REFERENCE_MS, STEP_MS, spikesIn } from '../../../../electron/connectors/loki/error-spikes.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const at = (step: number) => startMs + step * STEP_MS;
const counted = (values: readonly number[]) => new Map(values.map((count, step) => [at(step), count]));
const steps = (count: number, value: number) => Array.from({ length: count }, () => value);
const reference = REFERENCE_MS / STEP_MS;

it('finds where a service that wrote none begins to write errors', () => {
  const counts = counted([...steps(reference, 0), ...steps(8, 12)]);
  expect(spikesIn(counts, at(0), at(reference + 8))).toEqual([{ atMs: at(reference), count: 12, before: 0 }]);
});

it('takes for usual what a service always writes', () => {
  const counts = counted(Array.from({ length: reference * 3 }, (_, step) => 100 + (step % 7) * 5));
  expect(spikesIn(counts, at(reference), at(reference * 3))).toEqual([]);
});

it('tells of one spike while it lasts, and of the next after some calm', () => {
  const shape = [...steps(reference, 1), ...steps(12, 60), ...steps(30, 1), ...steps(4, 80), ...steps(4, 1)];
  const found = spikesIn(counted(shape), at(0), at(shape.length));
  expect(found.map(({ atMs, before }) => [atMs, before])).toEqual([
    [at(reference), 4],
    [at(reference + 42), 4],
  ]);
});

it('holds a few lines for nothing, however rare they are', () => {
  const counts = counted([...steps(reference, 0), 3, 2, 0, 4, 3, 2]);
  expect(spikesIn(counts, at(0), at(reference + 4))).toEqual([]);
});

it('finds the same whoever looks, and when', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 300 })), {
        minLength: 200,
        maxLength: 400,
      }),
      fc.integer({ min: 0, max: 60 }),
      (values, cut) => {
        const counts = counted(values);
        const [from, to] = [at(reference + 20), at(values.length - 1)];
        const split = at(reference + 20 + cut);
        const whole = spikesIn(counts, from, to);
        const parts = [...spikesIn(counts, from, split), ...spikesIn(counts, split + 1, to)];
        expect(parts).toEqual(whole);
      },
    ),
  );
});
