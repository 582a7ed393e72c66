import type { Explanation } from './rank-explained.ts';
import { worthReading } from './worth-reading.ts';

/**
 * The ranking given that some changes did not do it, because a person says so: by Bayes' rule what they had goes to all
 * others, and to "none of these", in proportion. They stay in the list, last and without a score.
 */
export function givenDismissed(explanation: Explanation, dismissed: ReadonlySet<string>): Explanation {
  const out = explanation.changes.filter(({ id }) => dismissed.has(id));
  if (out.length === 0) return explanation;
  const left = 1 - out.reduce((sum, { score }) => sum + score, 0);
  const share = (score: number) => (left > 1e-9 ? Math.min(1, score / left) : 0);
  const kept = explanation.changes
    .filter(({ id }) => !dismissed.has(id))
    .map((change) => ({ ...change, score: share(change.score) }));
  return {
    ...explanation,
    changes: [...kept, ...out.map((change) => ({ ...change, score: 0, reasons: ['Ruled out by a person'] }))],
    // When everything was ruled out, what is left is that it was none of them.
    novelty: left > 1e-9 ? share(explanation.novelty) : 1,
    // Where nothing was worth it, nothing was wrong; else what is left may have come to be.
    worthReading: explanation.worthReading === 0 ? 0 : worthReading(kept),
  };
}
