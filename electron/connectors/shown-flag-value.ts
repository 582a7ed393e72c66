import { HIDDEN, isSecret } from '../platform/secret-names.ts';

/** A member of a JSON text that is named like a secret, with its value where that is a text. */
const NAMED =
  /("[^"\\]*(?:pass|secret|token|key|credential|auth|dsn|private)[^"\\]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** What may be shown of a field of a flag: a variant may hold whatever somebody put there, a password too. */
export function shownFlagValue(path: string, text: string): string {
  const isWord = /^(true|false|null|-?\d[\d.]*)$/.test(text);
  if (!isWord && isSecret(path, text)) return HIDDEN;
  return text.replace(NAMED, `$1"${HIDDEN}"`);
}
