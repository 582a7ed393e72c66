import { expect, it, vi } from 'vitest';
import { scaledClock, steppedClock } from '../../../electron/platform/clock.ts';

const fail = (error: unknown) => {
  throw error;
};

it('steps through due tasks in order of time and nothing else', async () => {
  const { clock, advance } = steppedClock(fail, 1_000);
  const ran: string[] = [];
  clock.every(10, async () => void ran.push(`ten at ${clock.now()}`));
  const stop = clock.every(15, async () => void ran.push(`fifteen at ${clock.now()}`));
  await advance(9);
  expect(ran).toEqual([]);
  await advance(21);
  stop();
  await advance(10);
  expect(ran).toEqual([
    'ten at 1010',
    'fifteen at 1015',
    'ten at 1020',
    'ten at 1030',
    'fifteen at 1030',
    'ten at 1040',
  ]);
});

it('tells of a task that throws and goes on', async () => {
  const errors: unknown[] = [];
  const { clock, advance } = steppedClock((error) => errors.push(error), 0);
  let runs = 0;
  clock.every(10, async () => {
    runs += 1;
    throw new Error('once more');
  });
  await advance(30);
  expect(runs).toBe(3);
  expect(errors).toHaveLength(3);
});

it('runs as fast as it is told to, without a jump, and never overlaps a task with itself', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const { clock, setSpeed, speed } = scaledClock(fail, 0);
    let running = 0;
    let most = 0;
    let runs = 0;
    const stop = clock.every(1_000, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 500));
      running -= 1;
      runs += 1;
    });
    await vi.advanceTimersByTimeAsync(2_000);
    const before = clock.now();
    setSpeed(10);
    expect(clock.now()).toBe(before);
    expect(speed()).toBe(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(clock.now() - before).toBe(10_000);
    stop();
    expect(most).toBe(1);
    expect(runs).toBeGreaterThanOrEqual(2);
  } finally {
    vi.useRealTimers();
  }
});

it('stands still at speed 0: time does not move, no task begins, and it goes on from there', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const { clock, setSpeed } = scaledClock(fail, 0);
    const ran: number[] = [];
    clock.every(1_000, async () => void ran.push(clock.now()));
    await vi.advanceTimersByTimeAsync(1_500);
    setSpeed(0);
    clock.every(1_000, async () => void ran.push(-clock.now()));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([clock.now(), ran]).toEqual([1_500, [1_000]]);
    setSpeed(2);
    await vi.advanceTimersByTimeAsync(500);
    expect([clock.now(), ran]).toEqual([2_500, [1_000, 2_000, -2_500]]);
  } finally {
    vi.useRealTimers();
  }
});
