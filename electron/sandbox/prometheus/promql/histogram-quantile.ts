import { keyOf, type Labels, partOf } from '../labels.ts';
import { emptyRow, type Row } from './row.ts';
import type { Sums } from './summed-rates.ts';

type Bucket = { upper: number; at: number };
/** A histogram's labels, and where in the buckets that were given its own stand, lowest first. */
type Histogram = { labels: Labels; buckets: Bucket[] };

/** Estimates a quantile from classic histogram buckets, as Prometheus' `bucketQuantile` does. */
export function histogramQuantile(quantiles: Float64Array, rows: readonly Row[]): Row[] {
  const histograms = histogramsIn(rows.map(({ labels }) => labels));
  const isThere = (at: number, step: number) => rows[at]?.present[step] === 1;
  return quantilesOf(quantiles, histograms, isThere, (at, step) => rows[at]?.values[step] ?? 0);
}

/** The histograms among groups that were summed up before: they come back with each evaluation of a rule. */
const known = new WeakMap<readonly Labels[], { groups: number; histograms: readonly Histogram[] }>();

/** The same of buckets that were summed up from rates. */
export function quantileOfSums(quantiles: Float64Array, { groups, values, present }: Sums): Row[] {
  const before = known.get(groups);
  const histograms = before?.groups === groups.length ? before.histograms : histogramsIn(groups);
  known.set(groups, { groups: groups.length, histograms });
  const steps = quantiles.length;
  const isThere = (at: number, step: number) => present[at * steps + step] === 1;
  const rows = quantilesOf(quantiles, histograms, isThere, (at, step) => values[at * steps + step] ?? 0);
  return rows.filter((row) => row.present.includes(1));
}

function histogramsIn(all: readonly Labels[]): readonly Histogram[] {
  const histograms = new Map<string, Histogram>();
  const withoutLimit = partOf(['le'], false);
  for (const [at, given] of all.entries()) {
    const { le } = given;
    const labels = withoutLimit(given);
    const upper = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le || Number.NaN);
    if (Number.isNaN(upper)) continue;
    const key = keyOf(labels);
    const histogram = histograms.get(key) ?? { labels, buckets: [] };
    histogram.buckets.push({ upper, at });
    histograms.set(key, histogram);
  }
  for (const { buckets } of histograms.values()) buckets.sort((one, other) => one.upper - other.upper);
  return [...histograms.values()];
}

function quantilesOf(
  quantiles: Float64Array,
  histograms: readonly Histogram[],
  isThere: (at: number, step: number) => boolean,
  countOf: (at: number, step: number) => number,
): Row[] {
  const most = Math.max(0, ...histograms.map(({ buckets }) => buckets.length));
  const uppers = new Float64Array(most);
  const counts = new Float64Array(most);
  return histograms.map(({ labels, buckets }) => {
    const result = emptyRow(labels, quantiles.length);
    for (let step = 0; step < quantiles.length; step++) {
      let last = -1;
      for (let index = 0; index < buckets.length; index++) {
        const { upper, at } = buckets[index] ?? noBucket;
        if (!isThere(at, step)) continue;
        // Two writings of one limit (`1` and `1.0`) are one bucket.
        if (last >= 0 && uppers[last] === upper) counts[last] = (counts[last] ?? 0) + countOf(at, step);
        else {
          last += 1;
          uppers[last] = upper;
          counts[last] = countOf(at, step);
        }
      }
      if (last < 0) continue;
      result.values[step] = bucketQuantile(quantiles[step] ?? Number.NaN, uppers, counts, last);
      result.present[step] = 1;
    }
    return result;
  });
}

const noBucket: Bucket = { upper: Number.NaN, at: -1 };

/** Of the buckets up to and with the last; more may stand behind it from before. */
function bucketQuantile(quantile: number, uppers: Float64Array, counts: Float64Array, last: number): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  if (last < 1 || uppers[last] !== Number.POSITIVE_INFINITY) return Number.NaN;
  // Buckets are scraped and rated one by one, so a later one may come out slightly lower.
  for (let index = 1; index <= last; index++) {
    counts[index] = Math.max(counts[index] ?? 0, counts[index - 1] ?? 0);
  }
  const observations = counts[last] ?? 0;
  if (observations === 0 || Number.isNaN(observations)) return Number.NaN;

  const rank = quantile * observations;
  let bucket = 0;
  while (bucket < last && !((counts[bucket] ?? 0) >= rank)) bucket += 1;
  if (bucket === last) return uppers[last - 1] ?? Number.NaN;
  const end = uppers[bucket] ?? Number.NaN;
  if (bucket === 0 && end <= 0) return end;
  const start = bucket === 0 ? 0 : (uppers[bucket - 1] ?? 0);
  const below = bucket === 0 ? 0 : (counts[bucket - 1] ?? 0);
  return start + (end - start) * ((rank - below) / ((counts[bucket] ?? 0) - below));
}
