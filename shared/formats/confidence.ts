/** A probability as people say it, best first: the word counts from its number on. */
const WORDS = [
  [0.85, 'Very likely'],
  [0.6, 'Likely'],
  [0.4, 'About even'],
  [0.15, 'Possible'],
  [0, 'Unlikely'],
] as const;

export const confidenceWord = (confidence: number): string =>
  WORDS.find(([from]) => confidence >= from)?.[1] ?? 'Unlikely';

/** What is no more than possible stays well below even. */
export const POSSIBLE = 0.3;
/** From here on a cause may be called named: it is as likely as all others together. */
export const NAMED = 0.4;
