import { MOST_PAYLOAD_CHARACTERS } from '../../shared/vocabulary/payload.ts';
import { withoutSecrets } from '../platform/hide-secrets.ts';
import { type Raw, rawText } from './delivered.ts';

/** As much as that is held of one fact; what is kept of it in the end is shorter, and says that it was cut. */
const MOST_OF_ONE = 2 * MOST_PAYLOAD_CHARACTERS;

/**
 * What was sent of facts that are held in memory until somebody asks for them. INVARIANT: no secret is held that the store
 * would hide, and no more than `most` characters: of the fact that is held longest the text goes first, and the fact stays.
 */
export function heldRaw(most: number) {
  const held = new Set<{ raw: string | null }>();
  let characters = 0;

  const release = (fact: { raw: Raw | null }): void => {
    const ours = fact as { raw: string | null };
    if (held.delete(ours)) characters -= ours.raw?.length ?? 0;
  };

  return {
    /** The fact to hold in the place of this one. */
    hold<Fact extends { raw: Raw | null }>(fact: Fact): Fact {
      const text = rawText(fact);
      if (text === null) return fact;
      const own = { ...fact, raw: beginningOf(withoutSecrets(text)) };
      held.add(own);
      characters += own.raw.length;
      for (const oldest of held) {
        if (characters <= most) break;
        release(oldest);
        oldest.raw = null;
      }
      return own;
    },
    /** It is held no longer. */
    release,
  };
}

/** A copy, since a slice keeps the whole text in memory. */
const beginningOf = (text: string): string =>
  text.length <= MOST_OF_ONE ? text : Buffer.from(text.slice(0, MOST_OF_ONE)).toString();
