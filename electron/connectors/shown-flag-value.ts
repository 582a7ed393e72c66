import { HIDDEN, isSecret, namesSecret } from '../platform/secret-names.ts';

/** A member of a JSON text that is named like a secret, with its value where that is a text. */
const NAMED =
  /("[^"\\]*(?:pass|secret|token|key|credential|auth|dsn|private)[^"\\]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** What may be shown of a field of a flag: a variant may hold whatever somebody put there, a password too. */
export function shownFlagValue(path: string, text: string): string {
  const isWord = /^(true|false|null|-?\d[\d.]*)$/.test(text);
  if (!isWord && isSecret(path, text)) return HIDDEN;
  return text.replace(NAMED, `$1"${HIDDEN}"`);
}

const MOST_LEVELS = 64;

/** A flag or a part of it, as its system sent it, without what may not be shown of it. */
export function sentFlag(value: unknown, levels = MOST_LEVELS): unknown {
  if (typeof value === 'string') return value.replace(/:\/\/[^/\s]*@/g, `://${HIDDEN}@`);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return HIDDEN;
  if (Array.isArray(value)) return value.map((one) => sentFlag(one, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' && namesSecret(name) ? HIDDEN : sentFlag(member, levels - 1),
    ]),
  );
}
