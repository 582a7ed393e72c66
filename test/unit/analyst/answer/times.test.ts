import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spanIn } from '../../../../electron/analyst/offline/answer/times.ts';

const at = (text: string) => Date.parse(text);
/** A quarter past ten, by a clock two hours ahead of UTC. */
const asker = { atMs: at('2026-03-03T08:15:00Z'), utcOffsetMinutes: 120 };

it.each([
  ['since 09:00', '2026-03-03T07:00:00Z', null],
  ['since 9am', '2026-03-03T07:00:00Z', null],
  ['after 09:00 UTC', '2026-03-02T09:00:00Z', null],
  ['since 08:00z', '2026-03-03T08:00:00Z', null],
  ['since 23:30', '2026-03-02T21:30:00Z', null],
  ['since 2026-03-03T07:30:00Z', '2026-03-03T07:30:00Z', null],
  ['since 2026-03-03T09:30', '2026-03-03T07:30:00Z', null],
  ['between 09:00 and 09:30', '2026-03-03T07:00:00Z', '2026-03-03T07:30:00Z'],
  ['from 23:30 to 00:15', '2026-03-02T21:30:00Z', '2026-03-02T22:15:00Z'],
  ['before 09:10:30', null, '2026-03-03T07:10:30Z'],
  ['at 09:10', '2026-03-03T07:05:00Z', '2026-03-03T07:15:00Z'],
  ['in the last 20 minutes', '2026-03-03T07:55:00Z', null],
  ['in the past hour', '2026-03-03T07:15:00Z', null],
  ['over the last 2h', '2026-03-03T06:15:00Z', null],
  ['since 30 min ago', '2026-03-03T07:45:00Z', null],
  ['today', '2026-03-02T22:00:00Z', null],
  ['yesterday', '2026-03-01T22:00:00Z', '2026-03-02T22:00:00Z'],
])('reads “what changed %s”', (words, from, to) => {
  expect(spanIn(`what changed on checkout ${words}?`, asker)).toEqual({
    from: from && at(from),
    to: to && at(to),
  });
});

it.each([
  ['what changed since the onset', { from: 'onset', to: null }],
  ['what changed before it started', { from: null, to: 'onset' }],
  ['what happened after the trouble began', { from: 'onset', to: null }],
])('knows the beginning of the trouble in “%s”', (question, span) => {
  expect(spanIn(question, asker)).toEqual(span);
});

it.each(['what changed on checkout', 'since 2026-99-99T99:99Z', 'is node-7 ok', 'who approved it'])(
  'finds no time in “%s”',
  (question) => expect(spanIn(question, asker)).toBeNull(),
);

it('gives a time that has been, for any time of day and any clock', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: -720, max: 840 }),
      fc.integer({ min: 1e12, max: 2e12 }),
      (hour, minute, utcOffsetMinutes, atMs) => {
        const two = (value: number) => String(value).padStart(2, '0');
        const from = spanIn(`since ${two(hour)}:${two(minute)}`, { atMs, utcOffsetMinutes })?.from;
        if (typeof from !== 'number') throw new Error('a time of day is a time');
        expect(from).toBeLessThanOrEqual(atMs);
        expect(from).toBeGreaterThan(atMs - 86_400_000);
        expect(new Date(from + utcOffsetMinutes * 60_000).toISOString().slice(11, 16)).toBe(
          `${two(hour)}:${two(minute)}`,
        );
      },
    ),
  );
});

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const span = spanIn(`since ${text}`, asker);
      for (const moment of [span?.from, span?.to]) {
        if (typeof moment === 'number') expect(Number.isFinite(moment)).toBe(true);
      }
    }),
  );
});
