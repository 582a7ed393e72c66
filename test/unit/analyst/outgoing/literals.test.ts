import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literals } from '../../../../electron/analyst/outgoing/masking/literals.ts';

const value = fc.string({ unit: fc.constantFrom('a', 'b', '\u00e9'), minLength: 1, maxLength: 12 });

/** Whether each character stands in one of the values. */
function covered(text: string, values: readonly string[]): boolean[] {
  const is = new Array<boolean>(text.length).fill(false);
  for (const one of values)
    for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1))
      is.fill(true, at, at + one.length);
  return is;
}

test('covers every value of six characters and more that is held, wherever it stands, also within another, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.array(value, { maxLength: 12 }), (values, pieces) => {
      const known = literals('held');
      for (const one of values) known.add(one);
      const text = pieces.join('');
      const found = known.find(text);
      const parts = new Array<boolean>(text.length).fill(false);
      for (const { from, to } of found) parts.fill(true, from, to);
      expect(parts).toEqual(
        covered(
          text,
          values.filter((one) => one.length >= 6),
        ),
      );
      for (const [nth, { from }] of found.entries())
        expect(from).toBeGreaterThanOrEqual(found[nth - 1]?.to ?? 0);
    }),
  );
});

test('finds the first of every learned value, and none within another', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.array(value, { maxLength: 12 }), (values, pieces) => {
      const known = literals('learned');
      for (const one of values) known.add(one);
      const text = pieces.join('');
      const found = known.find(text);
      for (const { from, to } of found) expect(values).toContain(text.slice(from, to));
      const first = values
        .filter((one) => one.length >= 6 && text.includes(one))
        .map((one) => text.indexOf(one));
      expect(found.length > 0).toBe(first.length > 0);
      if (first.length > 0) expect(found[0]?.from).toBe(Math.min(...first));
    }),
  );
});

test('takes 32 lengths of learned values that begin alike, and all of those that are held', () => {
  const values = Array.from({ length: 40 }, (_, nth) => `secret${'x'.repeat(nth)}`);
  const longestOf = (whose: 'held' | 'learned') => {
    const known = literals(whose);
    for (const one of values) known.add(one);
    return known.find(values.at(-1) ?? '')[0]?.to;
  };
  expect(longestOf('learned')).toBe('secret'.length + 31);
  expect(longestOf('held')).toBe('secret'.length + 39);
});
