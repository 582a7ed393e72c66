import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prepareWindows } from '../../../../electron/guard/windows/prepared-windows.ts';
import { Envelope, type EnvelopeWindow } from '../../../../shared/formats/envelope.ts';
import { defaultEnvelope } from '../../../fixtures/request-of.ts';

const windowOf = (differences: Partial<EnvelopeWindow>): EnvelopeWindow => ({
  name: 'one',
  kind: 'freeze',
  timeZone: 'Europe/Berlin',
  starts: '2026-01-05T02:30:00',
  lasts: 'PT1H',
  rrule: 'FREQ=DAILY',
  ...differences,
});
const here = { environment: 'production', namespace: 'shop' };
const windowsWith = (...windows: EnvelopeWindow[]) =>
  prepareWindows(Envelope.parse({ ...defaultEnvelope, windows }));
const isFrozen = (window: Partial<EnvelopeWindow>, at: string, place = here) =>
  windowsWith(windowOf(window)).at(Date.parse(at), place).freeze !== null;

it.each<[string, Partial<EnvelopeWindow>, string, boolean]>([
  ['holds from its first millisecond', {}, '2026-02-03T01:30:00.000Z', true],
  ['does not hold before', {}, '2026-02-03T01:29:59.999Z', false],
  ['holds in its last', {}, '2026-02-03T02:29:59.999Z', true],
  ['does not hold at its end', {}, '2026-02-03T02:30:00.000Z', false],
  ['does not hold before its first start', {}, '2026-01-04T01:45:00Z', false],
  ['moves with the clock in summer', {}, '2026-07-01T00:30:00Z', true],
  ['is not an hour late in summer', {}, '2026-07-01T01:45:00Z', false],
  // On 29 March 2026 the clock goes from 02:00 to 03:00, so 02:30 does not exist.
  ['comes when the clock has moved on where its start is skipped', {}, '2026-03-29T01:45:00Z', true],
  ['lasts its whole hour then', {}, '2026-03-29T02:29:59Z', true],
  ['and ends', {}, '2026-03-29T02:30:00Z', false],
  // On 25 October 2026 02:30 comes twice, at 00:30 and 01:30 UTC.
  ['begins with the first of two equal times', {}, '2026-10-25T00:30:00Z', true],
  ['does not come twice', {}, '2026-10-25T01:30:00Z', false],
  [
    'lasts a calendar day of 23 hours',
    { starts: '2026-01-05T00:00:00', lasts: 'P1D', rrule: 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29' },
    '2026-03-29T21:59:59Z',
    true,
  ],
  [
    'and not the 24th',
    { starts: '2026-01-05T00:00:00', lasts: 'P1D', rrule: 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29' },
    '2026-03-29T22:00:00Z',
    false,
  ],
  ['comes on its days of the week', { rrule: 'FREQ=WEEKLY;BYDAY=MO,TU' }, '2026-02-03T01:45:00Z', true],
  ['and on no others', { rrule: 'FREQ=WEEKLY;BYDAY=MO,TU' }, '2026-02-04T01:45:00Z', false],
  [
    'comes on the last Friday of the month',
    { rrule: 'FREQ=MONTHLY;BYDAY=-1FR' },
    '2026-02-27T01:45:00Z',
    true,
  ],
  ['comes once without a rule', { rrule: undefined }, '2026-01-05T02:00:00Z', true],
  ['and not again', { rrule: undefined }, '2026-01-06T02:00:00Z', false],
  ['holds on when it lasts longer than it is apart', { lasts: 'P2D' }, '2026-02-03T12:00:00Z', true],
  ['does not start after its end', { ends: '2026-02-01T00:00:00' }, '2026-02-03T01:45:00Z', false],
])('a window %s', (_case, window, at, frozen) => expect(isFrozen(window, at)).toBe(frozen));

it('knows where a window holds', () => {
  const at = '2026-02-03T01:45:00Z';
  const elsewhere = { ...here, namespace: 'data-1' };
  expect(isFrozen({ namespaces: ['data-*'] }, at)).toBe(false);
  expect(isFrozen({ namespaces: ['data-*'] }, at, elsewhere)).toBe(true);
  expect(isFrozen({ environments: ['production'] }, at)).toBe(true);
  expect(
    windowsWith(windowOf({ environments: ['production'] })).at(Date.parse(at), {
      environment: null,
      namespace: 'shop',
    }).freeze,
  ).toBeNull();
});

it('is closed outside every change window that the environment names, and asks for none otherwise', () => {
  const hours = windowOf({ name: 'hours', kind: 'change-window' });
  const asks = prepareWindows(
    Envelope.parse({
      ...defaultEnvelope,
      environments: [{ name: 'production', namespaces: ['*'], changesOnlyIn: ['hours'] }],
      windows: [hours],
    }),
  );
  expect(asks.at(Date.parse('2026-02-03T01:45:00Z'), here).change.kind).toBe('open');
  expect(asks.at(Date.parse('2026-02-03T03:45:00Z'), here).change).toEqual({
    kind: 'closed',
    names: ['hours'],
  });
  expect(windowsWith(hours).at(0, here).change.kind).toBe('not-asked');
});

it('gives the same answer however it is asked before', () => {
  const window = windowOf({ rrule: 'FREQ=WEEKLY;BYDAY=SU', lasts: 'PT5H' });
  const asked = windowsWith(window);
  const hourMs = 3_600_000;
  const moments = fc.integer({ min: 0, max: 24 * 366 }).map((hour) => Date.UTC(2026, 0, 1) + hour * hourMs);
  fc.assert(
    fc.property(moments, (atMs) => {
      expect(asked.at(atMs, here)).toEqual(windowsWith(window).at(atMs, here));
    }),
    { numRuns: 60 },
  );
});

it.each<[string, Partial<EnvelopeWindow>, RegExp]>([
  ['an hour that no day has', { rrule: 'FREQ=DAILY;BYHOUR=30' }, /BYHOUR=30 is not understood/],
  ['a month that no year has', { rrule: 'FREQ=DAILY;BYMONTH=99' }, /BYMONTH=99 is not understood/],
  ['a part nobody knows', { rrule: 'FREQ=DAILY;FOO=1' }, /FOO=1 is not understood/],
  ['a day nobody knows', { rrule: 'FREQ=WEEKLY;BYDAY=XX' }, /does not hold/],
  ['a day that never comes', { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, /never comes/],
  ['no duration', { lasts: 'PT0S' }, /lasts no time/],
])('refuses a window with %s, naming it', (_case, window, message) => {
  expect(() => windowsWith(windowOf(window))).toThrow(message);
  expect(() => windowsWith(windowOf(window))).toThrow(/one/);
});

it.each<[string, object]>([
  ['a time zone nobody knows', { timeZone: 'Europe/Atlantis' }],
  ['a start with an offset', { starts: '2026-01-05T02:30:00Z' }],
  ['a rule each second', { rrule: 'FREQ=SECONDLY' }],
  ['an end inside the rule', { rrule: 'FREQ=DAILY;UNTIL=20270101T000000Z' }],
  ['an environment that does not exist', { environments: ['staging'] }],
])('refuses %s', (_case, window) => {
  const parsed = Envelope.safeParse({ ...defaultEnvelope, windows: [{ ...windowOf({}), ...window }] });
  expect(parsed.success).toBe(false);
});
