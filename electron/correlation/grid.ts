import { median } from './median.ts';
import type { Series } from './series.ts';

/** One clock for all series of a case, so that they can be added up and compared point by point. */
export type Grid = { fromMs: number; stepMs: number; length: number };

/** Longer cases are read in coarser steps: nothing below needs more to tell what began when. */
const MOST_POINTS = 1440;

export function gridOf(all: readonly Series[], fromMs: number, toMs: number): Grid {
  const usual = median(all.map(({ stepMs }) => stepMs)) || 60_000;
  const stepMs = Math.max(usual, (toMs - fromMs) / (MOST_POINTS - 1), 1);
  return { fromMs, stepMs, length: Math.floor((toMs - fromMs) / stepMs) + 1 };
}

/** Place of a time on the grid, with its fraction. */
export const placeOf = ({ fromMs, stepMs }: Grid, ms: number): number => (ms - fromMs) / stepMs;

export const timeOf = ({ fromMs, stepMs }: Grid, place: number): number => fromMs + place * stepMs;

/**
 * A series on the grid. Several samples of a step count as their mean; a gap holds what was last seen, since
 * a hole in the data is no event, and the time before the first sample shows that sample. Written into `values`, zeros of
 * the grid's length.
 */
export function onGrid(series: Series, grid: Grid, values: Float64Array): Float64Array {
  // Samples no closer than the steps of the grid have each a place of their own.
  return series.stepMs >= grid.stepMs ? placed(series, grid, values) : held(gathered(series, grid, values));
}

function placed(
  { atMs, amounts }: Series,
  { fromMs, stepMs, length }: Grid,
  values: Float64Array,
): Float64Array {
  let filled = 0;
  let last = Number.NaN;
  for (let at = 0; at < atMs.length; at += 1) {
    const place = Math.round(((atMs[at] ?? 0) - fromMs) / stepMs);
    if (place < 0 || place >= length) continue;
    const value = Math.max(-MOST, Math.min(MOST, amounts[at] ?? 0));
    for (const before = Number.isNaN(last) ? value : last; filled < place; filled += 1)
      values[filled] = before;
    values[place] = value;
    filled = place + 1;
    last = value;
  }
  if (!Number.isNaN(last)) values.fill(last, filled);
  return values;
}

function gathered(series: Series, grid: Grid, values: Float64Array): Float64Array {
  values.fill(Number.NaN);
  const seen = new Uint16Array(grid.length);
  for (let at = 0; at < series.atMs.length; at += 1) {
    const place = Math.round(placeOf(grid, series.atMs[at] ?? 0));
    if (place < 0 || place >= grid.length) continue;
    const value = Math.max(-MOST, Math.min(MOST, series.amounts[at] ?? 0));
    const before = seen[place] ?? 0;
    values[place] = before === 0 ? value : ((values[place] ?? 0) * before + value) / (before + 1);
    seen[place] = before + 1;
  }
  return values;
}

/** Nothing that is measured is beyond this in any unit, and squares of it can be added up. */
const MOST = 1e12;

function held(values: Float64Array): Float64Array {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  for (let at = 0; at < values.length; at += 1) {
    if (Number.isNaN(values[at])) values[at] = last;
    else last = values[at] ?? 0;
  }
  return values;
}

/** Never below a small part of the usual, so that every logarithm is defined. */
export function atLeast(values: Float64Array): Float64Array {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  // Where none is that small beside any other, whatever is usual makes no difference.
  if (lowest >= Math.max(highest * LEAST_OF_USUAL, 1 / MOST)) return values;
  const least = Math.max(median(values) * LEAST_OF_USUAL, 1 / MOST);
  return values.map((value) => Math.max(value, least));
}

const LEAST_OF_USUAL = 0.02;
