import { withoutSecrets } from '../platform/hide-secrets.ts';
import { HIDDEN, namesSecret } from '../platform/secret-names.ts';

/** What may be shown of a field of a flag: a variant may hold whatever somebody put there, a password too. */
export function shownFlagValue(path: string, text: string): string {
  const isWord = /^(true|false|null|-?\d[\d.]*)$/.test(text);
  return !isWord && namesSecret(path) ? HIDDEN : withoutSecrets(text, { isFile: true });
}

const MOST_LEVELS = 64;

/** A flag or a part of it, as its system sent it, without what may not be shown of it. */
export function sentFlag(value: unknown, levels = MOST_LEVELS): unknown {
  if (typeof value === 'string') return withoutSecrets(value, { isFile: true });
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
