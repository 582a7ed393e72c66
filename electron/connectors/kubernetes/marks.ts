/** How important its service is, as the label `countersign.dev/tier` says; null when nobody says. */
export function tierOf(labels: Record<string, string>): number | null {
  const tier = /^[1-5]$/.exec(labels['countersign.dev/tier'] ?? '')?.[0];
  return tier === undefined ? null : Number(tier);
}

/** The tier of several together: the most important one's, or null when one of them is unknown, which counts as that. */
export const mostImportant = (tiers: readonly (number | null)[]): number | null =>
  tiers.length === 0 || tiers.includes(null) ? null : Math.min(...tiers.filter((tier) => tier !== null));
