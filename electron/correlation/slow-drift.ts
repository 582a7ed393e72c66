import type { CaseMetric } from '../../shared/formats/case.ts';
import { median } from './median.ts';
import type { Series } from './series.ts';
import { weights } from './weights.ts';

/** Steady growth of something in a service over hours, and how likely it began when; the likelihoods add up to 1. */
export type Drift = {
  metric: string;
  firstMs: number;
  stepMs: number;
  likely: Float64Array;
  /** How much it has grown, by logarithm. */
  size: number;
};

/** A case's series in two: what the trouble is read from, and what tells only of the hours before. */
export type Told = { near: readonly CaseMetric[]; far: readonly CaseMetric[] };

/**
 * A metric that is told twice, once in coarser steps over a longer time, is told so for what grows slowly. The trouble
 * itself is read from the finer one alone: hours of calm are no better reference than the last, and a day has its hours.
 */
export function nearAndFar(metrics: readonly CaseMetric[]): Told {
  if (metrics.every(({ stepSeconds }) => stepSeconds === metrics[0]?.stepSeconds))
    return { near: metrics, far: [] };
  const finest = new Map<string, number>();
  for (const metric of metrics) {
    const key = keyOf(metric);
    finest.set(key, Math.min(finest.get(key) ?? Number.POSITIVE_INFINITY, metric.stepSeconds));
  }
  const isNear = (metric: CaseMetric): boolean => metric.stepSeconds <= (finest.get(keyOf(metric)) ?? 0);
  return { near: metrics.filter(isNear), far: metrics.filter((metric) => !isNear(metric)) };
}

const keyOf = ({ service, name, labels }: CaseMetric): string =>
  `${service}\n${name}\n${labels ? JSON.stringify(Object.entries(labels).sort()) : ''}`;

/** What has been growing in each service up to when the trouble began: of several things the one that grew most. */
export function driftsIn(far: readonly Series[], untilMs: number): Map<string, Drift> {
  const drifts = new Map<string, Drift>();
  for (const [service, ofService] of Map.groupBy(far, ({ metric }) => metric.service)) {
    const traffic = ofService.find(({ metric }) => metric.kind === 'traffic');
    for (const series of ofService) {
      if (series.metric.kind !== 'saturation') continue;
      const drift = driftOf(series, untilMs);
      if (drift && !goesWith(traffic, series) && drift.size > (drifts.get(service)?.size ?? 0))
        drifts.set(service, drift);
    }
  }
  return drifts;
}

/**
 * Whether a gauge follows the traffic from one sample to the next, as work does. That both grow through a morning does not
 * say so: what leaks grows then as well.
 */
function goesWith(traffic: Series | undefined, { atMs, levels }: Series): boolean {
  if (!traffic) return false;
  const loadAt = new Map([...traffic.atMs].map((ms, at) => [ms, traffic.levels[at] ?? 0]));
  let products = 0;
  let squares = 0;
  for (let at = 1; at < atMs.length; at += 1) {
    const [before, now] = [loadAt.get(atMs[at - 1] ?? 0), loadAt.get(atMs[at] ?? 0)];
    if (before === undefined || now === undefined) continue;
    products += ((levels[at] ?? 0) - (levels[at - 1] ?? 0)) * (now - before);
    squares += (now - before) ** 2;
  }
  return squares > 0 && products / squares >= weights.drift.workSlope;
}

/** Null unless it was level for a while and has grown steadily ever since, by much more than it strays. */
function driftOf({ metric, atMs, amounts, stepMs }: Series, untilMs: number): Drift | null {
  const { leastLevel, leastGrowing, leastSize, leastSteadiness } = weights.drift;
  const end = atMs.findLastIndex((ms) => ms <= untilMs) + 1;
  const places = end - leastLevel - leastGrowing;
  if (places <= 0) return null;
  const first = median(amounts.subarray(0, leastLevel));
  const last = median(amounts.subarray(end - leastLevel, end));
  if (!(first > 0) || Math.log(last / first) < leastSize) return null;
  const known = amounts.subarray(0, end).map((one) => one / first);
  const flat = squaresAround(known, 0, end);
  const misfits = Float64Array.from({ length: places }, (_, at) => misfitOf(known, leastLevel + at));
  const least = misfits.reduce((a, b) => Math.min(a, b));
  const began = leastLevel + misfits.indexOf(least);
  const size = Math.log(last / first / median(known.subarray(0, began)));
  // What jumped, and stays, is misfitted by any slope.
  const isSteady = least < (1 - leastSteadiness) * flat && least < misfitOfStep(known, leastLevel, end);
  if (size < leastSize || !isSteady) return null;
  const variance = Math.max(least / end, weights.drift.leastNoise ** 2);
  const likely = misfits.map((one) => Math.exp((-weights.drift.temper * (one - least)) / (2 * variance)));
  const total = likely.reduce((sum, one) => sum + one, 0);
  return {
    metric: metric.name,
    firstMs: atMs[leastLevel] ?? untilMs,
    stepMs,
    likely: likely.map((one) => one / total),
    size,
  };
}

/** The squares left by a level up to a place and a straight line from there on, fitted together. */
function misfitOf(levels: Float64Array, from: number): number {
  const count = levels.length;
  let [sum, sumOfShape, squaresOfShape, product, squares] = [0, 0, 0, 0, 0];
  for (let at = 0; at < count; at += 1) {
    const level = levels[at] ?? 0;
    const shape = Math.max(0, at - from);
    sum += level;
    sumOfShape += shape;
    squaresOfShape += shape * shape;
    product += shape * level;
    squares += level * level;
  }
  const spread = squaresOfShape - sumOfShape ** 2 / count;
  const together = product - (sumOfShape * sum) / count;
  return squares - sum ** 2 / count - (together > 0 && spread > 0 ? together ** 2 / spread : 0);
}

/** The least squares left by any two levels, one after the other. */
function misfitOfStep(levels: Float64Array, leastLevel: number, end: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = leastLevel; at <= end - 2; at += 1)
    least = Math.min(least, squaresAround(levels, 0, at) + squaresAround(levels, at, end));
  return least;
}

function squaresAround(levels: Float64Array, from: number, to: number): number {
  let sum = 0;
  let squares = 0;
  for (let at = from; at < to; at += 1) {
    sum += levels[at] ?? 0;
    squares += (levels[at] ?? 0) ** 2;
  }
  return squares - sum ** 2 / Math.max(1, to - from);
}
