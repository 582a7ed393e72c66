import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { Tokens } from './oidc-token.ts';

/**
 * Writes new tokens back to the kubeconfig, as kubectl does: a provider that hands out a new refresh token each time takes
 * no older one, and kubectl would be signed out. Everything else in the file stays as it is, comments included. Where the
 * file cannot be written, or kubectl is writing it (its lock file is there), the tokens live on in memory alone.
 */
export async function keepTokens(path: string, user: string, tokens: Tokens): Promise<void> {
  const file = await realpath(path).catch(() => undefined);
  if (file === undefined) return;
  const lock = `${file}.lock`;
  const held = await open(lock, 'wx').catch(() => undefined);
  if (!held) return;
  try {
    const written = withTokens(await readFile(file, 'utf8'), user, tokens);
    if (written !== undefined) await replace(file, written);
  } catch {
    // Read-only: the tokens are in memory.
  } finally {
    await held.close();
    await rm(lock, { force: true });
  }
}

async function replace(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.new`;
  try {
    await writeFile(unfinished, text, { mode: (await stat(file)).mode & 0o777, flag: 'wx' });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** The text with the tokens of that user replaced, or undefined where the user is not there as expected. */
export function withTokens(
  text: string,
  user: string,
  { idToken, refreshToken }: Tokens,
): string | undefined {
  const document = parseDocument(text);
  const users = document.get('users');
  if (document.errors.length > 0 || !isSeq(users)) return undefined;
  const named = users.items.find((one): one is YAMLMap => isMap(one) && one.get('name') === user);
  const at = ['user', 'auth-provider', 'config'];
  if (!named?.hasIn(at)) return undefined;
  named.setIn([...at, 'id-token'], idToken);
  named.setIn([...at, 'refresh-token'], refreshToken);
  return document.toString({ lineWidth: 0 });
}
