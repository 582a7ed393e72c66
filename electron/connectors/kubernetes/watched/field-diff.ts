import type { FieldDiff } from '../../../../shared/vocabulary/event.ts';
import { holdsSecret, withoutSecrets } from '../../../platform/hide-secrets.ts';
import { ownMember } from '../../../platform/own-member.ts';
import { HIDDEN, namesSecret } from '../../../platform/secret-names.ts';
import { bounded } from '../../bounded.ts';
import { digestOf } from '../sent-object.ts';

/** Fields of an object by path, as they may be shown and remembered. */
export type Fields = Readonly<Record<string, string>>;

/** A value longer than this cannot be put back by an action either; it is told by its digest. */
const MOST_CHARACTERS = 4_000;
const MOST_FIELDS = 100;

/**
 * A value as it may be remembered. INVARIANT: a secret never is, neither as the whole value nor as a line of a file, nor is a
 * value that may not be seen; its digest is, so that a change of it is noticed. The digest of what holds a secret is never
 * shown, and is cut short of what would let a guess at it be checked with certainty.
 */
export function rememberedValue(path: string, value: string, maySee = true): string {
  if (namesSecret(path)) return `${SECRET}${digestOf(value)}${HIDDEN}`;
  if (!maySee || value.length > MOST_CHARACTERS)
    return holdsSecret(value, { isFile: true }) ? `${SECRET}${digestOf(value)}${HIDDEN}` : digestOf(value);
  const told = withoutSecrets(value, { isFile: true });
  return told === value ? value.toWellFormed() : `${SECRET}${digestOf(value)}${told.toWellFormed()}`;
}

/** Before the digest of what holds a secret, and what may be shown of it. */
const SECRET = '\u0000secret:';
const DIGEST_LENGTH = digestOf('').length;

const shown = (value: string | undefined): string | null => {
  if (value === undefined) return null;
  return value.startsWith(SECRET) ? value.slice(SECRET.length + DIGEST_LENGTH) : value;
};

/** Field by field, by name. */
export function fieldDiff(before: Fields, after: Fields): FieldDiff[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths
    .filter((path) => ownMember(before, path) !== ownMember(after, path))
    .slice(0, MOST_FIELDS)
    .map((path) => ({
      path: bounded(path, 300),
      before: shown(ownMember(before, path)),
      after: shown(ownMember(after, path)),
    }));
}
