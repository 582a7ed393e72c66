import type { CaseMetric, Samples } from '../../shared/formats/case.ts';
import { forwardMedians, median } from './median.ts';
import { weights } from './weights.ts';

/**
 * A metric on the scale it is judged on: its samples without the gaps, each with its time. On that scale more is worse
 * for every kind but traffic and other, where both ways may be.
 */
export type Series = {
  metric: CaseMetric;
  stepMs: number;
  atMs: Float64Array;
  levels: Float64Array;
  /** The samples themselves: failures as a share of requests, all else in the metric's unit. */
  amounts: Float64Array;
  /** How many samples make a level that is sustained, and that level: the median of so many from each sample on. */
  width: number;
  sustained: Float64Array;
  /** From the scale back to the metric's own unit. */
  inUnit(level: number): number;
  /** Where its samples lie, and what the scale took from them: what goes on from here needs no more. */
  room: Room;
  scaledBy: number;
  extent: Extent;
  /** What was found normal of its first samples, by how many those were: what comes later changes none of it. */
  normals: Map<string, Normal>;
  levelsBefore: Map<number, number>;
};

/** What is normal for a series: its level, and how far its sustained level and its single samples stray from that. */
export type Normal = { level: number; strays: number; noise: number };

/** `before`: the same series when it had fewer samples. The answer is the same with it and without, only sooner. */
export function seriesOf(metric: CaseMetric, before?: Series): Series {
  const start = before && goesOn(before.metric, metric) ? before : undefined;
  if (start?.metric.values.length === metric.values.length) return start;
  const room = roomAfter(start, Math.ceil(metric.values.length / gatheredOf(metric)));
  const told = room.used;
  addSamples(metric, start?.metric.values.length ?? 0, room);
  const values = room.values.subarray(0, room.used);
  const extent = extentOf(values, told, start?.extent);
  const scale = scaleOf(metric, values, extent);
  const known = start?.scaledBy === scale.scaledBy ? start : undefined;
  // On another scale all levels are others, and those of the series before must stay what they were.
  if (start && !known) return seriesOf(metric);
  const amounts = scale.isShare ? sharesIn(room) : room.values;
  for (let at = told; at < room.used; at += 1) {
    const level = finite(scale.levelOf(values[at] ?? 0));
    room.levels[at] = level;
    if (scale.isShare) amounts[at] = level * level;
  }
  const levels = room.levels.subarray(0, room.used);
  const stepMs = stepOf(metric);
  const width = widthOf(stepMs);
  const from = known?.sustained.length ?? 0;
  room.sustained.set(forwardMedians(levels.subarray(from), width), from);
  return {
    metric,
    stepMs,
    atMs: room.atMs.subarray(0, room.used),
    levels,
    amounts: scale.isShare ? amounts.subarray(0, room.used) : values,
    width,
    sustained: room.sustained.subarray(0, Math.max(0, room.used - width + 1)),
    inUnit: (level) => finite(scale.inUnit(level)),
    room,
    scaledBy: scale.scaledBy,
    extent,
    normals: known?.normals ?? new Map(),
    levelsBefore: known?.levelsBefore ?? new Map(),
  };
}

/**
 * Memory for samples that may be added to. INVARIANT: what is used of it never changes, so that a series keeps its samples
 * when another goes on from it; the first that does so takes the rest of the room, a second one a copy.
 */
type Room = {
  atMs: Float64Array;
  values: Float64Array;
  levels: Float64Array;
  sustained: Float64Array;
  /** Only of shares: their amounts are not the samples. */
  shares: Float64Array | null;
  used: number;
};

function sharesIn(room: Room): Float64Array {
  room.shares ??= new Float64Array(room.values.length);
  return room.shares;
}

function roomAfter(start: Series | undefined, places: number): Room {
  if (start && start.room.used === start.atMs.length && places <= start.room.atMs.length) return start.room;
  // Only what went on once is likely to do so again.
  const size = start ? Math.ceil(places * SPARE) : places;
  const like = (known?: Float64Array): Float64Array => {
    const values = new Float64Array(size);
    if (known) values.set(known);
    return values;
  };
  return {
    atMs: like(start?.atMs),
    values: like(start?.room.values.subarray(0, start.atMs.length)),
    levels: like(start?.levels),
    sustained: like(start?.sustained),
    shares: start?.room.shares ? like(start.amounts) : null,
    used: start?.atMs.length ?? 0,
  };
}

/** The least and the most of the samples; of none, the least is infinite. */
type Extent = { least: number; most: number };

