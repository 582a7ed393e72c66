/** Counts as sentences of a blast radius say them. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const tierText = (tier: number | null): string =>
  tier === null ? 'service of unknown tier' : `tier-${tier} service`;

/** The tier of several together: an unknown one counts as the most important, so that it is not averaged away. */
export const mostImportant = (tiers: readonly (number | null)[]): number | null =>
  tiers.length === 0 || tiers.includes(null) ? null : Math.min(...tiers.filter((tier) => tier !== null));

/** The first few of a list, and how many more there are. */
export const someOf = (names: readonly string[], most = 5): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
