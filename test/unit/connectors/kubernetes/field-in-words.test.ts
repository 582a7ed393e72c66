import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldInWords } from '../../../../electron/connectors/kubernetes/watched/field-in-words.ts';

const file = (size: string, more = '') => `db:\n  host: db.shop\n  size: ${size}\n${more}log: info\n`;
const long = 'x'.repeat(140);

it.each([
  ['a short value', '40', '4', 'f 40 → 4'],
  ['a value that came', null, '4', 'f (none) → 4'],
  ['a value that went', '40', null, 'f 40 → (none)'],
  ['a long value by its length', long, `${long}y`, 'f 140 characters → 141 characters'],
  ['a file that came', null, file('4'), 'f (none) → 4 lines'],
  ['one line of a file', file('40'), file('4'), 'f, line 3: size: 40 → size: 4'],
  ['one long line by its length', file(long), file('4'), 'f, line 3: 146 characters → size: 4'],
  ['lines that came', file('4'), file('4', '  a: 1\n  b: 2\n'), 'f, lines 4 to 5 added'],
  ['lines that went', file('4', '  a: 1\n'), file('4'), 'f, 1 line taken out after line 3'],
  ['several lines', file('40'), file('4', '  a: 1\n'), 'f, lines 3 to 4'],
  ['what is hidden on both sides', file('(hidden)'), file('(hidden)'), 'f, a hidden value'],
])('tells %s', (_case, before, after, words) => {
  expect(fieldInWords({ path: 'f', before, after })).toBe(words);
});

it('is short, of one line and says something, whatever changed', () => {
  const value = fc.option(
    fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.array(fc.string()).map((lines) => lines.join('\n')),
    ),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), value, value, (path, before, after) => {
      const words = fieldInWords({ path: path.replaceAll('\n', ''), before, after });
      expect(words.length).toBeLessThan(300);
      expect(words).not.toContain('\n');
    }),
  );
});
