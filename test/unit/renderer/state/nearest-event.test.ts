import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearestEvent } from '../../../../renderer/state/nearest-event.ts';
import { Event } from '../../../../shared/vocabulary/event.ts';

const at = (atMs: number, nth: number) =>
  Event.parse({
    incident: 'inc',
    kind: 'note',
    key: `n${nth}`,
    atMs,
    service: null,
    title: 'x',
    source: 's',
    author: 'a',
  });

it('is as near as any, and the first of those that are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }),
      fc.integer({ min: -5, max: 60 }),
      (times, asked) => {
        const events = times.toSorted((a, b) => a - b).map(at);
        const least = Math.min(...events.map(({ atMs }) => Math.abs(atMs - asked)));
        const first = events.find(({ atMs }) => Math.abs(atMs - asked) === least);
        expect(nearestEvent(events, asked)).toBe(first);
      },
    ),
  );
});

it('is nothing where nothing happened', () => {
  expect(nearestEvent([], 5)).toBeUndefined();
});
