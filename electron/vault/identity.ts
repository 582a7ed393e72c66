/** A person besides the first of an installation: a name, an Ed25519 key, and a passphrase of their own that seals it. */
import { z } from 'zod';
import { newPrivateKey, type Signer, signerOf } from '../platform/ed25519.ts';
import { Failure } from '../platform/failure.ts';
import { defaultCost, newSalt, PassphraseCost, passphraseKeychain } from './passphrase-keychain.ts';

export const StoredIdentity = z.strictObject({
  id: z.string().regex(/^idn-[0-9A-Za-z]{8,64}$/),
  name: z.string().min(1).max(80),
  publicKey: z.base64(),
  createdMs: z.number(),
  salt: z.base64(),
  ...PassphraseCost.shape,
  /** The private key, sealed by the passphrase and bound to id, name and public key, so that no two can be swapped. */
  key: z.base64(),
});
export type StoredIdentity = z.infer<typeof StoredIdentity>;

/** A passphrase shorter than this would not be worth the name. */
const SHORTEST = 8;

type Asked = { id: string; name: string; passphrase: string; nowMs: number; cost?: PassphraseCost };

/** @throws Failure `bad_input` for a passphrase that is too short. */
export async function newIdentity({ id, name, passphrase, nowMs, cost = defaultCost }: Asked) {
  if (passphrase.length < SHORTEST) {
    throw new Failure(
      'bad_input',
      `A passphrase needs at least ${SHORTEST} characters. Choose a longer one.`,
    );
  }
  const salt = newSalt();
  const secret = newPrivateKey();
  const signer = signerOf(secret);
  const about = { id, name, publicKey: base64(signer.publicKey) };
  const key = await passphraseKeychain(passphrase, salt, cost, contextOf(about)).seal(secret);
  secret.fill(0);
  const stored: StoredIdentity = {
    ...about,
    createdMs: nowMs,
    salt: base64(salt),
    ...cost,
    key: base64(key),
  };
  return { stored, signer };
}

/** @throws Failure `unauthorized` for another passphrase, or when name or key were changed in the file. */
export async function openIdentity(stored: StoredIdentity, passphrase: string): Promise<Signer> {
  const by = passphraseKeychain(passphrase, bytes(stored.salt), stored, contextOf(stored));
  const secret = await by.open(bytes(stored.key)).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('unauthorized', `That is not the passphrase of ${stored.name}. Nothing was changed.`);
  });
  const signer = signerOf(secret);
  secret.fill(0);
  return signer;
}

const contextOf = ({ id, name, publicKey }: Pick<StoredIdentity, 'id' | 'name' | 'publicKey'>): string =>
  `countersign.identity/1 ${JSON.stringify([id, name, publicKey])}`;

const base64 = (raw: Uint8Array): string => Buffer.from(raw).toString('base64');
const bytes = (encoded: string): Uint8Array => Buffer.from(encoded, 'base64');
