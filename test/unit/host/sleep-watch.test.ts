import { afterEach, expect, it } from 'vitest';
import type { Window } from '../../../electron/connectors/source.ts';
import { watchSleep } from '../../../electron/host/sleep-watch.ts';

let close = () => {};
afterEach(() => close());

it('tells how long the machine slept, and nothing of a timer that is a little late or a clock put back', () => {
  const slept: Window[] = [];
  let nowMs = 1_000_000;
  const watch = watchSleep({ onWake: (window) => slept.push(window), machineMs: () => nowMs });
  ({ close } = watch);
  for (const byMs of [5_000, 5_200, 20_000, -60_000, 5_000]) {
    nowMs += byMs;
    watch.look();
  }
  expect(slept).toEqual([]);
  const fromMs = nowMs;
  nowMs += 2 * 3_600_000;
  watch.look();
  nowMs += 5_000;
  watch.look();
  expect(slept).toEqual([{ fromMs, toMs: fromMs + 2 * 3_600_000 }]);
});

it('tells of a sleep once, whether the system or the timer notices it first, and of a short one that only the system sees', () => {
  const slept: Window[] = [];
  let nowMs = 1_000_000;
  const watch = watchSleep({ onWake: (window) => slept.push(window), machineMs: () => nowMs });
  ({ close } = watch);
  const hour = 3_600_000;
  nowMs += hour;
  watch.look();
  nowMs += 700;
  watch.woke();
  expect(slept).toEqual([{ fromMs: 1_000_000, toMs: 1_000_000 + hour }]);
  const fromMs = nowMs;
  nowMs += hour;
  watch.woke();
  nowMs += 700;
  watch.look();
  expect(slept.slice(1)).toEqual([{ fromMs, toMs: fromMs + hour }]);
  const shortFromMs = nowMs;
  nowMs += 12_000;
  watch.woke();
  watch.woke();
  watch.look();
  expect(slept.slice(2)).toEqual([{ fromMs: shortFromMs, toMs: shortFromMs + 12_000 }]);
});
