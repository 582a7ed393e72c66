import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { csvCell, csvLines } from '../../../shared/formats/csv.ts';

it.each([
  ['=1+1'],
  ['+cmd'],
  ['-2+3'],
  ['@SUM(A1)'],
  [' =1+1'],
  ['\t=1'],
  ['\u00a0=1'],
  ['\u200b=1'],
  ['＝1+1'],
  ['"=1'],
  ['\r\n=1'],
])('begins %j with an apostrophe, so that no spreadsheet runs it', (text) => {
  expect(csvCell(text)).toMatch(/^"?'/);
});

it.each([['checkout-1'], ['1.5'], ['a=b'], ['5xx of checkout'], ['']])('leaves %j as it is', (text) => {
  expect(csvCell(text)).toBe(text);
});

test('no cell can begin another cell or line', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (cells) => {
      const line = csvLines([cells]);
      expect(line.endsWith('\r\n')).toBe(true);
      const unquoted = line.slice(0, -2).replaceAll(/"(?:[^"]|"")*"/g, '');
      expect(unquoted.split(',')).toHaveLength(cells.length);
      expect(unquoted).not.toMatch(/[\r\n"]/);
    }),
  );
});

test('writes out what a terminal or a reader’s screen would act on', () => {
  expect(csvCell('a\u001b[31mb\u202ec')).toBe('a\\u{001b}[31mb\\u{202e}c');
});
