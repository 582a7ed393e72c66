import { expect, it } from 'vitest';
import { skewMeter, skewSentence } from '../../../electron/platform/clock-skew.ts';

const at = (seconds: number) => new Date(seconds * 1_000).toUTCString();

it.each([
  ['the same second', at(100), 100_200, 100_700, 0],
  ['a second that began before the question', at(100), 100_900, 101_300, 0],
  ['a clock that is ahead', at(700), 100_000, 100_500, 599_500],
  ['a clock that is behind', at(40), 100_000, 100_500, -59_000],
  ['no clock', undefined, 100_000, 100_500, null],
  ['no time', 'yesterday', 100_000, 100_500, null],
])('%s is measured', (_case, date, sentMs, receivedMs, expected) => {
  const meter = skewMeter();
  meter.note(date, sentMs, receivedMs);
  expect(meter.read()).toBe(expected);
});

it.each([
  [null, null],
  [0, null],
  [4_000, null],
  [30_000, /30 s ahead of this/],
  [-600_000, /10 min behind this/],
])('a skew of %s ms is told so', (skewMs, expected) => {
  const told = skewSentence('Prometheus', skewMs);
  if (expected === null) expect(told).toBeNull();
  else expect(told).toMatch(expected);
});
