import type { FieldDiff } from '../../shared/vocabulary/event.ts';
import { bounded } from './bounded.ts';
import { shownFlagValue } from './shown-flag-value.ts';

const MOST_FIELDS = 20;
const MOST_CHARACTERS = 1_000;

/** What differs between two versions of a flag, field by field; compared as it is, and shown without secrets. */
export function changedFields(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): FieldDiff[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .slice(0, MOST_FIELDS)
    .map((path) => ({
      path: bounded(path, 200),
      before: shown(path, before.get(path)),
      after: shown(path, after.get(path)),
    }));
}

const shown = (path: string, text: string | undefined) =>
  text === undefined ? null : bounded(shownFlagValue(path, text), MOST_CHARACTERS);
