import { randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../platform/failure.ts';
import type { Keychain } from './keychain.ts';
import { seal, unseal } from './seal.ts';

/**
 * How a passphrase becomes a key (RFC 7914). It stands in the vault file, so that the cost can rise later. The upper
 * bounds keep a tampered file from eating all memory; below, a tampered cost would only yield a key that opens nothing.
 */
export const PassphraseCost = z.strictObject({
  /** N, a power of two; memory is 128 * cost * blockSize bytes. */
  cost: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20)
    .refine((n) => Number.isInteger(Math.log2(n)), 'a power of two'),
  blockSize: z.int().min(8).max(16),
  parallelization: z.int().min(1).max(4),
});
export type PassphraseCost = z.infer<typeof PassphraseCost>;

/** The first recommendation of the OWASP password storage guide: 128 MiB, some 0.4 s. */
export const defaultCost: PassphraseCost = { cost: 2 ** 17, blockSize: 8, parallelization: 1 };

export const newSalt = (): Uint8Array => randomBytes(16);

/** `context` is bound to what is sealed: opened under another one, it does not open. */
export function passphraseKeychain(
  passphrase: string,
  salt: Uint8Array,
  cost: PassphraseCost,
  context = CONTEXT,
): Keychain {
  let derived: Promise<Buffer> | undefined;
  const key = () => {
    derived ??= derive(passphrase, salt, cost);
    return derived;
  };
  return {
    name: 'a passphrase',
    seal: async (plain) => seal(await key(), plain, context),
    async open(sealed) {
      const plain = unseal(await key(), sealed, context);
      if (!plain)
        throw new Failure('unauthorized', 'That is not the passphrase of this vault. Nothing was changed.');
      return plain;
    },
  };
}

const CONTEXT = 'countersign.vault/1 key';

/** NFKC, so that the same characters typed on another keyboard are the same passphrase. */
function derive(
  passphrase: string,
  salt: Uint8Array,
  { cost, blockSize, parallelization }: PassphraseCost,
): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: parallelization, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
