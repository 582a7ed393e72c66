import { forwardMedians, median, quantile } from './median.ts';
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

/** The sustained departure of a remainder from its normal, null when there is too little to tell. */
export function excessOf(
  { channel, metric, values, doubt, floor }: Remainder,
  { referenceUntil, searchFrom, width }: Stretch,
): Excess | null {
  if (referenceUntil < Math.max(weights.series.leastReference, width)) return null;
  const recent = values.subarray(Math.max(0, referenceUntil - weights.own.recent), referenceUntil);
  const level = median(recent);
  const reference = values.subarray(0, referenceUntil);
  const middle = median(reference);
  const noise = Math.max(median(reference.map((one) => Math.abs(one - middle))) * weights.madToSigma, floor);
  const sustained = forwardMedians(values, width);
  const away = sustained.slice(0, referenceUntil - width + 1).map((one) => Math.abs(one - middle));
  const strays = Math.max(
    (noise * weights.medianToMean) / Math.sqrt(width),
    median(away) * weights.madToSigma,
    quantile(away, weights.tail.quantile) / weights.tail.sigmas,
  );
  const strengthAt = (at: number): number => {
    const unsure = doubt ? (doubt[at + (width >> 1)] ?? 0) : 0;
    return ((sustained[at] ?? level) - level) / Math.hypot(strays, unsure);
  };
  let best = -1;
  let strength = 0;
  for (let at = Math.max(0, searchFrom); at < sustained.length; at += 1) {
    const here = strengthAt(at);
    if (here > strength) {
      strength = here;
      best = at;
    }
  }
  return {
    channel,
    metric,
    size: best < 0 ? 0 : (sustained[best] ?? level) - level,
    strength,
    lasting:
      best < 0 ? 0 : lastingOf((sustained.at(-1) ?? level) - level, (sustained[best] ?? level) - level),
    residual: values.map((one) => (one - level) / noise),
  };
}

const lastingOf = (left: number, most: number): number =>
  most > 0 ? Math.max(0, Math.min(1, left / most)) : 0;
