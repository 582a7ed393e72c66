import { expect, it } from 'vitest';
import { measureInWords, moveInWords } from '../../../shared/formats/measure.ts';

it('tells a ratio in percent, and any other measure in its unit', () => {
  expect(measureInWords(0.1574, 'ratio')).toBe('15.7 %');
  expect(measureInWords(0.0907, 's')).toBe('0.0907 s');
  expect(measureInWords(391.2, '1', 2)).toBe('390');
  expect(measureInWords(null, 'ratio')).toBe('unknown');
});

it('tells the unit of a move once, unless one end of it is unknown', () => {
  expect(moveInWords(0.000459, 0.16, 'ratio')).toBe('0.0459 to 16 %');
  expect(moveInWords(0.1, 0.5, 's', ' → ')).toBe('0.1 → 0.5 s');
  expect(moveInWords(null, 3, 'req/s')).toBe('unknown to 3 req/s');
});

it('tells nothing in powers of ten', () => {
  expect(measureInWords(3e-12, 'ratio')).toBe('0 %');
  expect(measureInWords(1.234e22, 'bytes')).toBe('12300000000000000000000 bytes');
  expect(measureInWords(2.5e-8, 'ratio')).toBe('0.0000025 %');
  expect(measureInWords(-4e-9, 's')).toBe('-0.000000004 s');
});
