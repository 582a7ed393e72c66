import type { Evidence } from '../../../shared/vocabulary/hypothesis.ts';
import type { Cited } from './what-was-read.ts';

const LEAST_WORDS = 4;
const MOST_WORDS = 1_000;

/**
 * A sentence that rests on an answer, quoting the first of these words that stands there; none when none does, for what
 * cannot be quoted was not read.
 */
export function evidence(
  sentence: string,
  answer: Cited,
  words: readonly string[],
  events: readonly string[] = [],
): Evidence[] {
  const found = words.find((text) => isQuotable(text) && answer.text.includes(text));
  if (found === undefined) return [];
  return [
    {
      sentence: sentence.slice(0, 1_000),
      events: [...events],
      reads: [answer.read],
      quotes: [{ read: answer.read, text: found }],
    },
  ];
}

const isQuotable = (text: string) => text.length >= LEAST_WORDS && text.length <= MOST_WORDS;

/** A text as it stands inside JSON. */
export const asText = (text: string): string => JSON.stringify(text).slice(1, -1);
/** Members of an object as they stand in JSON, in this order. */
export const asMembers = (members: object): string => JSON.stringify(members).slice(1, -1);
