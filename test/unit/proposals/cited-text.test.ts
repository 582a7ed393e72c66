import { expect, it } from 'vitest';
import { citedText } from '../../../electron/proposals/cited-text.ts';
import { Event } from '../../../shared/vocabulary/event.ts';

const fact = { incident: 'inc-1', atMs: 1, service: 'checkout', title: 'x', source: 'cluster' };
const signal = (key: string, sort: string) =>
  Event.parse({ ...fact, key, kind: 'signal', sort, severity: 'warning' });
const events = new Map(
  [
    signal('log', 'log'),
    signal('symptom', 'symptom'),
    signal('metric', 'metric'),
    signal('alert', 'alert'),
    signal('kubernetes', 'kubernetes'),
    Event.parse({ ...fact, key: 'deploy', kind: 'change', change: 'deploy' }),
    Event.parse({ ...fact, key: 'note', kind: 'note', author: 'Mina' }),
    Event.parse({ ...fact, key: 'record', kind: 'record', sort: 'proposal', ref: 'prop-1' }),
  ].map((event) => [event.key, event]),
);
const reads = new Map([
  ['read-metric', true],
  ['read-log', false],
]);
const restsOn = (keys: string[], ids: string[] = []) =>
  citedText([{ sentence: 'because', events: keys, reads: ids }], {
    event: (key) => events.get(key),
    readIsObserved: (id) => reads.get(id),
  });

it.each(['metric', 'alert', 'kubernetes', 'deploy'])('%s was observed', (key) => {
  expect(restsOn([key])).toBe('observed');
});

it.each(['log', 'symptom', 'note', 'record', 'nowhere'])(
  '%s alone is words that anybody may write',
  (key) => {
    expect(restsOn([key])).toBe('outsider-text-only');
  },
);

it('rests on the read that holds a measurement, and not on the one that holds log lines', () => {
  expect(restsOn([], ['read-metric'])).toBe('observed');
  expect(restsOn([], ['read-log'])).toBe('outsider-text-only');
  expect(restsOn([], ['read-nobody-made'])).toBe('outsider-text-only');
});

it('takes one observed fact among many words', () => {
  expect(restsOn(['log', 'note', 'metric'], ['read-log'])).toBe('observed');
});

it('rests on nothing where nothing is cited', () => {
  expect(restsOn([])).toBe('outsider-text-only');
  const nowhere = { event: () => undefined, readIsObserved: () => undefined };
  expect(citedText([], nowhere)).toBe('outsider-text-only');
});