function extentOf(values: Float64Array, from: number, before: Extent = NO_EXTENT): Extent {
  let { least, most } = before;
  for (let at = from; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

const NO_EXTENT: Extent = { least: Number.POSITIVE_INFINITY, most: 0 };

const SPARE = 1.25;

/** Whether one is the other with samples added at its end; those that are gathered to a coarser step begin anew. */
function goesOn(before: CaseMetric, now: CaseMetric): boolean {
  if (before.from !== now.from || before.stepSeconds !== now.stepSeconds || before.kind !== now.kind)
    return false;
  if (before.unit !== now.unit || gatheredOf(now) > 1 || before.values.length > now.values.length)
    return false;
  return before.values instanceof Float64Array && now.values instanceof Float64Array
    ? startsWith(now.values, before.values)
    : startsSo(now.values, before.values);
}

/** Looked at ten thousand times a tick: of typed arrays alone, the compiler makes a loop of it that reads nothing else. */
function startsWith(now: Float64Array, before: Float64Array): boolean {
  for (let at = 0; at < before.length; at += 1) if (!Object.is(before[at], now[at])) return false;
  return true;
}

function startsSo(now: Samples, before: Samples): boolean {
  for (let at = 0; at < before.length; at += 1) if (!Object.is(before[at], now[at])) return false;
  return true;
}

/** Extreme input may overflow on the way; a number that is merely huge keeps all arithmetic defined. */
const finite = (value: number): number =>
  Math.max(-Number.MAX_VALUE / 4, Math.min(Number.MAX_VALUE / 4, value || 0));

function widthOf(stepMs: number): number {
  const { sustainedMs, leastWidth, mostWidth } = weights.series;
  return Math.min(mostWidth, Math.max(leastWidth, Math.round(sustainedMs / stepMs)));
}

/** The samples there are, from the one at `told` on; those of a fine step gathered to medians of a coarser one. */
function addSamples(metric: CaseMetric, told: number, room: Room): void {
  const { values } = metric;
  const fromMs = Date.parse(metric.from);
  const together = gatheredOf(metric);
  const stepMs = stepOf(metric);
  const present = new Float64Array(together === 1 ? 1 : Math.min(together, values.length));
  for (let first = told; first < values.length; first += together) {
    const ms = fromMs + (first / together) * stepMs;
    if (ms < FIRST_MS || ms > LAST_MS) continue;
    let found = 0;
    for (let at = first; at < Math.min(first + together, values.length); at += 1) {
      const value = values[at];
      if (value === null || value === undefined || !Number.isFinite(value)) continue;
      present[found] = value;
      found += 1;
    }
    if (found === 0) continue;
    room.atMs[room.used] = ms;
    room.values[room.used] = found === 1 ? (present[0] ?? 0) : median(present.subarray(0, found));
    room.used += 1;
  }
}

const stepOf = (metric: CaseMetric): number => metric.stepSeconds * 1000 * gatheredOf(metric);

/** How many samples are gathered to one. */
const gatheredOf = ({ stepSeconds }: CaseMetric): number =>
  Math.max(1, Math.ceil(weights.series.leastStepMs / (stepSeconds * 1000)));

/** The years that RFC 3339 can write. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59Z');

/** `scaledBy`: what the scale took from the samples; with the same number it is the same scale. */
type Scale = {
  levelOf(value: number): number;
  inUnit(level: number): number;
  isShare?: true;
  scaledBy: number;
};

function scaleOf({ kind, unit }: CaseMetric, values: Float64Array, extent: Extent): Scale {
  switch (kind) {
    case 'error_rate':
    case 'availability':
      return rootOfShare(kind === 'availability', wholeOf(unit, extent));
    case 'latency':
    case 'traffic':
    case 'saturation':
      return logarithm(values, extent);
    case 'other':
      return inverseSine(values);
  }
}

/** The root evens out the noise of a share: 0.1 % to 1 % is as far as 20 % to 27 %. */
function rootOfShare(isGood: boolean, whole: number): Scale {
  const flip = (share: number) => (isGood ? 1 - share : share);
  return {
    levelOf: (value) => Math.sqrt(Math.max(0, flip(value / whole))),
    inUnit: (level) => flip(level * level) * whole,
    isShare: true,
    scaledBy: whole,
  };
}

/** What stands for "all": 1, 100 in per cent, or the largest value where failures are counted rather than shared. */
function wholeOf(unit: string | undefined, { most }: Extent): number {
  if (unit === '%' || unit === 'percent') return 100;
  return most <= MOST_OF_A_SHARE ? 1 : Math.max(100, most);
}

/** Shares come out slightly above 1 where numerator and denominator were scraped apart. */
const MOST_OF_A_SHARE = 1.5;

/** Ratios count, not differences; what lies at 0 or below counts as a small part of the usual. */
function logarithm(values: Float64Array, { least: lowest, most }: Extent): Scale {
  // Where none is that small beside any other, whatever is usual makes no difference.
  if (lowest >= Number.MIN_VALUE && lowest >= LEAST_OF_USUAL * most)
    return { levelOf: Math.log, inUnit: Math.exp, scaledBy: Number.POSITIVE_INFINITY };
  const usual = median(values.filter((value) => value > 0)) || 1;
  const least = Math.max(usual * LEAST_OF_USUAL, Number.MIN_VALUE);
  return { levelOf: (value) => Math.log(Math.max(value, least)), inUnit: Math.exp, scaledBy: least };
}

const LEAST_OF_USUAL = 0.02;

/** Like the logarithm for what is large, linear around 0, so that any sign has a place. */
function inverseSine(values: Float64Array): Scale {
  const usual = median(values.map(Math.abs).filter((value) => value > 0)) || 1;
  return {
    levelOf: (value) => Math.asinh(value / usual),
    inUnit: (level) => Math.sinh(level) * usual,
    scaledBy: usual,
  };
}
