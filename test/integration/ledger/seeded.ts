/** Chance that comes out the same for the same seed, so that whatever it finds can be found again. */
export type Chance = {
  /** A whole number from 0 up to, and not including, `limit`. */
  below(limit: number): number;
  /** One of the items. @throws Error when there are none. */
  of<T>(items: readonly T[]): T;
  /** True in about `share` (0 to 1) of all cases. */
  happens(share: number): boolean;
};

/** The mulberry32 generator: small, even enough for picking places to damage, and no secret depends on it. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    of(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to choose from');
      return item;
    },
    happens: (share) => next() < share,
  };
}

/** How often a test repeats: `usual` unless the environment asks for another number. @throws Error when that is none. */
export function timesFrom(variable: string, usual: number): number {
  const asked = Number(process.env[variable] ?? usual);
  if (!Number.isSafeInteger(asked) || asked < 1)
    throw new Error(`${variable} must be a whole number above 0`);
  return asked;
}
