/** What one series is normally like: the median, and the spread around it on the scale of a standard deviation. */
export type Baselines = { medians: Float32Array; spreads: Float32Array };

/** The median absolute deviation of normal noise, times this, is its standard deviation (Rousseeuw and Croux 1993, JASA 88). */
const madToSigma = 1.4826;
/**
 * No spread is taken for smaller than this share of the median, nor than this: a constant series has no noise of its own,
 * and rounding must not look like news.
 */
const leastShare = 0.01;
const leastSpread = 1e-9;
/** With fewer samples nothing is known. */
const leastSamples = 8;

/**
 * The baseline of a row, from its first `count` points. `scratch` has as many places and is overwritten; nothing else is
 * allocated. Without enough samples the median is NaN, and so is every score against it.
 */
export function baselineOf(
  values: Float32Array,
  start: number,
  count: number,
  scratch: Float32Array,
  into: Baselines,
  row: number,
): void {
  let present = 0;
  for (let at = 0; at < count; at++) {
    const value = values[start + at] as number;
    if (!Number.isNaN(value)) scratch[present++] = value;
  }
  if (present < leastSamples) {
    into.medians[row] = Number.NaN;
    into.spreads[row] = Number.NaN;
    return;
  }
  // The sort is native, and gaps go last, where nobody looks.
  for (let at = present; at < count; at++) scratch[at] = Number.NaN;
  scratch.sort();
  const middle = present >> 1;
  const median =
    present % 2 === 1
      ? (scratch[middle] as number)
      : ((scratch[middle - 1] as number) + (scratch[middle] as number)) / 2;
  const spread = middleDistance(scratch, present, median) * madToSigma;
  into.medians[row] = median;
  into.spreads[row] = Math.max(spread, Math.abs(median) * leastShare, leastSpread);
}

/** The median distance from the median, walking outwards from it on both sides of what is sorted: no second sort. */
function middleDistance(sorted: Float32Array, present: number, median: number): number {
  const wanted = present >> 1;
  let right = wanted;
  let left = wanted - 1;
  let before = 0;
  let distance = 0;
  for (let taken = 0; taken <= wanted; taken++) {
    const below = left >= 0 ? median - (sorted[left] as number) : Number.POSITIVE_INFINITY;
    const above = right < present ? (sorted[right] as number) - median : Number.POSITIVE_INFINITY;
    before = distance;
    if (below < above) {
      distance = below;
      left -= 1;
    } else {
      distance = above;
      right += 1;
    }
  }
  return present % 2 === 1 ? distance : (before + distance) / 2;
}
