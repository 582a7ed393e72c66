import type { CaseMetric } from '../../shared/formats/case.ts';
import { severityOf } from './anomalies.ts';
import { firstFrom } from './deviation.ts';
import { distances, median } from './median.ts';
import type { Series } from './series.ts';
import { weights } from './weights.ts';

/** A part of a service (`version` 1.42, say) beside the rest of it over the same minutes. */
export type Contrast = {
  service: string;
  label: string;
  value: string;
  severity: number;
  /** The part's level and that of the worst of the rest, in the metric's unit. */
  own: number;
  rest: number;
  metric: string;
  unit: string;
  onsetMs: number;
  stepMs: number;
};

type Seen = { label: string; value: string; firstSeenMs: number };
export type BadPart = Seen & { verdict: 'bad'; contrast: Contrast };

/** What the comparison of one part with the rest came to; `open`: it tells neither. */
export type Part = BadPart | (Seen & { verdict: 'cleared' | 'open' });

/** Compares every part of a service with the rest of it. */
export function partsOfService(all: readonly Series[], incidentMs: number): Part[] {
  const series = all.filter(({ metric }) => isSymptomatic(metric) && metric.labels !== undefined);
  const labels = new Set(series.flatMap(({ metric }) => Object.keys(metric.labels ?? {})));
  return [...labels].flatMap((label) => {
    const labelled = series.filter(({ metric }) => metric.labels?.[label] !== undefined);
    const byValue = Map.groupBy(labelled, ({ metric }) => metric.labels?.[label] ?? '');
    if (byValue.size < 2) return [];
    const ofName = Map.groupBy(labelled, ({ metric }) => metric.name);
    const worst = new Map([...ofName].map(([name, same]) => [name, worstAtEachTime(same, label)]));
    return [...byValue].map(([value, mine]) => judge({ label, value, mine, worst }, incidentMs));
  });
}

const isSymptomatic = ({ kind }: CaseMetric): boolean =>
  kind === 'latency' || kind === 'error_rate' || kind === 'availability';

/** At each time the worst level of all, and the worst of those that carry another value than that one. */
type Worst = {
  clock: Clock;
  first: Float64Array;
  by: readonly (string | undefined)[];
  second: Float64Array;
};

function worstAtEachTime(same: readonly Series[], label: string): Worst {
  const clock = clockOf(same);
  const first = new Float64Array(clock.length).fill(Number.NEGATIVE_INFINITY);
  const second = new Float64Array(clock.length).fill(Number.NEGATIVE_INFINITY);
  const by = new Array<string | undefined>(clock.length).fill(undefined);
  for (const { atMs, levels, metric } of same) {
    const value = metric.labels?.[label];
    for (let at = 0; at < atMs.length; at += 1) {
      const place = clock.placeOf(atMs[at] ?? 0);
      const level = levels[at] ?? 0;
      const most = first[place] ?? level;
      if (by[place] === value) first[place] = Math.max(most, level);
      else if (level > most) {
        second[place] = most;
        first[place] = level;
        by[place] = value;
      } else second[place] = Math.max(second[place] ?? level, level);
    }
  }
  return { clock, first, by, second };
}

/** The times at which any of some series has a sample, in places; -1 for a time at which none has. */
type Clock = { length: number; placeOf(ms: number): number; timeOf(place: number): number };

function clockOf(same: readonly Series[]): Clock {
  const [one] = same;
  const isEven = same.every(
    ({ metric, stepMs }) => metric.from === one?.metric.from && stepMs === one.stepMs,
  );
  const fromMs = one ? Date.parse(one.metric.from) : 0;
  if (!one || !isEven || !Number.isInteger(fromMs) || !Number.isInteger(one.stepMs)) return unevenClock(same);
  const { stepMs } = one;
  const lastMs = same.reduce((last, { atMs }) => Math.max(last, atMs[atMs.length - 1] ?? fromMs), fromMs);
  const length = Math.floor((lastMs - fromMs) / stepMs) + 1;
  return {
    length,
    placeOf: (ms) => (ms > lastMs ? -1 : (ms - fromMs) / stepMs),
    timeOf: (place) => fromMs + place * stepMs,
  };
}

function unevenClock(same: readonly Series[]): Clock {
  const times: number[] = [];
  const places = new Map<number, number>();
  for (const { atMs } of same)
    for (const ms of atMs) {
      if (places.has(ms)) continue;
      places.set(ms, times.length);
      times.push(ms);
    }
  return {
    length: times.length,
    placeOf: (ms) => places.get(ms) ?? -1,
    timeOf: (place) => times[place] ?? Number.NaN,
  };
}

type Comparison = { canClear: boolean; contrast: Contrast };
type Mine = { label: string; value: string; mine: readonly Series[]; worst: ReadonlyMap<string, Worst> };

function judge({ label, value, mine, worst: worstOf }: Mine, incidentMs: number): Part {
  const firstSeenMs = Math.min(...mine.map(({ atMs }) => atMs[0] ?? Number.MAX_SAFE_INTEGER));
  const seen = { label, value, firstSeenMs };
  const comparisons = mine.flatMap((own) => {
    const all = worstOf.get(own.metric.name);
    return (all && compare(seen, own, all, incidentMs)) ?? [];
  });
  const worst = comparisons.reduce<Contrast | undefined>(
    (worst, { contrast }) => (worst && worst.severity >= contrast.severity ? worst : contrast),
    undefined,
  );
  if (worst && worst.severity >= weights.cohort.badAt) return { ...seen, verdict: 'bad', contrast: worst };
  const isClear = comparisons.every(({ contrast }) => contrast.severity <= weights.cohort.clearedBelow);
  return { ...seen, verdict: isClear && comparisons.some(({ canClear }) => canClear) ? 'cleared' : 'open' };
}

