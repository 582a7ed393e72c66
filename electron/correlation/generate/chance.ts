import { mersenne } from 'pure-rand/generator/mersenne';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance as a function of a seed, fast enough for every point of a case. */
export type Chance = {
  /** In [0, 1). */
  unit(): number;
  between(low: number, high: number): number;
  /** Uniform in the logarithm. */
  logBetween(low: number, high: number): number;
  /** Both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  /** Student's t with four degrees of freedom: the heavy tail of a percentile. */
  heavyTailed(): number;
  poisson(mean: number): number;
  logNormal(median: number, sigma: number): number;
  pick<T>(items: readonly T[]): T;
  /** One of the keys, as likely as its weight says. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  shuffle<T>(items: readonly T[]): T[];
};

/**
 * One stream a part, all from one seed: what is drawn in one part moves nothing in another. The seeds of the streams are
 * successive draws of a Mersenne twister, because xoroshiro's own first draws of neighbouring seeds resemble each other.
 */
export function streamsOf<P extends string>(seed: number, parts: readonly P[]): Record<P, Chance> {
  const seeds = mersenne(seed);
  return Object.fromEntries(parts.map((part) => [part, chanceOf(seeds.next())])) as Record<P, Chance>;
}

/** As many streams as asked for, each a function of its place: for what is drawn per service. */
export function streamOf(chance: Chance, count: number): Chance[] {
  return Array.from({ length: count }, () => chanceOf(chance.integer(0, 2 ** 31)));
}

function chanceOf(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  // The first draws still look like the seed.
  for (let left = 16; left > 0; left -= 1) generator.next();
  const unit = () => (generator.next() >>> 0) / 2 ** 32;
  const between = (low: number, high: number) => low + (high - low) * unit();
  const integer = (low: number, high: number) => Math.min(high, Math.floor(between(low, high + 1)));
  const chance = (probability: number) => unit() < probability;
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  return {
    unit,
    between,
    integer,
    chance,
    normal,
    pick,
    logBetween: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    // Chi-squared with four degrees is -2 ln of the product of two uniforms.
    heavyTailed: () => normal() / Math.sqrt((-2 * Math.log((1 - unit()) * (1 - unit()))) / 4),
    poisson: (mean) =>
      mean > MANY ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) : few(mean, unit),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
      const keys = (Object.keys(weights) as K[]).filter((key) => (weights[key] ?? 0) > 0);
      let left = unit() * keys.reduce((sum, key) => sum + (weights[key] ?? 0), 0);
      const found = keys.find((key) => {
        left -= weights[key] ?? 0;
        return left < 0;
      });
      return found ?? pick(keys);
    },
    shuffle(items) {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other] as never, shuffled[last] as never];
      }
      return shuffled;
    },
  };
}

/** From here on a Poisson draw is a rounded normal one. */
const MANY = 30;

/** Knuth's method: as many draws as the answer is large. */
function few(mean: number, unit: () => number): number {
  const bar = Math.exp(-mean);
  let count = 0;
  for (let product = unit(); product > bar; product *= unit()) count += 1;
  return count;
}
