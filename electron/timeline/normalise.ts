import type { FieldDiff, Observation } from '../../shared/vocabulary/event.ts';
import { boundedKey } from '../platform/bounded-key.ts';
import { withoutSecrets } from '../platform/hide-secrets.ts';
import { LAST_DATE_MS } from '../platform/last-date.ts';
import { HIDDEN, isPlain, secrecyOf } from '../platform/secret-names.ts';

const MOST_TITLE = 500;
const MOST_DETAIL = 8_000;

/**
 * Fits what a source delivered into the bounds of an event: text from outside may be of any length, and half a
 * surrogate pair in it could neither be stored nor signed.
 *
 * INVARIANT: secrets in its words and values are hidden here once more, whatever connector forgot them: nothing is stored,
 * ranked, published, exported or read by a model but what comes out of this.
 */
export function normalise(observation: Observation): Observation {
  const whole = shown(wellFormed(observation) as Observation);
  const title = clip(whole.title.trim() || '(no text)', MOST_TITLE);
  const fitted = { ...whole, key: boundedKey(observation.key), atMs: datable(whole.atMs), title };
  return whole.detail === undefined ? fitted : { ...fitted, detail: clip(whole.detail, MOST_DETAIL) };
}

/** One line is a sentence; what has several may be a file that somebody was shown. */
const said = (text: string): string => withoutSecrets(text, { isProse: !text.includes('\n') });

function shown(observation: Observation): Observation {
  const { title, detail } = observation;
  const told = {
    ...observation,
    title: said(title),
    ...(detail === undefined ? {} : { detail: said(detail) }),
  };
  return told.kind === 'change' && told.diff !== undefined
    ? { ...told, diff: told.diff.map(shownField) }
    : told;
}

/** A field by its path or the last part of it, and what stands in a value that is a whole file. */
function shownField({ path, before, after }: FieldDiff): FieldDiff {
  const isSecret = secrecyOf(path.slice(path.lastIndexOf('.') + 1)) !== null;
  const told = (value: string | null) => {
    if (value === null) return null;
    return isSecret && !isPlain(path, value) ? HIDDEN : withoutSecrets(value, { isFile: true });
  };
  return { path, before: told(before), after: told(after) };
}

/** A time that can be stored and written as a date: one before 1970 or after all dates is the nearest of those. */
const datable = (atMs: number): number => Math.min(Math.max(0, atMs), LAST_DATE_MS);

const clip = (text: string, most: number) =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;

/** The same value with every lone surrogate in its strings, and in the names of its members, replaced. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  );
}
