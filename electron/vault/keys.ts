import { z } from 'zod';
import { newPrivateKey, type Signer, signerOf } from '../platform/ed25519.ts';
import { Failure } from '../platform/failure.ts';
import { readPrivate, writePrivate } from './private-file.ts';
import { SecretName } from './vault-file.ts';

/** Where private keys are kept: the vault, or for drills a plain file. */
export type SecretStore = { get(name: string): string | undefined; put(name: string, secret: string): void };

/**
 * Ed25519 keys by name, each made when it is first asked for. Throws what the store throws: `Failure('locked')` while
 * the vault is. The private part stays in the closure of its signer.
 */
export function signingKeys(secrets: SecretStore) {
  const signers = new Map<string, Signer>();
  return {
    of(name: string): Signer {
      const signer = signers.get(name) ?? stored(secrets, `key/${name}`);
      signers.set(name, signer);
      return signer;
    },
  };
}

/**
 * A drill signs its log too, but must never ask for a passphrase, so its keys lie in a file (mode 0600) beside its data.
 * They vouch for nothing real.
 */
export function keyFile(file: string): SecretStore {
  const read = (): KeyFile => {
    const text = readPrivate(file);
    if (text === undefined) return { format: 'countersign.drill-keys/1', keys: {} };
    const parsed = KeyFile.safeParse(asJson(text));
    if (parsed.success) return parsed.data;
    throw new Failure(
      'storage',
      `${file} is no key file. Restore it, or move it and drills.db away to begin anew.`,
    );
  };
  return {
    get: (name) => read().keys[name],
    put: (name, secret) => {
      const { format, keys } = read();
      writePrivate(file, `${JSON.stringify({ format, keys: { ...keys, [name]: secret } }, null, 2)}\n`);
    },
  };
}

const KeyFile = z.strictObject({
  format: z.literal('countersign.drill-keys/1'),
  keys: z.record(SecretName, z.base64()),
});
type KeyFile = z.infer<typeof KeyFile>;

function stored(secrets: SecretStore, name: string): Signer {
  const known = secrets.get(name);
  if (known !== undefined) return readKey(name, known);
  const fresh = Buffer.from(newPrivateKey()).toString('base64');
  secrets.put(name, fresh);
  return readKey(name, fresh);
}

/** No cause is passed on: it could quote the key. */
function readKey(name: string, encoded: string): Signer {
  try {
    return signerOf(Buffer.from(encoded, 'base64'));
  } catch {
    throw new Failure('storage', `The stored "${name}" is no Ed25519 key. Restore it from a backup.`);
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the file.
    return undefined;
  }
}
