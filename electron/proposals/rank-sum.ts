import { errorFunction, wilcoxonRankSum } from 'simple-statistics';

/**
 * The chance that `after` would lie as far below `before` as it does if nothing had changed: Wilcoxon's rank-sum test
 * (Mann–Whitney), one-sided, by the normal approximation with the correction for ties and for continuity. It asks nothing
 * of how the values are distributed, and one wild sample moves it by one rank. 1 where a sample is empty or all are equal.
 */
export function chanceOfBelow(after: readonly number[], before: readonly number[]): number {
  const n = after.length;
  const m = before.length;
  if (n === 0 || m === 0) return 1;
  const expected = (n * (n + m + 1)) / 2;
  const variance = ((n * m) / 12) * (n + m + 1 - tieTerm([...after, ...before]));
  if (variance <= 0) return 1;
  const z = (wilcoxonRankSum([...after], [...before]) + 0.5 - expected) / Math.sqrt(variance);
  return (1 + errorFunction(z / Math.SQRT2)) / 2;
}

/** Σ(t³ − t) / ((n + m)(n + m − 1)) over the groups of equal values (Lehmann, Nonparametrics, 1.4). */
function tieTerm(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, count) => sum + count ** 3 - count, 0);
  return ties / (values.length * (values.length - 1));
}
