import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inSlices } from '../../../electron/platform/in-slices.ts';

const items = Array.from({ length: 100 }, (_none, place) => place);
/** A clock that goes on by a millisecond each time it is asked. */
const ticking = () => {
  let ms = 0;
  return () => ms++;
};

it('does all of it in order, and lets others go first every few milliseconds', async () => {
  const done: number[] = [];
  let turnsOfOthers = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await setImmediate();
      turnsOfOthers += 1;
    }
  })();
  await inSlices(items, (item) => void done.push(item), { nowMs: ticking() });
  isDone = true;
  await others;
  expect(done).toEqual(items);
  expect(turnsOfOthers).toBeGreaterThanOrEqual(8);
});

it('does short work at once', async () => {
  const done: number[] = [];
  const whole = inSlices(items, (item) => void done.push(item), { nowMs: () => 0 });
  expect(done).toEqual(items);
  await whole;
});

it('stops where it is, with what the signal says', async () => {
  const done: number[] = [];
  const stopping = new AbortController();
  const work = (item: number) => {
    done.push(item);
    if (item === 20) stopping.abort(new Error('enough'));
  };
  await expect(inSlices(items, work, { signal: stopping.signal, nowMs: ticking() })).rejects.toThrow(
    'enough',
  );
  expect(done.length).toBeLessThan(40);
});
