import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pushOnce, type WithLog, witnessPusher } from '../../../../electron/ledger/witness/push.ts';
import type { SignedLog } from '../../../../electron/ledger/witness/signed-log.ts';
import type { Witness } from '../../../../electron/ledger/witness/witness.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { type Logger, silentLogger } from '../../../../electron/platform/logger.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const delays = { gatherMs: 100, retryMs: 1000, mostMs: 5000 };
const noSignal = new AbortController().signal;

/** A log of which only the size matters here. */
function logAt(size: number): { withLog: WithLog; size: number; isOpen: boolean } {
  const log = {
    size,
    isOpen: false,
    withLog: (async (use) => {
      log.isOpen = true;
      try {
        const head = { origin: 'log', size: log.size, root: Buffer.alloc(32) };
        return await use(log.size === 0 ? undefined : ({ note: '', head } as unknown as SignedLog));
      } finally {
        log.isOpen = false;
      }
    }) as WithLog,
  };
  return log;
}

type Said = () => Promise<void> | void;
function scripted(...said: Said[]) {
  const pushed: { size: number; atMs: number }[] = [];
  const startMs = Date.now();
  const witness: Witness = {
    name: 'w',
    kind: 'folder',
    where: '/w',
    async push(log) {
      pushed.push({ size: log.head.size, atMs: Date.now() - startMs });
      await said[Math.min(pushed.length, said.length) - 1]?.();
    },
  };
  return { witness, pushed };
}

const fine = () => {};
const failing = (code: 'unreachable' | 'conflict', says: string) => () => {
  throw new Failure(code, says);
};

function recording() {
  const lines: string[] = [];
  const at = (level: string) => (_fields: object, message: string) => void lines.push(`${level}: ${message}`);
  const logger: Logger = { ...silentLogger, info: at('info'), warn: at('warn'), error: at('error') };
  return { logger, lines };
}

test('heads signed in quick succession are shown as one', async () => {
  const log = logAt(1);
  const { witness, pushed } = scripted(fine);
  const pusher = witnessPusher({ witness, withLog: log.withLog, onChange: fine, delays });
  for (let size = 1; size <= 20; size += 1) {
    log.size = size;
    pusher.nudge();
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pushed).toEqual([{ size: 20, atMs: 100 }]);
  expect(pusher.standing()).toMatchObject({ state: 'current', size: 20 });
});

test('a stream of heads without end does not keep the witness from being shown any', async () => {
  const log = logAt(1);
  const { witness, pushed } = scripted(fine);
  const pusher = witnessPusher({ witness, withLog: log.withLog, onChange: fine, delays });
  for (let turn = 0; turn < 100; turn += 1) {
    pusher.nudge();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(pushed.length).toBeGreaterThan(10);
});

test('what fails is tried again after twice as long each time, up to a limit, and then is up to date', async () => {
  const down = failing('unreachable', 'down');
  const { witness, pushed } = scripted(down, down, down, down, down, fine);
  const pusher = witnessPusher({ witness, withLog: logAt(3).withLog, onChange: fine, delays });
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  expect(pusher.standing()).toEqual({ state: 'behind', size: null, sentence: 'down' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pushed.map(({ atMs }) => atMs)).toEqual([100, 1100, 3100, 7100, 12_100, 17_100]);
  expect(pusher.standing()).toMatchObject({ state: 'current', size: 3 });
});

test('while it is behind, the size it is known to remember stays', async () => {
  const log = logAt(3);
  const { witness } = scripted(fine, failing('unreachable', 'down'));
  const pusher = witnessPusher({ witness, withLog: log.withLog, onChange: fine, delays });
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  log.size = 9;
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  expect(pusher.standing()).toEqual({ state: 'behind', size: 3, sentence: 'down' });
});

test('a head that is signed while one is shown is shown next, and never two at once', async () => {
  const log = logAt(1);
  let release: () => void = fine;
  const { witness, pushed } = scripted(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
    fine,
  );
  const pusher = witnessPusher({ witness, withLog: log.withLog, onChange: fine, delays });
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(200);
  log.size = 2;
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(5000);
  expect(pushed).toHaveLength(1);
  release();
  await vi.advanceTimersByTimeAsync(200);
  expect(pushed.map(({ size }) => size)).toEqual([1, 2]);
});

test('one that is down is not asked at the pace at which heads are signed, but sooner than without news', async () => {
  const { witness, pushed } = scripted(failing('unreachable', 'down'));
  const pusher = witnessPusher({ witness, withLog: logAt(3).withLog, onChange: fine, delays });
  for (let turn = 0; turn < 200; turn += 1) {
    pusher.nudge();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(pushed.map(({ atMs }) => atMs)).toEqual([100, 1100, 2100, 3100, 4100, 5100, 6100, 7100, 8100, 9100]);
});

test('a conflict is said once, stays though the witness cannot be reached any more, and ends when it agrees', async () => {
  const { logger, lines } = recording();
  const onChange = vi.fn();
  const forked = failing('conflict', 'forked');
  const { witness } = scripted(fine, forked, forked, failing('unreachable', 'down'), fine);
  const pusher = witnessPusher({ witness, withLog: logAt(3).withLog, onChange, logger, delays });
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  expect(pusher.standing()).toEqual({ state: 'conflict', size: 3, sentence: 'forked' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(pusher.standing()).toMatchObject({ state: 'conflict', sentence: 'forked' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pusher.standing().state).toBe('current');
  expect(lines).toEqual([
    'info: a witness is up to date',
    'error: a witness contradicts the ledger',
    'info: a witness is up to date',
  ]);
  expect(onChange).toHaveBeenCalledTimes(3);
});

test('a witness that was shown more by another process meanwhile is no conflict', async () => {
  const log = logAt(3);
  const { witness, pushed } = scripted(() => {
    log.size = 4;
    throw new Failure('conflict', 'it holds 4');
  }, fine);
  expect(await pushOnce(witness, log.withLog, noSignal)).toMatchObject({ state: 'current', size: 4 });
  expect(pushed.map(({ size }) => size)).toEqual([3, 4]);
});

test('a conflict is not forgotten because the second look failed', async () => {
  const { witness } = scripted(failing('conflict', 'forked'), failing('unreachable', 'down'));
  expect(await pushOnce(witness, logAt(3).withLog, noSignal)).toMatchObject({
    state: 'conflict',
    sentence: 'forked',
  });
});

test('a defect in a witness is logged and ends nothing', async () => {
  const { logger, lines } = recording();
  const { witness } = scripted(() => {
    throw new TypeError('oops');
  }, fine);
  const pusher = witnessPusher({ witness, withLog: logAt(3).withLog, onChange: fine, logger, delays });
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  expect(pusher.standing()).toMatchObject({ state: 'behind', sentence: expect.stringContaining('oops') });
  expect(lines[0]).toContain('error: ');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pusher.standing().state).toBe('current');
});

test('closing ends what is under way, and nothing is read or shown any more', async () => {
  const log = logAt(3);
  const pushed: number[] = [];
  const witness: Witness = {
    name: 'w',
    kind: 'https',
    where: 'w',
    push: (_log, signal) =>
      new Promise((_resolve, reject) => {
        pushed.push(Date.now());
        signal.addEventListener('abort', () => reject(new Failure('cancelled', 'closing')));
      }),
  };
  const pusher = witnessPusher({ witness, withLog: log.withLog, onChange: fine, delays });
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(150);
  expect(log.isOpen).toBe(true);
  await pusher.close();
  expect(log.isOpen).toBe(false);
  pusher.nudge();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pushed).toHaveLength(1);
});
