import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { type Grid, identityOf } from './service-metrics.ts';

/** So much of its end is asked for again: samples that came late change it still. */
const AGAIN_MS = 5 * 60_000;
/** After so long all of a window is asked for again, since what is older may have been filled in. */
const WHOLE_AFTER_MS = 10 * 60_000;
/** Windows that are kept at once: one for each open incident, as long as there are few. */
const MOST_WINDOWS = 4;

type Held = { toMs: number; wholeAtMs: number; series: readonly MetricSeries[] };

/**
 * The series of a window that grows while an incident is open. It is read many times a minute, and what was read of it
 * before is kept: a server is asked for the last minutes only. Short windows and those that move are always read whole.
 */
export function readSoFar() {
  /** By window, the one used last at the end; in each by what was asked. */
  const windows = new Map<string, Map<string, Held>>();

  return async (
    asked: string,
    grid: Grid,
    read: (grid: Grid) => Promise<MetricSeries[]>,
  ): Promise<readonly MetricSeries[]> => {
    if (grid.toMs - grid.fromMs < 4 * AGAIN_MS) return read(grid);
    const held = windows.get(keyOf(grid))?.get(asked);
    const tail = held && tailOf(grid, held);
    const series = tail ? joined(held.series, await read(tail), grid, tail) : await read(grid);
    const wholeAtMs = tail ? held.wholeAtMs : grid.toMs;
    const before = windows.get(keyOf(grid)) ?? new Map<string, Held>();
    windows.delete(keyOf(grid));
    windows.set(keyOf(grid), before.set(asked, { toMs: grid.toMs, wholeAtMs, series }));
    for (const oldest of [...windows.keys()].slice(0, -MOST_WINDOWS)) windows.delete(oldest);
    return series;
  };
}

const keyOf = ({ fromMs, stepMs }: Grid) => `${fromMs}/${stepMs}`;

/** What is still to be read of a window, or null where that is all of it. */
function tailOf(grid: Grid, held: Held): Grid | null {
  if (grid.toMs < held.toMs || grid.toMs - held.wholeAtMs >= WHOLE_AFTER_MS) return null;
  const again = Math.ceil(AGAIN_MS / grid.stepMs) * grid.stepMs;
  return { ...grid, fromMs: Math.max(grid.fromMs, held.toMs - again) };
}

/** The beginning of what was held before, and the tail instead of its end. */
function joined(
  held: readonly MetricSeries[],
  tail: readonly MetricSeries[],
  whole: Grid,
  end: Grid,
): readonly MetricSeries[] {
  const kept = (end.fromMs - whole.fromMs) / whole.stepMs;
  const nothing = (steps: number) => Array.from({ length: steps }, () => null);
  const ends = new Map(tail.map((one) => [identityOf(one), one.values]));
  const known = new Set(held.map(identityOf));
  const none = nothing((end.toMs - end.fromMs) / end.stepMs + 1);
  return [
    ...held.map((one) => ({
      ...one,
      values: [...one.values.slice(0, kept), ...(ends.get(identityOf(one)) ?? none)],
    })),
    ...tail
      .filter((one) => !known.has(identityOf(one)))
      .map((one) => ({ ...one, fromMs: whole.fromMs, values: [...nothing(kept), ...one.values] })),
  ];
}
