/** What a stretch of a series comes to, in numbers that can be compared. */
export type SeriesSummary = { samples: number; median: number; p95: number; min: number; max: number };

export function summaryOf(values: readonly number[]): SeriesSummary | null {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const [min] = sorted;
  if (min === undefined) return null;
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? min;
  return { samples: sorted.length, median: at(0.5), p95: at(0.95), min, max: at(1) };
}

/** How far two stretches lie apart before it means anything: a fifth of the level, and more than the earlier one varies. */
const LEAST_SHARE = 0.2;

export type Difference = 'higher' | 'lower' | 'alike' | 'no samples now' | 'no samples earlier';

export function differenceOf(now: SeriesSummary | null, earlier: SeriesSummary | null): Difference {
  if (!now) return 'no samples now';
  if (!earlier) return 'no samples earlier';
  const spread = Math.max(earlier.p95 - earlier.median, LEAST_SHARE * Math.abs(earlier.median));
  if (now.median > earlier.median + spread) return 'higher';
  if (now.median < earlier.median - spread) return 'lower';
  return 'alike';
}

/** At most `most` points, evenly thinned, the last one kept. */
export function thinned<Point>(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const every = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => points[Math.round(at * every)]).filter(
    (point) => point !== undefined,
  );
}
