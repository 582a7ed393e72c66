import { createHash } from 'node:crypto';

/** As long as the key of a fact may be. */
export const MOST_KEY_CHARACTERS = 400;
const DIGEST_CHARACTERS = 64;

/**
 * A key that can be stored, out of names that somebody else chose. One that is too long, or holds half a surrogate pair, gets
 * its end from its digest. INVARIANT: keys that differ stay different, wherever they do: cut short, the changes of a flag with
 * a name without end would be one change.
 */
export function boundedKey(key: string): string {
  if (key.length <= MOST_KEY_CHARACTERS && key.isWellFormed()) return key;
  // Of the text as JSON, in which each lone surrogate is written as itself (ECMA-262, well-formed JSON.stringify).
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const begins = key.slice(0, MOST_KEY_CHARACTERS - DIGEST_CHARACTERS - 1).toWellFormed();
  return `${begins}#${digest}`;
}
