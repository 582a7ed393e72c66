import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../../electron/connectors/source.ts';
import type { StandingAlerts } from '../../../electron/connectors/standing-alerts.ts';
import { alertBook } from '../../../electron/timeline/alert-book.ts';

const alert = (fingerprint: string, startedMs = 1_000): Alert => ({
  fingerprint,
  raw: null,
  name: fingerprint,
  severity: 'critical',
  service: null,
  labels: {},
  summary: fingerprint,
  startedMs,
});
const standing = (change: Partial<StandingAlerts> = {}): StandingAlerts => ({
  firing: [],
  quiet: [],
  pending: [],
  runningSinceMs: 0,
  isRestarting: false,
  ...change,
});
const silenced = (one: Alert) => ({
  ...one,
  quiet: { kind: 'silenced' as const, by: 'mina', comment: '', untilMs: null },
});
const names = ({ fresh, ended }: { fresh: Alert[]; ended: Alert[] }) => ({
  fresh: fresh.map(({ name }) => name),
  ended: ended.map(({ name }) => name),
});
const nothing = { fresh: [], ended: [] };

it('tells an alert once when it fires, once when it is over, and again when it fires anew', () => {
  const book = alertBook();
  const take = (firing: Alert[], nowMs: number) => names(book.take('p', standing({ firing }), nowMs));
  expect(take([alert('a')], 1_000)).toEqual({ fresh: ['a'], ended: [] });
  expect(take([alert('a')], 2_000)).toEqual(nothing);
  expect(take([alert('a', 2_500)], 3_000)).toEqual({ fresh: ['a'], ended: ['a'] });
  expect(take([], 4_000)).toEqual({ fresh: [], ended: ['a'] });
});

it('takes an alert that a restarted process finds again for the same one, whenever that begins', () => {
  const book = alertBook();
  book.take('p', standing({ firing: [alert('a')] }), 1_000);
  const again = (change: Partial<StandingAlerts>, nowMs: number) =>
    names(book.take('p', standing({ runningSinceMs: 5_000, ...change }), nowMs));
  expect(again({}, 6_000)).toEqual(nothing);
  expect(again({ firing: [alert('a', 7_000)] }, 8_000)).toEqual(nothing);
  expect(again({ firing: [alert('a', 7_000)] }, 9_000)).toEqual(nothing);
  expect(again({}, 10_000)).toEqual({ fresh: [], ended: ['a'] });
});

it('believes that an alert is over once a restarted process had two minutes to find it again', () => {
  const book = alertBook();
  book.take('p', standing({ firing: [alert('a'), alert('b')] }), 1_000);
  const again = (pending: string[], nowMs: number) =>
    names(book.take('p', standing({ runningSinceMs: 5_000, pending }), nowMs));
  expect(again(['b'], 6_000)).toEqual(nothing);
  expect(again(['b'], 125_999)).toEqual(nothing);
  expect(again(['b'], 126_000)).toEqual({ fresh: [], ended: ['a'] });
  expect(again([], 127_000)).toEqual({ fresh: [], ended: ['b'] });
});

it('believes nothing of what is missing from an answer of two processes', () => {
  const book = alertBook();
  book.take('p', standing({ firing: [alert('a')] }), 1_000);
  expect(names(book.take('p', standing({ isRestarting: true }), 2_000))).toEqual(nothing);
});

it('takes the replicas behind one address, which saw an alert begin at different times, for one', () => {
  const book = alertBook();
  const take = (startedMs: number, runningSinceMs: number) =>
    names(book.take('p', standing({ firing: [alert('a', startedMs)], runningSinceMs }), 9_000));
  expect(take(1_500, 20)).toEqual({ fresh: ['a'], ended: [] });
  for (const [startedMs, since] of [
    [1_000, 10],
    [1_500, 20],
    [1_000, 10],
  ] as const)
    expect(take(startedMs, since)).toEqual(nothing);
});

it('tells an alert that was quiet as firing when it no longer is, and one that was quieted not as over', () => {
  const book = alertBook();
  const [a, b] = [alert('a'), alert('b')];
  expect(names(book.take('m', standing({ firing: [b], quiet: [silenced(a)] }), 1_000)).fresh).toEqual(['b']);
  expect(names(book.take('m', standing({ firing: [a], quiet: [silenced(b)] }), 2_000))).toEqual({
    fresh: ['a'],
    ended: [],
  });
  expect(names(book.take('m', standing(), 3_000)).ended.sort()).toEqual(['a', 'b']);
});

it('never tells that one is over which only ever was quiet', () => {
  const book = alertBook();
  book.take('m', standing({ quiet: [silenced(alert('a'))] }), 1_000);
  expect(names(book.take('m', standing(), 2_000))).toEqual(nothing);
});

it('tells each firing once and each end once, however often the process is started again', () => {
  const step = fc.record({
    fires: fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c'), { maxLength: 3 }),
    restarts: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const book = alertBook();
      const open = new Map<string, number>();
      const starts = new Map<string, number>();
      let runningSinceMs = 0;
      steps.forEach(({ fires, restarts }, at) => {
        const nowMs = at * 1_000;
        if (restarts) {
          runningSinceMs = nowMs;
          starts.clear();
        }
        for (const name of [...starts.keys()]) if (!fires.includes(name)) starts.delete(name);
        for (const name of fires) starts.set(name, starts.get(name) ?? nowMs);
        const firing = fires.map((name) => alert(name, starts.get(name)));
        const { fresh, ended } = book.take('p', standing({ firing, runningSinceMs }), nowMs);
        for (const { name } of ended) open.set(name, (open.get(name) ?? 0) - 1);
        for (const { name } of fresh) open.set(name, (open.get(name) ?? 0) + 1);
        for (const name of ['a', 'b', 'c']) {
          expect([0, 1]).toContain(open.get(name) ?? 0);
          if (fires.includes(name)) expect(open.get(name)).toBe(1);
        }
      });
    }),
  );
});