/**
 * How far the differences stray by themselves. In a handful of them trouble that grows cannot be told from noise; then
 * no more is believed than a small multiple of what the rest strayed by before.
 */
function noiseOf(differences: Float64Array, effect: number, before: Before): number {
  const strayOf = (values: Float64Array, middle: number) =>
    median(distances(values, middle)) * weights.madToSigma;
  const { leastToClear, handfulTimes } = weights.cohort;
  const own = strayOf(differences, effect);
  if (differences.length >= leastToClear || before.levels.length < weights.series.leastReference) return own;
  return Math.min(own, handfulTimes * strayOf(before.levels, before.middle));
}

/**
 * Since the trouble began; a part that first appeared shortly before is compared from its first sample on: a version that is
 * rolled out fully has only these few minutes beside the one before, and the trouble is dated by the whole service.
 */
function comparedFromMs({ atMs, stepMs }: Series, incidentMs: number): number {
  const sinceMs = incidentMs - stepMs;
  const bornMs = atMs[0] ?? sinceMs;
  return bornMs >= incidentMs - weights.cohort.newbornMs ? Math.min(bornMs, sinceMs) : sinceMs;
}

/**
 * Sample by sample against the worst of the rest at that time, since the trouble began. To be no worse than the rest
 * clears a part only where the rest is bad too: before its effect shows, a bad version looks like any other.
 */
function compare({ label, value }: Seen, own: Series, rest: Worst, incidentMs: number): Comparison | null {
  const restAt = (place: number): number =>
    (rest.by[place] === value ? rest.second[place] : rest.first[place]) ?? Number.NEGATIVE_INFINITY;
  const pairs: Pair[] = [];
  for (let at = firstFrom(own.atMs, comparedFromMs(own, incidentMs)); at < own.atMs.length; at += 1) {
    const ms = own.atMs[at] ?? 0;
    const other = restAt(rest.clock.placeOf(ms));
    if (other > Number.NEGATIVE_INFINITY) pairs.push({ ms, own: own.levels[at] ?? 0, rest: other });
  }
  if (pairs.length < weights.cohort.leastPairs) return null;
  const restBefore = new Float64Array(rest.clock.length);
  let found = 0;
  for (let place = 0; place < rest.clock.length; place += 1) {
    if (rest.clock.timeOf(place) >= incidentMs - own.stepMs) continue;
    const level = restAt(place);
    if (level === Number.NEGATIVE_INFINITY) continue;
    restBefore[found] = level;
    found += 1;
  }
  // What a new version breaks may grow while it is rolled out: then the last minutes beside the rest tell.
  const lately = pairs.slice(-weights.cohort.leastPairs);
  const levels = restBefore.subarray(0, found);
  const before = { levels, middle: median(levels) };
  const [all, last] = [contrastOver(pairs, before, own), contrastOver(lately, before, own)];
  const most = last.severity > all.severity ? last : all;
  const isDoubtful = most.severity > weights.cohort.clearedBelow && !isSeenOfBoth(pairs, most.effect);
  return {
    canClear: !isDoubtful && all.restIsBad && pairs.length >= weights.cohort.leastToClear,
    contrast: {
      service: own.metric.service,
      label,
      value,
      severity: isDoubtful ? 0 : most.severity,
      own: own.inUnit(most.own),
      rest: own.inUnit(most.rest),
      metric: own.metric.name,
      unit: own.metric.unit ?? '',
      onsetMs: pairs.find((pair) => pair.own - pair.rest >= most.effect / 2)?.ms ?? incidentMs,
      stepMs: own.stepMs,
    },
  };
}

/**
 * Whether both are seen side by side while one is worse. A version that fared like the one before until that had all but
 * gone shows what came upon the whole service then, which the other just did not live to see.
 */
function isSeenOfBoth(pairs: readonly Pair[], effect: number): boolean {
  const worse = pairs.map((pair) => pair.own - pair.rest >= effect / 2);
  return worse.slice(0, 2).includes(true) || worse.filter(Boolean).length >= weights.cohort.leastToClear;
}

type Pair = { ms: number; own: number; rest: number };

/** What the rest was like before the trouble. */
type Before = { levels: Float64Array; middle: number };

function contrastOver(pairs: readonly Pair[], before: Before, { metric: { kind } }: Series) {
  const differences = Float64Array.from(pairs, (pair) => pair.own - pair.rest);
  const effect = median(differences);
  const noise = noiseOf(differences, effect, before);
  const strays = Math.max((noise * weights.medianToMean) / Math.sqrt(pairs.length), weights.kind[kind].floor);
  const strength = Math.max(0, effect) / strays;
  const rest = median(pairs.map((pair) => pair.rest));
  const restRose = before.levels.length === 0 ? 0 : rest - before.middle;
  // Where the rest has gone bad as well, only what the part has in excess of that speaks against it.
  const alone = effect > 0 ? effect / (effect + Math.max(0, restRose)) : 0;
  return {
    effect,
    severity: alone * severityOf(kind, { strength, effect: Math.max(0, effect), sign: 1 }),
    own: median(pairs.map((pair) => pair.own)),
    rest,
    restIsBad: restRose >= weights.kind[kind].half * weights.cohort.restIsBadFrom,
  };
}
