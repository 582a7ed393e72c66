import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Chance as a function of a seed and a name. Every part of a drill draws from a stream of its own, so that a draw
 * more in one place (a rollback, say) does not shift every later draw in all the others.
 */
export type Random = {
  /** In [0, 1). */
  unit(): number;
  between(low: number, high: number): number;
  /** Both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
};

export const randomOf = (seed: number, ...names: readonly (string | number)[]): Random =>
  randomFrom(hash32(`${seed}/${names.join('/')}`));

/** For hot loops: no text is built for a draw. */
export const randomAt = (base: number, step: number): Random => randomFrom(mix(base ^ mix(step)));

/** In [0, 1), as a function of two numbers: for the innermost loops, where not even a stream is made. */
export const unitAt = (base: number, step: number): number => mix(base ^ mix(step)) / 2 ** 32;

/** Mean 0, standard deviation 1, as a function of two numbers (Box and Muller). */
export function normalAt(base: number, step: number): number {
  const first = mix(base ^ mix(step));
  const second = mix(first ^ 0x9e3779b9);
  return Math.sqrt(-2 * Math.log(1 - first / 2 ** 32)) * Math.cos((second / 2 ** 32) * 2 * Math.PI);
}

function randomFrom(state: number): Random {
  const generator = xoroshiro128plus(state);
  const unit = () => uniformFloat64(generator);
  const integer = (low: number, high: number) => uniformInt(generator, low, high);
  return {
    unit,
    integer,
    between: (low, high) => low + (high - low) * unit(),
    chance: (probability) => unit() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
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

/** FNV-1a (RFC 9923) with a finalizer, since neighbouring seeds must not give neighbouring streams. */
export const hash32 = (text: string): number => mix(continued(0x811c9dc5, text));

function continued(start: number, text: string): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** The finalizer of MurmurHash3. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** `digits` hexadecimal digits that depend on the text alone. */
export function hexOf(text: string, digits: number): string {
  let hex = '';
  for (let part = 0; hex.length < digits; part++) {
    // As the hash of `<part>:<text>`, without putting the two together.
    const hash = mix(continued(partOf[part] ?? continued(0x811c9dc5, `${part}:`), text));
    hex += hash.toString(16).padStart(8, '0');
  }
  return digits === hex.length ? hex : hex.slice(0, digits);
}

const partOf = [0, 1, 2, 3].map((part) => continued(0x811c9dc5, `${part}:`));

/** A version 8 UUID (RFC 9562 §5.8) that depends on the text alone: the same drill names its objects the same. */
export function uuidOf(text: string): string {
  const hex = hexOf(text, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
