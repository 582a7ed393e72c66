import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seal, unseal } from '../../../electron/vault/seal.ts';

const key = randomBytes(32);
const plain = Buffer.from('a secret');

it('opens what was sealed, of any length, under its context', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme' }), (bytes, context) => {
      const opened = unseal(key, seal(key, bytes, context), context);
      expect(Buffer.from(opened ?? []).equals(bytes)).toBe(true);
      expect(opened).toBeDefined();
    }),
  );
});

it('does not open with another key, under another context, or with any bit changed', () => {
  const sealed = seal(key, plain, 'a');
  expect(unseal(randomBytes(32), sealed, 'a')).toBeUndefined();
  expect(unseal(key, sealed, 'b')).toBeUndefined();
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const damaged = Buffer.from(sealed);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(unseal(key, damaged, 'a'), `bit ${bit}`).toBeUndefined();
  }
});

it('does not open what was cut short, however short', () => {
  const sealed = seal(key, plain, 'a');
  for (let length = 0; length < sealed.length; length += 1) {
    expect(unseal(key, sealed.subarray(0, length), 'a'), `${length} bytes`).toBeUndefined();
  }
});

it('never uses a nonce twice', () => {
  const nonces = Array.from({ length: 1000 }, () =>
    Buffer.from(seal(key, plain, 'a').subarray(0, 12)).toString('hex'),
  );
  expect(new Set(nonces).size).toBe(nonces.length);
});
