import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byTime, withEvents, withOlder } from '../../../../renderer/state/ordered-events.ts';
import type { Event } from '../../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';

const incident = IncidentId.parse('inc-1');
const event = (key: string, atMs: number, title: string): Event => ({
  incident,
  kind: 'note',
  key,
  atMs,
  title,
  service: null,
  source: 'Mina',
  author: 'Mina',
});
const anyEvent = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.nat(9), fc.string({ maxLength: 3 }))
  .map(([key, atMs, title]) => event(key, atMs, title));

it('is the same as keeping the newest of each key and sorting, however it is told', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyEvent, { maxLength: 6 }), { maxLength: 8 }), (batches) => {
      let list: readonly Event[] = [];
      const all = new Map<string, Event>();
      for (const batch of batches) {
        list = withEvents(list, batch);
        for (const one of batch) all.set(one.key, one);
        expect(list).toEqual([...all.values()].sort(byTime));
      }
    }),
  );
});

it('leaves the list alone from which another was derived, and derives from it again', () => {
  const first = withEvents([], [event('a', 1, 'one'), event('b', 2, 'two')]);
  const then = withEvents(first, [event('a', 3, 'moved')]);
  const again = withEvents(first, [event('c', 0, 'earlier'), event('b', 2, 'anew')]);
  expect(first.map(({ title }) => title)).toEqual(['one', 'two']);
  expect(then.map(({ title }) => title)).toEqual(['two', 'moved']);
  expect(again.map(({ title }) => title)).toEqual(['earlier', 'one', 'anew']);
});

it('is the very same list when nothing is added', () => {
  const list = withEvents([], [event('a', 1, 'one')]);
  expect(withEvents(list, [])).toBe(list);
});

it('puts what was read of older events before those that are held, which came later and stand', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), fc.array(anyEvent), fc.array(anyEvent), (some, others, more) => {
      const held = withEvents([], some);
      const list = withOlder(held, withEvents([], others));
      expect(list).toEqual(withEvents(withEvents([], others), held));
      // Whatever was read, what comes then stands once.
      expect(withEvents(list, more)).toEqual(withEvents(withEvents(withEvents([], others), some), more));
    }),
  );
});
