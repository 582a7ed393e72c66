import { median, quantile } from './median.ts';
import type { Normal, Series } from './series.ts';
import { weights } from './weights.ts';

/** A sustained departure of one series from its normal, on the scale it is judged on. */
export type Deviation = {
  sign: 1 | -1;
  /** Standard deviations of the sustained level. */
  strength: number;
  /** How far on the series' scale. */
  effect: number;
  onsetMs: number;
  normal: number;
  level: number;
};

export type Span = { referenceUntilMs: number; searchFromMs: number; isClean: boolean };

/**
 * The normal of a series before a time. The scale is the largest of what single samples lead to expect, how far the
 * sustained level itself strayed while all was well, and a floor by kind. `isClean`: the time is known to be free of
 * trouble, so its tail counts too.
 */
function normalOf(
  series: Series,
  { referenceUntilMs, isClean }: Pick<Span, 'referenceUntilMs' | 'isClean'>,
): Normal | null {
  const until = firstFrom(series.atMs, referenceUntilMs);
  const key = `${until} ${isClean}`;
  const known = series.normals.get(key);
  if (known !== undefined) return known;
  const found = normalOfFirst(series, until, isClean);
  series.normals.set(key, found);
  return found;
}

function normalOfFirst(series: Series, until: number, isClean: boolean): Normal | null {
  const { madToSigma, medianToMean, tail, kind } = weights;
  const { width } = series;
  if (until < Math.max(weights.series.leastReference, width)) return null;
  const reference = series.levels.subarray(0, until);
  const level = median(reference);
  const noise = median(distances(reference, level)) * madToSigma;
  const away = distances(series.sustained.subarray(0, until - width + 1), level);
  const wander = isClean ? quantile(away, tail.quantile) / tail.sigmas : 0;
  const strays = Math.max(
    median(away) * madToSigma,
    wander,
    (noise * medianToMean) / Math.sqrt(width),
    kind[series.metric.kind].floor,
  );
  return { level, strays, noise };
}

function distances(values: Float64Array, level: number): Float64Array {
  const away = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += 1) away[at] = Math.abs((values[at] ?? 0) - level);
  return away;
}

/** The strongest sustained departure of a series in a bad direction, or null when there is none so strong. */
export function deviationOf(series: Series, span: Span, leastStrength: number): Deviation | null {
  const normal = normalOf(series, span);
  if (!normal) return null;
  const searchFrom = firstFrom(series.atMs, span.searchFromMs);
  const found = signsOf(series).map((sign) => strongest(series.sustained, normal, searchFrom, sign));
  const best = found.reduce((a, b) => (b.strength > a.strength ? b : a));
  if (best.strength < leastStrength) return null;
  const level = series.sustained[best.at] ?? normal.level;
  const first = beganAt(series, normal, best);
  return {
    sign: best.sign,
    strength: Math.min(best.strength, FARTHEST),
    effect: Math.abs(level - normal.level),
    onsetMs: series.atMs[first] ?? span.referenceUntilMs,
    normal: normal.level,
    level,
  };
}

/** Beyond this everything is equally far, and a number on the screen stays readable. */
const FARTHEST = 999;

type Peak = { at: number; strength: number; sign: 1 | -1 };

const signsOf = ({ metric: { kind } }: Series): readonly (1 | -1)[] =>
  kind === 'traffic' || kind === 'other' ? [1, -1] : [1];

function strongest(medians: Float64Array, normal: Normal, from: number, sign: 1 | -1): Peak {
  let peak: Peak = { at: -1, strength: 0, sign };
  for (let at = from; at < medians.length; at += 1) {
    const strength = (((medians[at] ?? 0) - normal.level) * sign) / normal.strays;
    if (strength > peak.strength) peak = { at, strength, sign };
  }
  return peak;
}

/**
 * The first sample of the departure: back from its peak along the sustained level to where that first left normal (less
 * than a width of calm does not end it), then on to the first sample that is itself away.
 */
function beganAt({ sustained, levels, width }: Series, normal: Normal, peak: Peak): number {
  const { sigmas, share, noiseSigmas } = weights.beganAt;
  const bar = Math.max(sigmas, share * peak.strength) * normal.strays;
  const rise = (level: number | undefined) => ((level ?? normal.level) - normal.level) * peak.sign;
  let first = peak.at;
  for (let at = peak.at, calm = 0; at >= 0 && calm < width; at -= 1) {
    calm = rise(sustained[at]) >= bar ? 0 : calm + 1;
    if (calm === 0) first = at;
  }
  const clear = Math.max(bar, noiseSigmas * normal.noise);
  for (let at = first; at < first + width; at += 1) if (rise(levels[at]) >= clear) return at;
  return first;
}

/** Index of the first time at or after `ms`. */
export function firstFrom(atMs: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = atMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is normal of a series before a time, when all before it was free of trouble. */
export const normalBefore = (series: Series, untilMs: number): Normal | null =>
  normalOf(series, { referenceUntilMs: untilMs, isClean: true });
