import { afterEach, beforeEach, expect, it } from 'vitest';
import { idleLock } from '../../../electron/host/idle-lock.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';

const MINUTE_MS = 60_000;
let time: ReturnType<typeof steppedClock>;
let steadyMs: number;
let locks: number;
let idle: ReturnType<typeof idleLock>;
/** Added to what the wall clock tells. */
let putBackMs: number;

beforeEach(() => {
  time = steppedClock((error) => {
    throw error;
  }, 1_000_000);
  [steadyMs, locks, putBackMs] = [0, 0, 0];
  const wall = { ...time.clock, now: () => time.clock.now() - putBackMs };
  idle = idleLock({
    clock: wall,
    steadyMs: () => steadyMs,
    afterMs: () => 15 * MINUTE_MS,
    lock: () => {
      locks += 1;
    },
  });
});
afterEach(() => idle.close());

async function pass(minutes: number, { asleep = false } = {}): Promise<void> {
  if (!asleep) steadyMs += minutes * MINUTE_MS;
  await time.advance(minutes * MINUTE_MS);
}

it('locks once nothing came from the person for the time', async () => {
  await pass(14);
  expect(locks).toBe(0);
  await pass(2);
  expect(locks).toBeGreaterThan(0);
});

it('stays open while something comes', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    await pass(10);
    idle.touch();
  }
  expect(locks).toBe(0);
});

it('locks a machine that slept, whose steady clock stood still', async () => {
  await pass(480, { asleep: true });
  expect(locks).toBeGreaterThan(0);
});

it('locks though the clock of the wall was put back', async () => {
  putBackMs = 24 * 60 * MINUTE_MS;
  await pass(16);
  expect(locks).toBeGreaterThan(0);
});
