import { z } from 'zod';
import { Failure } from '../platform/failure.ts';
import { StoredIdentity } from './identity.ts';
import { PassphraseCost } from './passphrase-keychain.ts';
import { readPrivate, writePrivate } from './private-file.ts';

export const SecretName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$/);

/** The newest signed head of a log, kept apart from its database. It is signed, so it lies in the open. */
export const KeptHead = z.strictObject({ note: z.string().min(1).max(65_536) });
export type KeptHead = z.infer<typeof KeptHead>;

/**
 * The vault on disk. A random key seals the secrets, each bound to its name so that two cannot be swapped; the
 * keychain seals only that key, so a passphrase can change without touching a secret.
 */
export const VaultFile = z.strictObject({
  format: z.literal('countersign.vault/1'),
  keychain: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('passphrase'), salt: z.base64(), ...PassphraseCost.shape }),
    z.strictObject({ kind: z.literal('system'), name: z.string().max(200) }),
  ]),
  /** The vault's key as the keychain sealed it. */
  key: z.base64(),
  secrets: z.record(SecretName, z.base64()),
  /** Persons besides the first, whose key is the secret `key/approver`; each key is sealed by a passphrase of its own. */
  identities: z.array(StoredIdentity).max(100).optional(),
  /** Of the log of real incidents. Read without unlocking: a log that was cut must be seen before anyone unlocks. */
  head: KeptHead.optional(),
});
export type VaultFile = z.infer<typeof VaultFile>;

/** Undefined when there is none yet. A file that cannot be understood is never overwritten: it may still be repaired. */
export function readVaultFile(file: string): VaultFile | undefined {
  const text = readPrivate(file);
  if (text === undefined) return undefined;
  const parsed = VaultFile.safeParse(asJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure(
    'storage',
    `${file} is not a vault this version can read. Restore it from a backup, or move it away and enter the credentials anew.`,
  );
}

export const writeVaultFile = (file: string, content: VaultFile): void =>
  writePrivate(file, `${JSON.stringify(content, null, 2)}\n`);

/** The parser's own message would quote the file, so it is not passed on. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
