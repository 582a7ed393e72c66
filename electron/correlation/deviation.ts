import type { MetricKind } from '../../shared/vocabulary/kinds.ts';
import { distances, median, quantile } from './median.ts';
import { once } from './once.ts';
import type { Learnt, Normal, Series } from './series.ts';
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

/** What is known of the samples of a series before a time; `until` counts them. */
type Reference = { until: number; learnt: Learnt };

function referenceOf(series: Series, until: number): Reference | null {
  if (until < Math.max(weights.series.leastReference, series.width)) return null;
  const learnt = once(series.learnt, until, () => ({ level: median(series.levels.subarray(0, until)) }));
  return { until, learnt };
}

/**
 * The normal of a series before a time. The scale is the largest of what single samples lead to expect, how far the
 * sustained level itself strayed while all was well, and a floor by kind. `isClean`: the time is known to be free of
 * trouble, so its tail counts too.
 */
function normalOf(series: Series, { until, learnt }: Reference, isClean: boolean): Normal {
  const known = isClean ? learnt.cleanNormal : learnt.normal;
  if (known) return known;
  const { level } = learnt;
  const { madToSigma, medianToMean, tail, kind } = weights;
  const { width } = series;
  const noise = median(distances(series.levels.subarray(0, until), level)) * madToSigma;
  const away = distances(series.sustained.subarray(0, until - width + 1), level);
  const wander = isClean ? quantile(away, tail.quantile) / tail.sigmas : 0;
  const strays = Math.max(
    median(away) * madToSigma,
    wander,
    (noise * medianToMean) / Math.sqrt(width),
    kind[series.metric.kind].floor,
  );
  const found = { level, strays, noise };
  if (isClean) learnt.cleanNormal = found;
  else learnt.normal = found;
  return found;
}

/** The strongest sustained departure of a series in a bad direction, or null when there is none so strong. */
export function deviationOf(series: Series, span: Span, leastStrength: number): Deviation | null {
  const { atMs } = series.room;
  const reference = referenceOf(series, firstFrom(atMs, span.referenceUntilMs, series.count));
  if (!reference) return null;
  const { level: middle } = reference.learnt;
  const known = span.isClean ? reference.learnt.cleanNormal : reference.learnt.normal;
  // No scale is below the floor: most series are done with here, and their scale is never asked for.
  const leastScale = known?.strays ?? weights.kind[series.metric.kind].floor;
  if (farthestEver(series, middle) / leastScale < leastStrength) return null;
  const peak = farthest(series, middle, firstFrom(atMs, span.searchFromMs, series.count));
  if (peak.away / leastScale < leastStrength) return null;
  const normal = normalOf(series, reference, span.isClean);
  const best = { ...peak, strength: peak.away / normal.strays };
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

type Peak = { at: number; away: number; sign: 1 | -1 };

/** No less than the sustained level is ever away in a bad direction, whenever that was. */
const farthestEver = ({ lowest, highest, metric: { kind } }: Series, level: number): number =>
  goesBothWays(kind) ? Math.max(highest - level, level - lowest) : highest - level;

const goesBothWays = (kind: MetricKind): boolean => kind === 'traffic' || kind === 'other';

/** The place where the sustained level is farthest away in a bad direction; of equals the first, and a rise before a fall. */
function farthest(
  { room: { sustained }, sustainedCount, metric: { kind } }: Series,
  level: number,
  from: number,
): Peak {
  let [highest, lowest] = [level, level];
  let [high, low] = [-1, -1];
  for (let at = from; at < sustainedCount; at += 1) {
    const value = sustained[at] ?? 0;
    if (value > highest) {
      highest = value;
      high = at;
    } else if (value < lowest) {
      lowest = value;
      low = at;
    }
  }
  return goesBothWays(kind) && level - lowest > highest - level
    ? { at: low, away: level - lowest, sign: -1 }
    : { at: high, away: highest - level, sign: 1 };
}

/**
 * The first sample of the departure: back from its peak along the sustained level to where that first left normal (less
 * than a width of calm does not end it), then on to the first sample that is itself away.
 */
function beganAt(
  { sustained, levels, width }: Series,
  normal: Normal,
  peak: Peak & { strength: number },
): number {
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

/** Index of the first of `count` times at or after `ms`. */
export function firstFrom(atMs: ArrayLike<number>, ms: number, count: number = atMs.length): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The normal of a series before a time that is known to be free of trouble; null when there is too little to tell. */
export function normalBefore(series: Series, untilMs: number): Normal | null {
  const reference = referenceOf(series, firstFrom(series.atMs, untilMs));
  return reference && normalOf(series, reference, true);
}
