import type { Debrief, PastDrill, Standing } from '../../shared/vocabulary/drill.ts';

/** As many as a small table shows at a glance. */
const MOST_SHOWN = 8;

/** Where a score stands among the earlier drills of the same person; `earlier` is oldest first. */
export function compare(
  { person, scenario, score }: Pick<PastDrill, 'person' | 'scenario' | 'score'>,
  earlier: readonly PastDrill[],
): Debrief['comparison'] {
  const own = earlier.filter((one) => one.person === person);
  return {
    all: standing(score, own),
    sameScenario: standing(
      score,
      own.filter((one) => one.scenario === scenario),
    ),
    last: own.slice(-MOST_SHOWN),
  };
}

function standing(score: number, among: readonly PastDrill[]): Standing {
  const scores = among.map((one) => one.score).sort((a, b) => a - b);
  return {
    earlier: scores.length,
    best: scores.at(-1) ?? null,
    median: medianOf(scores),
    rank: 1 + scores.filter((one) => one > score).length,
  };
}

function medianOf(sorted: readonly number[]): number | null {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[middle - 1];
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}
