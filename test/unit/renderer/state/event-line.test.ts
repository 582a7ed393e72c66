import { expect, it } from 'vitest';
import { linesIn } from '../../../../renderer/state/event-line.ts';
import { eventJson } from '../../../../shared/formats/event-json.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { eventsAt } from '../../../fixtures/fake-host/shop.ts';

const events = eventsAt(IncidentId.parse('inc-1'), 1_760_000_000_000);
const linesOf = (...jsonLines: string[]) => linesIn({ before: null, jsonLines: jsonLines.join('\n') });

it('gives every event of a page back, in its order', () => {
  const lines = linesOf(...events.map(eventJson));
  expect(lines.map(({ key, atMs, kind }) => ({ key, atMs, kind }))).toEqual(
    events.map(({ key, atMs, kind }) => ({ key, atMs, kind })),
  );
  expect(lines.map(({ event }) => event)).toEqual(events);
});

it('reads a line once, so that what is shown of it stays the same', () => {
  const [line] = linesOf(...events.map(eventJson));
  expect(line?.event).toBe(line?.event);
});

it('holds an event that was written in another order of its fields', () => {
  const turned = events.map((event) => JSON.stringify(Object.fromEntries(Object.entries(event).reverse())));
  expect(linesOf(...turned).map(({ event }) => event)).toEqual(events);
});

it('knows where a line stands that it does not understand, and says that it does not', () => {
  const [line, cut, ...others] = linesOf(
    '{"kind":"signal","atMs":5,"key":"a","sort":"unheard of"}',
    '{"kind":"note","atMs":6,"key":"b","ti',
    '{"kind":"note","atMs":7,"key":"c","toString":{}}',
  );
  expect([line?.key, line?.atMs, line?.event, cut?.event]).toEqual(['a', 5, null, null]);
  expect(others.map(({ event }) => event)).toEqual([null]);
});

it('takes nothing for a line that does not say what it is', () => {
  expect(linesOf()).toEqual([]);
  for (const json of ['', 'null', '{}', '{"kind":"rumour","atMs":5,"key":"a"}'])
    expect(() => linesOf(json, json)).toThrow('does not understand');
});
