import type { Candidate } from './candidate.ts';
import { weights } from './weights.ts';

/**
 * How many of the first changes, best first, deserve reading. One that the screen shows as 0.00 does not, so fewer may be
 * left than the least; the first one does, as long as there is one: of trouble something has to be read first.
 */
export function worthReading(changes: readonly Candidate[]): number {
  const { share, least, most, score: leastScore } = weights.worthReading;
  const best = changes[0]?.score ?? 0;
  const credible = changes.filter(({ score }) => score >= share * best).length;
  const seen = changes.filter(({ score }) => score >= leastScore).length;
  return Math.min(changes.length, most, Math.max(1, Math.min(seen, Math.max(least, credible))));
}
