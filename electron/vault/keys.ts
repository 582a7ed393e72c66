import { z } from 'zod';
import { newPrivateKey, type Signer, signerOf } from '../platform/ed25519.ts';
import { Failure } from '../platform/failure.ts';
import { readPrivate, writePrivate } from './private-file.ts';
import { KeptHead, SecretName } from './vault-file.ts';

/** Where private keys are kept: the vault, or for drills a plain file. */
export type SecretStore = {
  get(name: string): string | undefined;
  put(name: string, secret: string): void;
  /** Where it can be told without reading: a locked vault still knows the names of its secrets. */
  has?(name: string): boolean;
};
export type SigningKeys = ReturnType<typeof signingKeys>;

/**
 * Ed25519 keys by name, each made when it is first asked for. A key that was changed leaves its earlier generations
 * behind, for a crash may come before the log knows of the new one. Throws what the store throws: `Failure('locked')`
 * while the vault is. The private part stays in the closure of its signer.
 */
export function signingKeys(secrets: SecretStore) {
  const signers = new Map<string, Signer>();

  function at(secret: string): Signer | undefined {
    const known =
      signers.get(secret) ?? (secrets.has?.(secret) === false ? undefined : read(secrets, secret));
    if (known) signers.set(secret, known);
    return known;
  }

  /** Oldest first. */
  function generations(name: string): Signer[] {
    const found: Signer[] = [];
    for (;;) {
      const signer = at(secretName(name, found.length + 1));
      if (!signer) return found;
      found.push(signer);
    }
  }

  function next(name: string): Signer {
    const secret = secretName(name, generations(name).length + 1);
    secrets.put(secret, Buffer.from(newPrivateKey()).toString('base64'));
    const made = at(secret);
    if (!made) throw new Error('A key that was put away can be read');
    return made;
  }

  return {
    /** The generation with one of these public keys, where there is one; otherwise the newest. */
    of(name: string, ...publicKeys: (Uint8Array | undefined)[]): Signer {
      const known = generations(name);
      const wanted = known.find((signer) =>
        publicKeys.some((key) => key && Buffer.compare(signer.publicKey, key) === 0),
      );
      return wanted ?? known.at(-1) ?? next(name);
    },
    /** Forgets what was read of a key, so that it takes the open vault to sign with it again. */
    forget(name: string): void {
      for (const secret of [...signers.keys()]) {
        if (secret === secretName(name, 1) || secret.startsWith(`${secretName(name, 1)}/`))
          signers.delete(secret);
      }
    },
    /** Makes another generation, on disk on return. */
    next,
  };
}

const secretName = (name: string, generation: number): string =>
  generation === 1 ? `key/${name}` : `key/${name}/${generation}`;

/**
 * A drill signs its log too, but must never ask for a passphrase, so its keys lie in a file (mode 0600) beside its data.
 * They vouch for nothing real.
 */
export function keyFile(file: string): SecretStore & {
  head(): KeptHead | undefined;
  keepHead(head: KeptHead): void;
} {
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
  const write = (content: KeyFile) => writePrivate(file, `${JSON.stringify(content, null, 2)}\n`);
  return {
    get: (name) => read().keys[name],
    put: (name, secret) => {
      const content = read();
      write({ ...content, keys: { ...content.keys, [name]: secret } });
    },
    head: () => read().head,
    keepHead: (head) => write({ ...read(), head }),
  };
}

const KeyFile = z.strictObject({
  format: z.literal('countersign.drill-keys/1'),
  keys: z.record(SecretName, z.base64()),
  /** Of the log of drills. */
  head: KeptHead.optional(),
});
type KeyFile = z.infer<typeof KeyFile>;

function read(secrets: SecretStore, secret: string): Signer | undefined {
  const known = secrets.get(secret);
  return known === undefined ? undefined : readKey(secret, known);
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
