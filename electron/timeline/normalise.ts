import type { Observation } from '../../shared/vocabulary/event.ts';

const MOST_TITLE = 500;
const MOST_DETAIL = 8_000;

/** Fits what a source delivered into the bounds of an event: text from outside may be of any length. */
export function normalise(observation: Observation): Observation {
  const title = clip(observation.title.trim() || '(no text)', MOST_TITLE);
  return observation.detail === undefined
    ? { ...observation, title }
    : { ...observation, title, detail: clip(observation.detail, MOST_DETAIL) };
}

const clip = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
