import type { ChartPoints, Sampled } from '../../shared/vocabulary/chart.ts';

/** What a chart draws: one row of times, what was measured, and the same of another day where it was asked for. */
export type ChartLine = {
  timesMs: number[];
  values: (number | null | undefined)[];
  ghost: (number | null | undefined)[] | undefined;
};

const NO_POINTS: ChartPoints = { fromMs: 0, stepMs: 1, places: [], values: [] };

/**
 * Two series on one row of times. Where only one has a sample the other has `undefined`, over which its line goes on; null
 * stays a gap.
 */
export function chartLine(points: ChartPoints | null, ghost: ChartPoints | null): ChartLine {
  const main = points ?? NO_POINTS;
  if (!ghost) {
    return {
      timesMs: main.places.map((_place, index) => timeOf(main, index)),
      values: main.values,
      ghost: undefined,
    };
  }
  const line: Required<ChartLine> & { ghost: (number | null | undefined)[] } = {
    timesMs: [],
    values: [],
    ghost: [],
  };
  for (let a = 0, b = 0; a < main.places.length || b < ghost.places.length; ) {
    const mainMs = a < main.places.length ? timeOf(main, a) : Number.POSITIVE_INFINITY;
    const ghostMs = b < ghost.places.length ? timeOf(ghost, b) : Number.POSITIVE_INFINITY;
    line.timesMs.push(Math.min(mainMs, ghostMs));
    line.values.push(mainMs <= ghostMs ? (main.values[a] ?? null) : undefined);
    line.ghost.push(ghostMs <= mainMs ? (ghost.values[b] ?? null) : undefined);
    if (mainMs <= ghostMs) a += 1;
    if (ghostMs <= mainMs) b += 1;
  }
  return line;
}

/** The sample that is nearest to an instant; null where it is further away than a sample may be. */
export function sampleAt(points: ChartPoints | null | undefined, atMs: number): Sampled | null {
  if (!points) return null;
  let low = 0;
  let high = points.places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(points, middle) < atMs) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [low - 1, low].map((index) => sampleOf(points, index));
  const nearer = (one: Sampled | null | undefined) =>
    one ? Math.abs(one.atMs - atMs) : Number.POSITIVE_INFINITY;
  const nearest = nearer(before) <= nearer(after) ? before : after;
  return nearest && nearer(nearest) <= reachOf(points, low) ? nearest : null;
}

/** As far as the points stand apart there: further away there is a gap. */
function reachOf(points: ChartPoints, index: number): number {
  const { places, stepMs } = points;
  const [before, after] = [places[index - 1], places[index]];
  return before === undefined || after === undefined ? stepMs : Math.max(1, after - before) * stepMs;
}

/** The samples there are, in their order. */
export const samplesOf = (points: ChartPoints): Sampled[] =>
  points.places.flatMap((_place, index) => sampleOf(points, index) ?? []);

function sampleOf(points: ChartPoints, index: number): Sampled | null {
  const value = points.values[index];
  return value === null || value === undefined ? null : { atMs: timeOf(points, index), value };
}

const timeOf = ({ fromMs, stepMs, places }: ChartPoints, index: number): number =>
  fromMs + (places[index] ?? 0) * stepMs;
