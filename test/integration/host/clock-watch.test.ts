import { afterEach, expect, it } from 'vitest';
import { watchClock } from '../../../electron/host/clock-watch.ts';
import { scaledClock } from '../../../electron/platform/clock.ts';
import { openLog, temporaryDirectory } from '../ledger/data-dir.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const START_MS = Date.parse('2026-03-01T10:00:00Z');

function watched() {
  const log = openLog(temporaryDirectory());
  const time = scaledClock(() => {}, START_MS);
  let aheadMs = 0;
  const watch = watchClock({ time, ledger: log.ledger, machineMs: () => time.clock.now() + aheadMs });
  closing.push(watch.close, log.close);
  const jump = (byMs: number) => {
    aheadMs = byMs;
    watch.look();
    aheadMs = 0;
  };
  return { time, jump, jumps: () => log.ledger.entries({ kind: 'clock' }) };
}

it.each([
  ['forward', 3_600_000],
  ['back', -90_000],
])('a machine clock that goes %s is followed, and the jump is on record', (_way, byMs) => {
  const { time, jump, jumps } = watched();
  jump(byMs);
  expect(Math.abs(time.clock.now() - START_MS - byMs)).toBeLessThan(1000);
  expect(jumps()).toMatchObject([
    { body: { because: expect.stringContaining(`${Math.abs(byMs) / 1000} s`) } },
  ]);
});

it('a small drift is put right in silence', () => {
  const { jump, jumps } = watched();
  jump(400);
  expect(jumps()).toEqual([]);
});

it('a jump brings no periodic task forward', async () => {
  const { time, jump } = watched();
  let runs = 0;
  closing.push(
    time.clock.every(60_000, async () => {
      runs += 1;
    }),
  );
  jump(3_600_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(runs).toBe(0);
});
