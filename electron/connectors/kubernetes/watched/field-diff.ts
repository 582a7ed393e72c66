import type { FieldDiff } from '../../../../shared/vocabulary/event.ts';
import { HIDDEN, isSecret } from '../../../platform/secret-names.ts';
import { digestOf } from '../sent-object.ts';

/** Fields of an object by path, as they may be shown and remembered. */
export type Fields = Readonly<Record<string, string>>;

/** A value longer than this cannot be put back by an action either; it is told by its digest. */
const MOST_CHARACTERS = 4_000;
const MOST_FIELDS = 100;

/**
 * A value as it may be remembered. INVARIANT: a secret never is, nor is a value that may not be seen; its digest is, so that
 * a change of it is noticed. The digest is cut short of what would let a guess at a short secret be checked with certainty,
 * and is never shown.
 */
export function rememberedValue(path: string, value: string, maySee = true): string {
  if (isSecret(path, value)) return `${SECRET}${digestOf(value)}`;
  if (!maySee || value.length > MOST_CHARACTERS) return digestOf(value);
  return value.toWellFormed();
}

const SECRET = '\u0000secret:';
const shown = (value: string | undefined): string | null =>
  value === undefined ? null : value.startsWith(SECRET) ? HIDDEN : value;

/** Field by field, by name. */
export function fieldDiff(before: Fields, after: Fields): FieldDiff[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths
    .filter((path) => own(before, path) !== own(after, path))
    .slice(0, MOST_FIELDS)
    .map((path) => ({
      path: path.slice(0, 300),
      before: shown(own(before, path)),
      after: shown(own(after, path)),
    }));
}

const own = (fields: Fields, path: string): string | undefined =>
  Object.hasOwn(fields, path) ? fields[path] : undefined;
