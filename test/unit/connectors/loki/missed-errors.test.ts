import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LEAD_MS, STEP_MS, spikesIn } from '../../../../electron/connectors/loki/error-spikes.ts';
import { missedErrors } from '../../../../electron/connectors/loki/missed-errors.ts';
import type { Window } from '../../../../electron/connectors/source.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;
type Count = Map<number, number>;

const counting =
  (counts: Count, asked: Window[] = []) =>
  async (window: Window) => {
    asked.push(window);
    const points = [...counts]
      .filter(([atMs]) => atMs >= window.fromMs && atMs <= window.toMs)
      .map(([atMs, value]) => ({ atMs, value }));
    return { rows: [{ labels: { app: 'checkout', namespace: 'shop' }, points }], label: 'app' };
  };
const burst = (atMs: number): [number, number][] =>
  Array.from({ length: 4 }, (_, step) => [atMs + step * STEP_MS, 20]);

type Missed = ReturnType<typeof missedErrors>;
async function readAll(missed: Missed, count: Parameters<Missed['next']>[0], nowMs: number) {
  const times: number[] = [];
  let failures = 0;
  while (missed.pendingMs() !== null) {
    const found = await missed.next(count, nowMs).catch(() => {
      failures += 1;
      return [];
    });
    times.push(...found.map(({ spike }) => spike.atMs));
  }
  return { times, failures };
}

it('finds in chunks what would be found at once, wherever the stretch begins and ends and whatever fails once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step: fc.nat(1_300), lines: fc.integer({ min: 1, max: 90 }) }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 60 * 60_000 }),
      fc.integer({ min: 60_000, max: 4 * HOUR_MS }),
      fc.infiniteStream(fc.boolean()),
      async (errors, usual, afterMs, lengthMs, fails) => {
        const counts: Count = new Map(
          Array.from({ length: 1_300 }, (_, step) => [startMs + step * STEP_MS, usual]),
        );
        for (const { step, lines } of errors) counts.set(startMs + step * STEP_MS, lines);
        const stretch = {
          fromMs: startMs + LEAD_MS + afterMs,
          toMs: startMs + LEAD_MS + afterMs + lengthMs,
        };
        const missed = missedErrors(() => true);
        missed.add(stretch);
        let failedLast = false;
        const flaky = async (window: Window) => {
          failedLast = !failedLast && fails.next().value === true;
          if (failedLast) throw new Error('a moment');
          const aligned = { fromMs: Math.floor(window.fromMs / STEP_MS) * STEP_MS, toMs: window.toMs };
          return counting(counts)(aligned);
        };
        const { times } = await readAll(missed, flaky, stretch.toMs);
        expect(times).toEqual(spikesIn(counts, stretch.fromMs, stretch.toMs).map(({ atMs }) => atMs));
        expect(missed.sentence(stretch.toMs)).toBeNull();
      },
    ),
    { numRuns: 40 },
  );
});

it('looks back a day at most, in questions of half an hour, and says what it did not look at', async () => {
  const toMs = startMs + 60 * HOUR_MS;
  const counts: Count = new Map([...burst(startMs + HOUR_MS), ...burst(toMs - 20 * HOUR_MS)]);
  const missed = missedErrors(() => true);
  missed.add({ fromMs: startMs, toMs });
  expect(missed.sentence(toMs)).toMatch(
    /from 2026-03-03 00:00 to 2026-03-04 00:00 UTC are still to be counted/,
  );
  const asked: Window[] = [];
  const { times } = await readAll(missed, counting(counts, asked), toMs);
  expect(times).toEqual([toMs - 20 * HOUR_MS]);
  expect(asked.length).toBeLessThanOrEqual(49);
  expect(Math.max(...asked.map((window) => window.toMs - window.fromMs))).toBeLessThanOrEqual(
    HOUR_MS / 2 + LEAD_MS,
  );
  expect(missed.sentence(toMs)).toBe(
    'Errors in the logs from 2026-03-01 12:00 to 2026-03-03 00:00 UTC were not counted: it is looked back one day at most.',
  );
  expect(missed.sentence(toMs + HOUR_MS)).toBeNull();
});

it('gives up a chunk that is refused three times, says so, and takes nothing after it for a spike that is usual', async () => {
  const always: Count = new Map(
    Array.from({ length: 6 * 240 }, (_, step) => [startMs - HOUR_MS + step * STEP_MS, 30]),
  );
  const missed = missedErrors(() => true);
  const toMs = startMs + 4 * HOUR_MS;
  missed.add({ fromMs: startMs, toMs });
  const refusedFromMs = startMs + HOUR_MS;
  const count = async (window: Window) => {
    if (window.toMs > refusedFromMs + 1_000 && window.toMs <= refusedFromMs + HOUR_MS / 2 + 60_000)
      throw new Error('Loki sent more than 8 MB.');
    return counting(always)(window);
  };
  const { times, failures } = await readAll(missed, count, toMs);
  expect(times).toEqual([]);
  expect(failures).toBe(2);
  expect(missed.sentence(toMs)).toMatch(
    /^Errors in the logs from 2026-03-01 13:00 to 2026-03-01 13:5\d UTC were not counted: Loki sent more than 8 MB\.$/,
  );
});

it('takes up another stretch where an earlier one is not read yet, and loses nothing of either', async () => {
  const first = startMs + HOUR_MS;
  const second = startMs + 9 * HOUR_MS;
  const missed = missedErrors(() => true);
  missed.add({ fromMs: startMs, toMs: startMs + 3 * HOUR_MS });
  missed.add({ fromMs: startMs + 5 * HOUR_MS, toMs: startMs + 12 * HOUR_MS });
  const { times } = await readAll(
    missed,
    counting(new Map([...burst(first), ...burst(second)])),
    startMs + 12 * HOUR_MS,
  );
  expect(times).toEqual([first, second]);
});

it('counts a bounded number of services, of a label with a value for each request, and says so', async () => {
  const missed = missedErrors(() => true);
  missed.add({ fromMs: startMs, toMs: startMs + 60_000 });
  const rows = Array.from({ length: 100_000 }, (_, at) => ({
    labels: { app: `request-${at}` },
    points: [{ atMs: startMs, value: 1 }],
  }));
  await missed.next(async () => ({ rows, label: 'app' }), startMs + 60_000);
  expect(missed.sentence(startMs + 60_000)).toMatch(
    /98000 services wrote errors besides the 2000 that are counted/,
  );
});
