import { expect, it } from 'vitest';
import {
  confidenceWord,
  counted,
  countOf,
  duration,
  fromTo,
  measured,
  relativeTo,
} from '../../../../renderer/ui/words.ts';

it.each([
  [0, '0 s'],
  [-5_000, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [250_000, '4 min 10 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
])('tells %d ms as %s', (ms, words) => expect(duration(ms)).toBe(words));

it.each([
  [-40_000, '40 s before onset'],
  [500, 'at onset'],
  [180_000, '3 min after onset'],
])('tells %d ms from the onset as %s', (ms, words) =>
  expect(relativeTo(10_000_000 + ms, 10_000_000, 'onset')).toBe(words),
);

it.each([
  [0.182, 'ratio', '18.2 %'],
  [0.0421, 's', '42.1 ms'],
  [1.5, 's', '1.5 s'],
  [1204, '1/s', '1\u202f204 1/s'],
  [null, 's', 'no sample'],
  [Number.NaN, 's', 'no sample'],
])('tells %s in %s as %s', (value, unit, words) => expect(measured(value, unit)).toBe(words));

it('parts thousands and counts one and many', () => {
  expect(countOf(1_234_567)).toBe('1\u202f234\u202f567');
  expect(counted(1, 'change')).toBe('1 change');
  expect(counted(41, 'change')).toBe('41 changes');
});

it('never says that a high confidence is certain', () => {
  expect(confidenceWord(1)).toBe('Very likely');
  expect(confidenceWord(0.5)).toBe('About even');
  expect(confidenceWord(0.3)).toBe('Possible');
  expect(confidenceWord(0)).toBe('Unlikely');
});

it('tells a window in minutes, and a short one to the second', () => {
  const fromMs = new Date(2026, 10, 22, 18, 6, 46).getTime();
  expect(fromTo(fromMs, fromMs + 4_020_000)).toMatch(/^18:06–19:13$/);
  expect(fromTo(fromMs, fromMs + 90_000)).toMatch(/^18:06:46–18:08:16$/);
});
