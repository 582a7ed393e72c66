import { streamsOf } from '../../../electron/correlation/generate/chance.ts';
import { median } from '../../../electron/correlation/median.ts';
import type { CaseChange, CaseFile, CaseMetric, Truth } from '../../../shared/formats/case.ts';

/** What is ranked without an engine: by hand, by one number, or by chance. Ids, best first. */
export type Baseline = { changes: string[]; services: string[] };
export type BaselineName = 'latest change first' | 'same service first' | 'z-score only' | 'random';
export const baselineNames: readonly BaselineName[] = [
  'latest change first',
  'same service first',
  'z-score only',
  'random',
];

type Alert = { service: string | null; atMs: number };

/**
 * The baselines of a case. They are given what a person has: which service alerted and when. Without an alert in the
 * truth that is the end of the window, and the service that is furthest from its normal.
 */
export function baselinesOf(input: CaseFile, truth: Truth, seed: number): Record<BaselineName, Baseline> {
  const strays = strayOf(input.metrics);
  const straysOf = (service: string) => strays.get(service) ?? 0;
  const byStray = input.services.map(({ id }) => id).sort((a, b) => straysOf(b) - straysOf(a));
  const alert: Alert = truth.alert
    ? { service: truth.alert.service, atMs: Date.parse(truth.alert.at) }
    : { service: byStray[0] ?? null, atMs: Date.parse(input.window.to) };
  const latest = input.changes.toSorted(latestBefore(alert));
  const { order } = streamsOf(seed, ['order']);
  const isAlerting = (service: string) => Number(service === alert.service);
  return {
    'latest change first': ids(latest, inOrderOf(latest, input)),
    'same service first': ids(
      latest.toSorted((a, b) => isAlerting(b.service) - isAlerting(a.service)),
      byStray.toSorted((a, b) => isAlerting(b) - isAlerting(a)),
    ),
    'z-score only': ids(
      latest.toSorted((a, b) => straysOf(b.service) - straysOf(a.service)),
      byStray,
    ),
    random: ids(order.shuffle(input.changes), order.shuffle(byStray)),
  };
}

const ids = (changes: readonly CaseChange[], services: string[]): Baseline => ({
  changes: changes.map(({ id }) => id),
  services,
});

/** Services as their changes come, then those without. */
const inOrderOf = (changes: readonly CaseChange[], { services }: CaseFile): string[] => [
  ...new Set([...changes.map(({ service }) => service), ...services.map(({ id }) => id)]),
];

/** The most recent before the alert, then what came after it, the earliest first. */
const latestBefore =
  ({ atMs }: Alert) =>
  (a: CaseChange, b: CaseChange): number => {
    const [aMs, bMs] = [Date.parse(a.at), Date.parse(b.at)];
    if (aMs <= atMs !== bMs <= atMs) return aMs <= atMs ? -1 : 1;
    return aMs <= atMs ? bMs - aMs : aMs - bMs;
  };

const LAST_POINTS = 5;
const REFERENCE = 0.7;

/** By service: the largest of its metrics' robust z-scores, of the median of the last points. */
function strayOf(metrics: readonly CaseMetric[]): Map<string, number> {
  const strays = new Map<string, number>();
  for (const { service, values } of metrics) {
    const z = zOf([...values].filter((value) => value !== null && !Number.isNaN(value)).map(Number));
    if (z > (strays.get(service) ?? 0)) strays.set(service, z);
  }
  return strays;
}

function zOf(values: readonly number[]): number {
  if (values.length < 2 * LAST_POINTS) return 0;
  const reference = values.slice(0, Math.floor(REFERENCE * values.length));
  const normal = median(reference);
  const spread = 1.4826 * median(reference.map((value) => Math.abs(value - normal)));
  return (
    Math.abs(median(values.slice(-LAST_POINTS)) - normal) / Math.max(spread, 1e-3 * Math.abs(normal), 1e-9)
  );
}
