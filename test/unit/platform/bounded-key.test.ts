import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundedKey, MOST_KEY_CHARACTERS } from '../../../electron/platform/bounded-key.ts';

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\ud800', '\udfff', '\ufffd', '\0', 'x'.repeat(MOST_KEY_CHARACTERS), '😀'.repeat(250)),
);
const key = fc.tuple(name, name, name).map((parts) => `flag:${parts.join('')}`);

it('leaves a key as it is where it can be stored so', () => {
  for (const one of [
    'flag:default/checkout@7',
    'flag:服务/سلة@1',
    `k:${'x'.repeat(MOST_KEY_CHARACTERS - 2)}`,
  ])
    expect(boundedKey(one)).toBe(one);
});

it('makes of any key one that can be stored, the same each time, and never one of two', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      const bounded = boundedKey(one);
      expect(bounded.length).toBeLessThanOrEqual(MOST_KEY_CHARACTERS);
      expect(bounded.isWellFormed()).toBe(true);
      expect(boundedKey(bounded)).toBe(bounded);
      expect(bounded === boundedKey(other)).toBe(one === other);
    }),
  );
});

it('keeps apart what differs at the end of a name without end, or in half a pair alone', () => {
  const long = 'n'.repeat(10_000);
  expect(boundedKey(`flag:p/${long}@1`)).not.toBe(boundedKey(`flag:p/${long}@2`));
  expect(boundedKey('flag:p/\ud800@1')).not.toBe(boundedKey('flag:p/\udfff@1'));
});
