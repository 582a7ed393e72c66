import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literals } from '../../../../electron/analyst/outgoing/masking/literals.ts';

const value = fc.string({ unit: fc.constantFrom('a', 'b', '\u00e9'), minLength: 1, maxLength: 12 });

test('finds every value of six characters and more, wherever it stands, and leaves none of it uncovered', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.array(value, { maxLength: 12 }), (values, pieces) => {
      const known = literals();
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
