import type { FieldDiff } from '../../shared/vocabulary/event.ts';
import { bounded } from './bounded.ts';

const MOST_FIELDS = 20;
const MOST_CHARACTERS = 1_000;

/** What differs between two lists of named values, in the order of the first and then of the second. */
export function changedFields(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): FieldDiff[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .slice(0, MOST_FIELDS)
    .map((path) => ({
      path: bounded(path, 200),
      before: short(before.get(path)),
      after: short(after.get(path)),
    }));
}

const short = (text: string | undefined) => (text === undefined ? null : bounded(text, MOST_CHARACTERS));
