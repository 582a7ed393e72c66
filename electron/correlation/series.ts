import type { CaseMetric, Samples } from '../../shared/formats/case.ts';
import { forwardMedians, median } from './median.ts';
import { weights } from './weights.ts';

/**
 * A metric on the scale it is judged on: its samples without the gaps, each with its time. On that scale more is worse
 * for every kind but traffic and other, where both ways may be.
 */
export class Series {
  readonly metric: CaseMetric;
  readonly stepMs: number;
  /** How many samples there are. */
  readonly count: number;
  /** How many samples make a level that is sustained. */
  readonly width: number;
  /** Where its samples lie, and what the scale took from them: what goes on from here needs no more. */
  readonly room: Room;
  readonly scale: Scale;
  readonly extent: Extent;
  /** What was found of its first samples, by how many those were: what comes later changes none of it. */
  readonly learnt: Map<number, Learnt>;
  /** Between which the sustained level has always been; without any, the lowest is the higher. */
  readonly lowest: number;
  readonly highest: number;
  #atMs: Float64Array | undefined;
  #levels: Float64Array | undefined;
  #amounts: Float64Array | undefined;
  #sustained: Float64Array | undefined;
  #firstSum: number | undefined;

  constructor(metric: CaseMetric, room: Room, { scale, extent, newest, like }: Judged) {
    this.metric = metric;
    this.stepMs = stepOf(metric);
    this.count = room.used;
    this.width = widthOf(this.stepMs);
    this.room = room;
    this.scale = scale;
    this.extent = extent;
    this.learnt = like?.learnt ?? new Map();
    if (like?.isGrown) this.#firstSum = like.#firstSum;
    let { lowest, highest } = like ?? NOTHING_SUSTAINED;
    for (const level of newest) {
      lowest = Math.min(lowest, level);
      highest = Math.max(highest, level);
    }
    this.lowest = lowest;
    this.highest = highest;
  }

  // Of ten thousand series most are looked at in their room only: a view of each part of it is made for who asks.

  get atMs(): Float64Array {
    this.#atMs ??= this.room.atMs.subarray(0, this.count);
    return this.#atMs;
  }

  get levels(): Float64Array {
    this.#levels ??= this.room.levels.subarray(0, this.count);
    return this.#levels;
  }

  /** The samples themselves: failures as a share of requests, all else in the metric's unit. */
  get amounts(): Float64Array {
    this.#amounts ??= (this.room.shares ?? this.room.values).subarray(0, this.count);
    return this.#amounts;
  }

  /** The level that is sustained: the median of a width of samples from each sample on. */
  get sustained(): Float64Array {
    this.#sustained ??= this.room.sustained.subarray(0, this.sustainedCount);
    return this.#sustained;
  }

  /** Whether the sum of its first samples stays what it is. */
  get isGrown(): boolean {
    return this.count >= MANY;
  }

  /** A number of its own that hardly another has. */
  get firstSum(): number {
    this.#firstSum ??= this.amounts.subarray(0, MANY).reduce((sum, amount) => sum + amount, 0);
    return this.#firstSum;
  }

  /** Time of its first sample; NaN without any. */
  get firstMs(): number {
    return this.count === 0 ? Number.NaN : (this.room.atMs[0] ?? Number.NaN);
  }

  get lastMs(): number {
    return this.count === 0 ? Number.NaN : (this.room.atMs[this.count - 1] ?? Number.NaN);
  }

  get sustainedCount(): number {
    return Math.max(0, this.count - this.width + 1);
  }

  /** From the scale back to the metric's own unit. */
  inUnit(level: number): number {
    return finite(this.scale.inUnit(level));
  }
}

/** `like`: a series of the same beginning on the same scale; `newest`: the sustained levels that it does not have. */
type Judged = { scale: Scale; extent: Extent; newest: Float64Array; like: Series | undefined };

const NOTHING_SUSTAINED = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };

/** The middle level of some samples, and what is normal by them, as they are and where they are known to be free of trouble. */
export type Learnt = { level: number; normal?: Normal; cleanNormal?: Normal };

/** What is normal for a series: its level, and how far its sustained level and its single samples stray from that. */
export type Normal = { level: number; strays: number; noise: number };

