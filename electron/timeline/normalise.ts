import type { Observation } from '../../shared/vocabulary/event.ts';

const MOST_TITLE = 500;
const MOST_DETAIL = 8_000;

/**
 * Fits what a source delivered into the bounds of an event: text from outside may be of any length, and half a
 * surrogate pair in it could neither be stored nor signed.
 */
export function normalise(observation: Observation): Observation {
  const whole = wellFormed(observation) as Observation;
  const title = clip(whole.title.trim() || '(no text)', MOST_TITLE);
  return whole.detail === undefined
    ? { ...whole, title }
    : { ...whole, title, detail: clip(whole.detail, MOST_DETAIL) };
}

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
