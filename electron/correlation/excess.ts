import { distances, forwardMedians, median, quantile } from './median.ts';
import { weights } from './weights.ts';

/** What a service shows beyond what others explain, in one respect. */
export const channels = ['latency', 'errors', 'work', 'memory', 'calls', 'demand'] as const;
export type Channel = (typeof channels)[number];

export type Excess = {
  channel: Channel;
  /** The metric it was seen in. */
  metric: string;
  /** How far: by logarithm, of failures as a share of requests. */
  size: number;
  /** Standard deviations of what is sustained, doubt of the expectation counted in. */
  strength: number;
  /** What part of it is left at the end of the data, 0..1. */
  lasting: number;
  /** The residual with its normal taken away, in standard deviations of a single sample; what began when is read off it. */
  residual: Float64Array;
};

export type Remainder = {
  channel: Channel;
  metric: string;
  /** Observed less expected; more is worse. */
  values: Float64Array;
  /** How wrong the expectation itself may be, where others changed much: standard deviation at each sample. */
  doubt: Float64Array | null;
  floor: number;
};

export type Stretch = { referenceUntil: number; searchFrom: number; width: number };

/** What a remainder was like before the trouble. */
export type Normality = { level: number; noise: number; strays: number };

/** Null when there is too little to tell. */
export function normalityOf(
  { values, floor }: Pick<Remainder, 'values' | 'floor'>,
  { referenceUntil, width }: Pick<Stretch, 'referenceUntil' | 'width'>,
): Normality | null {
  if (referenceUntil < Math.max(weights.series.leastReference, width)) return null;
  const reference = values.subarray(0, referenceUntil);
  const level = median(values.subarray(Math.max(0, referenceUntil - weights.own.recent), referenceUntil));
  const middle = median(reference);
  const noise = Math.max(median(distances(reference, middle)) * weights.madToSigma, floor);
  const away = distances(forwardMedians(reference, width), middle);
  const strays = Math.max(
    (noise * weights.medianToMean) / Math.sqrt(width),
    median(away) * weights.madToSigma,
    quantile(away, weights.tail.quantile) / weights.tail.sigmas,
  );
  return { level, noise, strays };
}

/** An excess but for what it is dated by, which is only worked out for the strongest. */
export type Departure = Omit<Excess, 'residual'>;

/** The sustained departure of a remainder from its normal. */
export function departureOf(
  { channel, metric, values, doubt }: Remainder,
  { level, strays }: Normality,
  { searchFrom, width }: Pick<Stretch, 'searchFrom' | 'width'>,
): Departure {
  const first = Math.max(0, searchFrom);
  const sustained = forwardMedians(
    values.subarray(Math.min(first, Math.max(0, values.length - width))),
    width,
  );
  const shift = values.length - width + 1 - sustained.length;
  let best = -1;
  let strength = 0;
  for (let at = 0; at < sustained.length; at += 1) {
    const size = (sustained[at] ?? level) - level;
    if (size <= 0 || at + shift < first) continue;
    const unsure = doubt?.[at + shift + (width >> 1)] ?? 0;
    const here = size / Math.sqrt(strays * strays + unsure * unsure);
    if (here > strength) {
      strength = here;
      best = at;
    }
  }
  const size = best < 0 ? 0 : (sustained[best] ?? level) - level;
  const left = (sustained[sustained.length - 1] ?? level) - level;
  return { channel, metric, size, strength, lasting: lastingOf(left, size) };
}

/** A remainder in standard deviations of a single sample, written into a column of as many places. */
export function residualOf(
  { values }: Remainder,
  { level, noise }: Normality,
  residual: Float64Array,
): Float64Array {
  for (let at = 0; at < values.length; at += 1) residual[at] = ((values[at] ?? 0) - level) / noise;
  return residual;
}

const lastingOf = (left: number, most: number): number =>
  most > 0 ? Math.max(0, Math.min(1, left / most)) : 0;
