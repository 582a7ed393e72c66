import { RE2JS } from 're2js';
import { Failure, messageOf } from '../../platform/failure.ts';

/** What a pattern found: of a group, by number or name, its text; nothing where there is none, or it had no part in it. */
export type Found = { group(name: string): string };

/** A pattern that fits a whole text or nothing of it. */
export type AnchoredPattern = { find(text: string): Found | null };

/**
 * A pattern of RE2, whose time grows with the text and no faster, whoever wrote it. INVARIANT: it is put between its anchors
 * as Prometheus puts it, so that `a|b)(c` means here what it means there.
 * @throws Failure where it is none
 */
export function anchoredPattern(
  source: string,
  { dotFitsLineBreak }: { dotFitsLineBreak: boolean },
): AnchoredPattern {
  const pattern = compiled(dotFitsLineBreak ? `^(?s:${source})$` : `^(?:${source})$`);
  const names = new Map(Object.entries(pattern.namedGroups()));
  return {
    find(text) {
      const match = pattern.matcher(text);
      if (!match.find()) return null;
      return {
        group(name) {
          // A number with a zero before it names no group.
          const index = /^(?:0|[1-9]\d{0,7})$/.test(name) ? Number(name) : (names.get(name) ?? -1);
          return index < 0 || index > match.groupCount() ? '' : (match.group(index) ?? '');
        },
      };
    },
  };
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new Failure('bad_reply', `a pattern of it cannot be followed: ${messageOf(error)}`, error);
  }
}
