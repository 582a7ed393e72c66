import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandOf, quoted } from '../../../../electron/actions/parts/quoted.ts';

/** What a shell makes of arguments, each ended by a byte that no argument can hold. */
const readBack = (line: string): string[] => {
  const told = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return told.split('\0').slice(0, -1);
};
const withoutNul = (text: string) => text.replaceAll('\0', '');
const argument = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map(withoutNul),
  fc.string({ unit: fc.constantFrom(...'\'"\\`$!*?[]{}()<>|&;~# \t\n=-%a'), maxLength: 20 }),
);

it('gives a shell back exactly what was quoted, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 8 }), (given) => {
      const argv = given.map((text) => text.toWellFormed());
      expect(readBack(commandOf(...argv))).toEqual(argv);
    }),
    { numRuns: 150 },
  );
});

it.each([
  ['shop', 'shop'],
  ['deployment/checkout', 'deployment/checkout'],
  ['--replicas=9', '--replicas=9'],
  ['', "''"],
  ["it's", "'it'\\''s'"],
  ['$(rm -rf /)', "'$(rm -rf /)'"],
  ['~root', "'~root'"],
  ['а', "'а'"],
])('quotes %j as %j', (given, expected) => expect(quoted(given)).toBe(expected));
