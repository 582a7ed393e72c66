import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EndedAlert } from '../../../electron/connectors/source.ts';
import { endedBeyond } from '../../../electron/timeline/ended-beyond.ts';

const t0 = Date.parse('2026-03-01T12:00:00Z');

const ended = (fingerprint: string, sentAs: string[], fromMinute: number, toMinute: number): EndedAlert => ({
  fingerprint,
  sentAs,
  name: 'A',
  severity: 'info',
  service: null,
  labels: {},
  summary: 'A',
  startedMs: t0 + fromMinute * 60_000,
  endedMs: t0 + toMinute * 60_000,
  raw: null,
});
const standing = (fingerprint: string, sentAs: string[], fromMinute: number) => {
  const { endedMs: _endless, ...alert } = ended(fingerprint, sentAs, fromMinute, 0);
  return { ...alert, raw: null };
};

it.each([
  ['is over where it alone arrives', [ended('a', ['x'], 0, 5)], [], [['x']]],
  [
    'lasts where another that arrives as the same ends later',
    [ended('a', ['x'], 0, 5), ended('b', ['x'], 4, 9)],
    [],
    [[], ['x']],
  ],
  ['lasts where another still stands', [ended('a', ['x', 'y'], 0, 5)], [standing('b', ['x'], 3)], [['y']]],
  ['is over where another begins after it', [ended('a', ['x'], 0, 5)], [standing('b', ['x'], 6)], [['x']]],
  [
    'is over each time that the same alert ends',
    [ended('a', ['x'], 0, 5), ended('a', ['x'], 7, 9)],
    [standing('a', ['x'], 11)],
    [['x'], ['x']],
  ],
])('what arrived %s', (_case, over, stands, expected) =>
  expect(endedBeyond(over, stands).map(({ sentAs }) => sentAs)).toEqual(expected),
);

it('of alerts that overlap and arrive as one, the last end is the end', () => {
  const one = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 11, max: 1_000 }));
  fc.assert(
    fc.property(fc.uniqueArray(one, { minLength: 1, maxLength: 8, selector: ([, to]) => to }), (spans) => {
      const alerts = spans.map(([from, to], index) => ended(`p${index}`, ['x'], from, to));
      const told = endedBeyond(alerts, []).filter(({ sentAs }) => sentAs?.includes('x'));
      expect(told.map(({ endedMs }) => endedMs)).toEqual([Math.max(...alerts.map(({ endedMs }) => endedMs))]);
    }),
  );
});
