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
 * a hole in the data is no event, and the time before the first sample shows that sample.
 */
export function onGrid(series: Series, grid: Grid): Float64Array {
  const values = new Float64Array(grid.length).fill(Number.NaN);
  const seen = new Uint16Array(grid.length);
  for (let at = 0; at < series.atMs.length; at += 1) {
    const place = Math.round(placeOf(grid, series.atMs[at] ?? 0));
    if (place < 0 || place >= grid.length) continue;
    const value = Math.max(-MOST, Math.min(MOST, series.amounts[at] ?? 0));
    const before = seen[place] ?? 0;
    values[place] = before === 0 ? value : ((values[place] ?? 0) * before + value) / (before + 1);
    seen[place] = before + 1;
  }
  return held(values);
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
export function atLeast(values: Float64Array, usual: number): Float64Array {
  const least = Math.max(usual * 0.02, 1 / MOST);
  return values.map((value) => Math.max(value, least));
}
