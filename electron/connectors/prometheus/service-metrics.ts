import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { workloadOfPod } from '../pod-name.ts';
import type { SampledSeries, Window } from '../source.ts';
import type { Convention } from './conventions/convention.ts';

/** Evenly spaced steps, aligned to the epoch so that the same moment is the same step however often one asks. */
export type Grid = { fromMs: number; toMs: number; stepMs: number };

export function gridOf({ fromMs, toMs, stepMs }: Window & { stepMs: number }): Grid {
  const aligned = (atMs: number) => Math.floor(atMs / stepMs) * stepMs;
  return { fromMs: aligned(fromMs), toMs: Math.max(aligned(fromMs), aligned(toMs)), stepMs };
}

/**
 * A rate needs some scrapes inside its range: four steps and never less than a minute. Coarse steps hold enough by
 * themselves; four of them would make the server load every sample of a day four times.
 */
export const queryOf = ({ query }: Convention, { stepMs }: Grid): string => {
  const rangeMs = Math.max(Math.min(4 * stepMs, ENOUGH_MS), stepMs, 60_000);
  return query.replaceAll('$window', `${Math.ceil(rangeMs / 1000)}s`);
};

const ENOUGH_MS = 4 * 60_000;

/** What an answer tells of each service by a convention; the pods of one workload become one. */
export function seriesBy(
  convention: Convention,
  sampled: readonly SampledSeries[],
  grid: Grid,
): MetricSeries[] {
  const { name, kind, unit, ofPods = 'highest' } = convention;
  const { fromMs, stepMs } = grid;
  return byIdentity(convention, sampled).flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    return [{ ...first.identity, name, kind, unit, fromMs, stepMs, values: valuesOn(grid, same, ofPods) }];
  });
}

/**
 * One list of series out of those by each convention, in their order. INVARIANT: a service has a metric once for the same
 * labels; the convention that stands higher wins.
 */
export function firstOfEach(byConvention: readonly (readonly MetricSeries[])[]): MetricSeries[] {
  const taken = new Map<string, MetricSeries>();
  for (const series of byConvention.flat()) {
    const key = identityOf(series);
    if (!taken.has(key)) taken.set(key, series);
  }
  return [...taken.values()];
}

export const identityOf = ({ service, name, labels }: MetricSeries): string =>
  JSON.stringify([service, name, Object.entries(labels)]);

type Identified = { identity: Pick<MetricSeries, 'service' | 'labels'>; points: SampledSeries['points'] };

function byIdentity(convention: Convention, series: readonly SampledSeries[]): Identified[][] {
  const groups = new Map<string, Identified[]>();
  for (const { labels, points } of series) {
    const named = labels[convention.service] ?? '';
    const service = convention.ofPods === undefined ? named : workloadOfPod(named);
    const cohort = Object.entries(convention.labels ?? {}).map(([ours, theirs]) => [
      ours,
      labels[theirs] ?? '',
    ]);
    if ([service, ...cohort.map(([, value]) => value)].some(isUnknown)) continue;
    const key = JSON.stringify([service, cohort]);
    const identified = { identity: { service, labels: Object.fromEntries(cohort) }, points };
    groups.set(key, [...(groups.get(key) ?? []), identified]);
  }
  return [...groups.values()];
}

/** Istio writes "unknown" where it could not tell. */
export const isUnknown = (name: string | undefined): boolean => !name || name === 'unknown';

function valuesOn(
  { fromMs, toMs, stepMs }: Grid,
  series: readonly Identified[],
  combine: 'mean' | 'highest',
): (number | null)[] {
  const steps = Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (): number[] => []);
  for (const { points } of series) {
    for (const { atMs, value } of points) {
      if (Number.isFinite(value)) steps[Math.round((atMs - fromMs) / stepMs)]?.push(value);
    }
  }
  return steps.map((values) => {
    if (values.length === 0) return null;
    if (combine === 'highest') return values.reduce((highest, value) => Math.max(highest, value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}
