import { keyOf, type Labels, partOf } from '../labels.ts';
import { emptyRow, type Row } from './row.ts';

type Bucket = { upper: number; row: Row };

/** Estimates a quantile from classic histogram buckets, as Prometheus' `bucketQuantile` does. */
export function histogramQuantile(quantiles: Float64Array, rows: readonly Row[]): Row[] {
  const histograms = new Map<string, { labels: Labels; buckets: Bucket[] }>();
  const withoutLimit = partOf(['le'], false);
  for (const row of rows) {
    const { le } = row.labels;
    const labels = withoutLimit(row.labels);
    const upper = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le || Number.NaN);
    if (Number.isNaN(upper)) continue;
    const key = keyOf(labels);
    const histogram = histograms.get(key) ?? { labels, buckets: [] };
    histogram.buckets.push({ upper, row });
    histograms.set(key, histogram);
  }

  const uppers: number[] = [];
  const counts: number[] = [];
  return [...histograms.values()].map(({ labels, buckets }) => {
    buckets.sort((one, other) => one.upper - other.upper);
    const result = emptyRow(labels, quantiles.length);
    for (let step = 0; step < quantiles.length; step++) {
      uppers.length = 0;
      counts.length = 0;
      for (const { upper, row } of buckets) {
        if (!row.present[step]) continue;
        const last = uppers.length - 1;
        // Two writings of one limit (`1` and `1.0`) are one bucket.
        if (uppers[last] === upper) counts[last] = (counts[last] ?? 0) + (row.values[step] ?? 0);
        else {
          uppers.push(upper);
          counts.push(row.values[step] ?? 0);
        }
      }
      if (counts.length === 0) continue;
      result.values[step] = bucketQuantile(quantiles[step] ?? Number.NaN, uppers, counts);
      result.present[step] = 1;
    }
    return result;
  });
}

function bucketQuantile(quantile: number, uppers: readonly number[], counts: number[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const last = uppers.length - 1;
  if (last < 1 || uppers[last] !== Number.POSITIVE_INFINITY) return Number.NaN;
  // Buckets are scraped and rated one by one, so a later one may come out slightly lower.
  for (let index = 1; index <= last; index++) {
    counts[index] = Math.max(counts[index] ?? 0, counts[index - 1] ?? 0);
  }
  const observations = counts[last] ?? 0;
  if (observations === 0 || Number.isNaN(observations)) return Number.NaN;

  const rank = quantile * observations;
  let bucket = counts.findIndex((count) => count >= rank);
  if (bucket < 0) bucket = last;
  if (bucket === last) return uppers[last - 1] ?? Number.NaN;
  const end = uppers[bucket] ?? Number.NaN;
  if (bucket === 0 && end <= 0) return end;
  const start = bucket === 0 ? 0 : (uppers[bucket - 1] ?? 0);
  const below = bucket === 0 ? 0 : (counts[bucket - 1] ?? 0);
  return start + (end - start) * ((rank - below) / ((counts[bucket] ?? 0) - below));
}
