import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type ChartMark,
  marksIn,
  marksOf,
  sameIfEqual,
  together,
} from '../../../../renderer/metrics/chart-marks.ts';
import { lineOf } from '../../../../renderer/state/event-line.ts';
import { Event } from '../../../../shared/vocabulary/event.ts';

const fact = { incident: 'inc', atMs: 5, title: 'x', source: 's' };
const events = [
  { ...fact, kind: 'change', key: 'own', service: 'payments', change: 'deploy' },
  { ...fact, kind: 'change', key: 'far', service: 'cart', change: 'flag' },
  { ...fact, kind: 'change', key: 'worth', service: 'cart', change: 'config' },
  { ...fact, kind: 'record', key: 'did', service: 'cart', sort: 'execution', ref: 'p' },
  { ...fact, kind: 'record', key: 'said', service: 'payments', sort: 'proposal', ref: 'p' },
  { ...fact, kind: 'note', key: 'note', service: 'payments', author: 'Mina' },
].map((event) => lineOf(Event.parse(event)));

it('marks what was changed in a service, what is worth reading, and everything that was done', () => {
  const marks = marksOf('payments', marksIn(events), new Set(['worth']));
  expect(marks.map(({ key }) => key)).toEqual(['own', 'worth', 'did']);
});

it('is the same list until something else is marked', () => {
  const marks = marksIn(events);
  expect(sameIfEqual(marks, marksIn(events))).toBe(marks);
  const fewer = marksIn(events.slice(1));
  expect(sameIfEqual(marks, fewer)).toBe(fewer);
  expect(sameIfEqual(undefined, fewer)).toBe(fewer);
});

it('gives those that would lie on each other one place, and loses none in view', () => {
  const mark = (atMs: number): ChartMark => ({
    key: String(atMs),
    atMs,
    service: null,
    title: '',
    what: { tone: 'action' },
  });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100 })),
      fc.integer({ min: 1, max: 30 }),
      (times, least) => {
        const marks = times.toSorted((a, b) => a - b).map(mark);
        const groups = together(marks, { fromMs: 10, toMs: 90 }, least);
        expect(groups.flat()).toEqual(marks.filter(({ atMs }) => atMs >= 10 && atMs <= 90));
        const firsts = groups.map(([first]) => first?.atMs ?? 0);
        for (const [nth, atMs] of firsts.slice(1).entries())
          expect(atMs - (firsts[nth] ?? 0)).toBeGreaterThanOrEqual(least);
      },
    ),
  );
});
