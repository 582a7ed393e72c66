import { type Baselines, baselineOf } from './baseline.ts';

/** Which part of the rows is compared with which: the last `recent` points with all before them. */
export type Span = { points: number; recent: number };

/**
 * Scores the rows from `first` up to `end`: how many spreads the median of the last points lies from the baseline of those
 * before, upwards positive. A sustained departure counts and a single wild sample does not. NaN where too little is known.
 */
export function scanRows(
  values: Float32Array,
  { points, recent }: Span,
  { first, end }: { first: number; end: number },
  into: Baselines & { scores: Float32Array },
): void {
  const reference = points - recent;
  const scratch = new Float32Array(reference);
  const tail = new Float32Array(recent);
  for (let row = first; row < end; row++) {
    const start = row * points;
    baselineOf(values, start, reference, scratch, into, row);
    const level = medianOfTail(values, start + reference, recent, tail);
    into.scores[row] = (level - (into.medians[row] as number)) / (into.spreads[row] as number);
  }
}

/** Too few to be worth a call of the native sort. */
function medianOfTail(values: Float32Array, start: number, count: number, tail: Float32Array): number {
  let present = 0;
  for (let at = 0; at < count; at++) {
    const value = values[start + at] as number;
    if (Number.isNaN(value)) continue;
    let place = present++;
    for (; place > 0 && (tail[place - 1] as number) > value; place--) tail[place] = tail[place - 1] as number;
    tail[place] = value;
  }
  if (present === 0) return Number.NaN;
  const middle = present >> 1;
  return present % 2 === 1
    ? (tail[middle] as number)
    : ((tail[middle - 1] as number) + (tail[middle] as number)) / 2;
}
