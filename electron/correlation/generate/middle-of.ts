/** The median of a row of numbers, 0 for none. */
export function middleOf(row: Float64Array): number {
  const sorted = row.slice().sort();
  const upper = sorted[sorted.length >> 1] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? upper) + upper) / 2;
}
