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
};

export function seriesOf(metric: CaseMetric): Series {
  const { atMs, values, stepMs } = samplesOf(metric);
  const { levelOf, inUnit, isShare } = scaleOf(metric, values);
  const levels = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += 1) levels[at] = finite(levelOf(values[at] ?? 0));
  const width = widthOf(stepMs);
  const sustained = forwardMedians(levels, width);
  return {
    metric,
    stepMs,
    atMs,
    levels,
    amounts: isShare ? levels.map((level) => level * level) : values,
    width,
    sustained,
    inUnit: (level) => finite(inUnit(level)),
  };
}

/** Extreme input may overflow on the way; a number that is merely huge keeps all arithmetic defined. */
const finite = (value: number): number =>
  Math.max(-Number.MAX_VALUE / 4, Math.min(Number.MAX_VALUE / 4, value || 0));

function widthOf(stepMs: number): number {
  const { sustainedMs, leastWidth, mostWidth } = weights.series;
  return Math.min(mostWidth, Math.max(leastWidth, Math.round(sustainedMs / stepMs)));
}

/** The samples there are; those of a fine step gathered to medians of a coarser one. */
function samplesOf({ from, stepSeconds, values }: CaseMetric) {
  const fromMs = Date.parse(from);
  const together = Math.max(1, Math.ceil(weights.series.leastStepMs / (stepSeconds * 1000)));
  const stepMs = stepSeconds * 1000 * together;
  const atMs = new Float64Array(Math.ceil(values.length / together));
  const kept = new Float64Array(atMs.length);
  const present = new Float64Array(Math.min(together, values.length));
  let count = 0;
  for (let first = 0; first < values.length; first += together) {
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
    atMs[count] = ms;
    kept[count] = found === 1 ? (present[0] ?? 0) : median(present.subarray(0, found));
    count += 1;
  }
  return { atMs: atMs.subarray(0, count), values: kept.subarray(0, count), stepMs };
}

/** The years that RFC 3339 can write. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59Z');

type Scale = { levelOf(value: number): number; inUnit(level: number): number; isShare?: true };

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
  const usual = median(values.filter((value) => value > 0)) || 1;
  const least = Math.max(usual * 0.02, Number.MIN_VALUE);
  return { levelOf: (value) => Math.log(Math.max(value, least)), inUnit: (level) => Math.exp(level) };
}

/** Like the logarithm for what is large, linear around 0, so that any sign has a place. */
function inverseSine(values: Float64Array): Scale {
  const usual = median(values.map(Math.abs).filter((value) => value > 0)) || 1;
  return {
    levelOf: (value) => Math.asinh(value / usual),
    inUnit: (level) => Math.sinh(level) * usual,
  };
}