/** `before`: the same series when it had fewer samples. The answer is the same with it and without, only sooner. */
export function seriesOf(metric: CaseMetric, before?: Series): Series {
  const start = before && goesOn(before.metric, metric) ? before : undefined;
  if (start?.metric.values.length === metric.values.length) return start;
  const room = roomAfter(start, Math.ceil(metric.values.length / gatheredOf(metric)));
  const told = room.used;
  addSamples(metric, start?.metric.values.length ?? 0, room);
  const extent = extentOf(room, told, start?.extent);
  const scale = scaleOf(metric, room.values.subarray(0, room.used), extent, start?.scale);
  // On another scale all levels are others, and those of the series before must stay what they were.
  if (start && start.scale !== scale) return seriesOf(metric);
  if (scale.isShare) room.shares ??= new Float64Array(room.values.length);
  for (let at = told; at < room.used; at += 1) {
    const level = finite(scale.levelOf(room.values[at] ?? 0));
    room.levels[at] = level;
    if (room.shares) room.shares[at] = level * level;
  }
  const from = start?.sustainedCount ?? 0;
  const newest = forwardMedians(room.levels.subarray(from, room.used), widthOf(stepOf(metric)));
  room.sustained.set(newest, from);
  return new Series(metric, room, { scale, extent, newest, like: start });
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

function roomAfter(start: Series | undefined, places: number): Room {
  if (start && start.room.used === start.count && places <= start.room.atMs.length) return start.room;
  // Only what went on once is likely to do so again.
  const size = start ? Math.ceil(places * SPARE) : places;
  // One piece for all: to collect garbage takes the longer the more pieces of memory there are.
  const whole = new Float64Array(PARTS * size);
  const part = (at: number, known?: Float64Array): Float64Array => {
    const values = whole.subarray(at * size, (at + 1) * size);
    if (known) values.set(known);
    return values;
  };
  return {
    atMs: part(0, start?.atMs),
    values: part(1, start?.room.values.subarray(0, start.count)),
    levels: part(2, start?.levels),
    sustained: part(3, start?.sustained),
    shares: start?.room.shares ? sharesLike(start.amounts, size) : null,
    used: start?.count ?? 0,
  };
}

const PARTS = 4;

function sharesLike(known: Float64Array, size: number): Float64Array {
  const shares = new Float64Array(size);
  shares.set(known);
  return shares;
}

/** The least and the most of the samples; of none, the least is infinite. */
type Extent = { least: number; most: number };

function extentOf({ values, used }: Room, from: number, before: Extent = NO_EXTENT): Extent {
  let { least, most } = before;
  for (let at = from; at < used; at += 1) {
    const value = values[at] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least === before.least && most === before.most ? before : { least, most };
}

const NO_EXTENT: Extent = { least: Number.POSITIVE_INFINITY, most: 0 };

const SPARE = 1.25;

/** So many samples are enough for a number of its own. */
const MANY = 32;

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
  isShare: boolean;
  scaledBy: number;
};

/** `before` is given back where the samples still lead to it. */
function scaleOf(metric: CaseMetric, values: Float64Array, extent: Extent, before?: Scale): Scale {
  switch (metric.kind) {
    case 'error_rate':
    case 'availability': {
      const whole = wholeOf(metric.unit, extent);
      return before?.scaledBy === whole ? before : rootOfShare(metric.kind === 'availability', whole);
    }
    case 'latency':
    case 'traffic':
    case 'saturation': {
      const least = leastOf(values, extent);
      if (before?.scaledBy === least) return before;
      return least === 0 ? plainLogarithm : logarithmFrom(least);
    }
    case 'other': {
      const usual = median(values.map(Math.abs).filter((value) => value > 0)) || 1;
      return before?.scaledBy === usual ? before : inverseSine(usual);
    }
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

/** Ratios count, not differences. */
const plainLogarithm: Scale = { levelOf: Math.log, inUnit: Math.exp, isShare: false, scaledBy: 0 };

/** The same where some lie at 0 or below: they count as a small part of the usual. */
const logarithmFrom = (least: number): Scale => ({
  levelOf: (value) => Math.log(Math.max(value, least)),
  inUnit: Math.exp,
  isShare: false,
  scaledBy: least,
});

/** From where on a logarithm is taken; 0 where none is that small beside any other, so that the usual makes no difference. */
function leastOf(values: Float64Array, { least: lowest, most }: Extent): number {
  if (lowest >= Number.MIN_VALUE && lowest >= LEAST_OF_USUAL * most) return 0;
  const usual = median(values.filter((value) => value > 0)) || 1;
  return Math.max(usual * LEAST_OF_USUAL, Number.MIN_VALUE);
}

const LEAST_OF_USUAL = 0.02;

/** Like the logarithm for what is large, linear around 0, so that any sign has a place. */
const inverseSine = (usual: number): Scale => ({
  levelOf: (value) => Math.asinh(value / usual),
  inUnit: (level) => Math.sinh(level) * usual,
  isShare: false,
  scaledBy: usual,
});
