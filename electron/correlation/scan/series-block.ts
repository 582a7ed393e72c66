/**
 * Very many series of equal length in one piece of memory that threads share: row after row, one value a step, NaN where
 * there was no sample. 200 000 series of 120 points are 96 MB.
 */
export type SeriesBlock = { series: number; points: number; values: Float32Array<SharedArrayBuffer> };

/** A block without a single sample. @throws RangeError for sizes that are no whole numbers or do not fit into memory. */
export function seriesBlock(series: number, points: number): SeriesBlock {
  if (!Number.isInteger(series) || !Number.isInteger(points) || series < 0 || points < 1) {
    throw new RangeError(`a block of ${series} series of ${points} points cannot be`);
  }
  const values = new Float32Array(new SharedArrayBuffer(series * points * 4)).fill(Number.NaN);
  return { series, points, values };
}

/** Puts the values of one series into its row, from the first point on; what is no finite number is a gap. */
export function fillRow(
  { points, values }: SeriesBlock,
  row: number,
  from: readonly (number | null)[],
): void {
  const start = row * points;
  for (let at = 0; at < points; at++) {
    const value = from[at];
    values[start + at] = typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
  }
}
