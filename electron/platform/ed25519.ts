/** Ed25519 (RFC 8032) over node:crypto, with keys as plain bytes: 32 for the public one, PKCS #8 for the private. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** Something that can sign and says with which key. The private part never leaves it. */
export type Signer = { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };

export const newPrivateKey = (): Uint8Array =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });

/** Throws an error that does not quote the key when the bytes are no Ed25519 private key. */
export function signerOf(pkcs8: Uint8Array): Signer {
  const key = privateKeyOf(pkcs8);
  return { publicKey: rawPublicKey(createPublicKey(key)), sign: (message) => sign(null, message, key) };
}

/** False for a wrong signature as for a malformed key: neither vouches for the message. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

/** RFC 8410: everything of the SubjectPublicKeyInfo before the 32 bytes of the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function privateKeyOf(pkcs8: Uint8Array): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    // The reason could hold bytes of the key, so it is not passed on.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error('Not an Ed25519 private key');
  return key;
}

const rawPublicKey = (key: KeyObject): Uint8Array =>
  key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
