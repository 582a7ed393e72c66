import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heldEvents } from '../../../electron/timeline/held-events.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const event = (incident: string, key: string, atMs: number): Event => ({
  incident: IncidentId.parse(incident),
  kind: 'note',
  key,
  atMs,
  title: `${key} at ${atMs}`,
  service: null,
  source: 'Mina',
  author: 'Mina',
});

/** A store that orders as the real one does: by time, and what came first first. */
function store() {
  const rows: Event[] = [];
  let asked = 0;
  return {
    asked: () => asked,
    add: (events: readonly Event[]) => void rows.push(...events),
    replace(events: readonly Event[]) {
      for (const one of events) rows[rows.findIndex(({ key }) => key === one.key)] = one;
    },
    ofIncident(incident: string) {
      asked += 1;
      return rows.filter((one) => one.incident === incident).sort((a, b) => a.atMs - b.atMs);
    },
  };
}

it('holds what the store would answer, without asking it again', () => {
  const steps = fc.array(fc.record({ atMs: fc.nat(20), isFuller: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (all) => {
      const rows = store();
      const held = heldEvents(rows);
      held.ofIncident('inc-1');
      const keys: string[] = [];
      for (const { atMs, isFuller } of all) {
        const [known] = keys;
        const one = event('inc-1', isFuller && known ? known : `key-${keys.length}`, atMs);
        if (isFuller && known) rows.replace([one]);
        else rows.add([one]);
        held.keep('inc-1', isFuller && known ? [] : [one], isFuller && known ? [one] : []);
        if (!keys.includes(one.key)) keys.push(one.key);
      }
      const answers = held.ofIncident('inc-1');
      expect(rows.asked()).toBe(1);
      expect(answers.map(({ atMs }) => atMs)).toEqual(
        answers.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
      );
      expect(new Set(answers)).toEqual(new Set(rows.ofIncident('inc-1')));
    }),
  );
});

it('gives away a list of its own, so that whoever sorts it changes nothing here', () => {
  const rows = store();
  rows.add([event('inc-1', 'a', 1), event('inc-1', 'b', 2)]);
  const held = heldEvents(rows);
  held.ofIncident('inc-1').reverse();
  expect(held.ofIncident('inc-1').map(({ key }) => key)).toEqual(['a', 'b']);
});

it('forgets the incident that was asked for longest ago, and everything when told to', () => {
  const rows = store();
  const held = heldEvents(rows);
  for (let at = 0; at < 9; at += 1) held.ofIncident(`inc-${at}`);
  expect(rows.asked()).toBe(9);
  held.ofIncident('inc-8');
  expect(rows.asked()).toBe(9);
  held.ofIncident('inc-0');
  expect(rows.asked()).toBe(10);
  held.forget();
  held.ofIncident('inc-8');
  expect(rows.asked()).toBe(11);
});
