import type { CaseMetric } from '../../shared/formats/case.ts';
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
  /** What was found normal of its first samples, by how many those were: what comes later changes none of it. */
  normals: Map<string, Normal | null>;
};

/** What is normal for a series: its level, and how far its sustained level and its single samples stray from that. */
export type Normal = { level: number; strays: number; noise: number };

/** `before`: the same series when it had fewer samples. The answer is the same with it and without, only sooner. */
export function seriesOf(metric: CaseMetric, before?: Series): Series {
  const start = before && goesOn(before.metric, metric) ? before : undefined;
  if (start?.metric.values.length === metric.values.length) return start;
  const room = roomAfter(start, Math.ceil(metric.values.length / gatheredOf(metric)));
  addSamples(metric, start?.metric.values.length ?? 0, room);
  const values = room.values.subarray(0, room.used);
  const { levelOf, inUnit, isShare, scaledBy } = scaleOf(metric, values);
  const known = start?.scaledBy === scaledBy ? start : undefined;
  // On another scale all levels are others, and those of the series before must stay what they were.
  if (start && !known) return seriesOf(metric);
  for (let at = known?.levels.length ?? 0; at < values.length; at += 1)
    room.levels[at] = finite(levelOf(values[at] ?? 0));
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
    amounts: isShare ? levels.map((level) => level * level) : values,
    width,
    sustained: room.sustained.subarray(0, Math.max(0, room.used - width + 1)),
    inUnit: (level) => finite(inUnit(level)),
    room,
    scaledBy,
    normals: known?.normals ?? new Map(),
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
  used: number;
};

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
    used: start?.atMs.length ?? 0,
  };
}

const SPARE = 1.25;

/** Whether one is the other with samples added at its end; those that are gathered to a coarser step begin anew. */
function goesOn(before: CaseMetric, now: CaseMetric): boolean {
  const { values } = before;
  if (before.from !== now.from || before.stepSeconds !== now.stepSeconds || before.kind !== now.kind)
    return false;
  if (before.unit !== now.unit || gatheredOf(now) > 1 || values.length > now.values.length) return false;
  for (let at = 0; at < values.length; at += 1) if (!Object.is(values[at], now.values[at])) return false;
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
  const present = new Float64Array(Math.min(together, values.length));
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

function scaleOf({ kind, unit }: CaseMetric, values: Float64Array): Scale {
  switch (kind) {
    case 'error_rate':
    case 'availability':
      return rootOfShare(kind === 'availability', wholeOf(unit, values));
    case 'latency':
    case 'traffic':
    case 'saturation':
      return logarithm(values);
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
function wholeOf(unit: string | undefined, values: Float64Array): number {
  if (unit === '%' || unit === 'percent') return 100;
  const most = values.reduce((most, value) => Math.max(most, value), 0);
  return most <= MOST_OF_A_SHARE ? 1 : Math.max(100, most);
}

/** Shares come out slightly above 1 where numerator and denominator were scraped apart. */
const MOST_OF_A_SHARE = 1.5;

/** Ratios count, not differences; what lies at 0 or below counts as a small part of the usual. */
function logarithm(values: Float64Array): Scale {
  // Where none is that small beside any other, whatever is usual makes no difference.
  if (staysWithin(values, LEAST_OF_USUAL))
    return { levelOf: Math.log, inUnit: Math.exp, scaledBy: Number.POSITIVE_INFINITY };
  const usual = median(values.filter((value) => value > 0)) || 1;
  const least = Math.max(usual * LEAST_OF_USUAL, Number.MIN_VALUE);
  return { levelOf: (value) => Math.log(Math.max(value, least)), inUnit: Math.exp, scaledBy: least };
}

const LEAST_OF_USUAL = 0.02;

/** Whether all are above 0 and the least is at least this share of the most. */
function staysWithin(values: Float64Array, share: number): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least >= Number.MIN_VALUE && least >= share * most;
}

/** Like the logarithm for what is large, linear around 0, so that any sign has a place. */
function inverseSine(values: Float64Array): Scale {
  const usual = median(values.map(Math.abs).filter((value) => value > 0)) || 1;
  return {
    levelOf: (value) => Math.asinh(value / usual),
    inUnit: (level) => Math.sinh(level) * usual,
    scaledBy: usual,
  };
}
