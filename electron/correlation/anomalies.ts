import type { CaseMetric, MetricKind } from '../../shared/formats/case.ts';
import { deviations } from './baseline.ts';
import { onsetIndex } from './onset.ts';
import { weights } from './weights.ts';

/** A series that left its normal and stayed away. `strength` is in robust standard deviations, sustained. */
export type Anomaly = {
  service: string;
  metric: string;
  kind: MetricKind;
  labels?: Record<string, string>;
  onsetMs: number;
  direction: 'up' | 'down';
  strength: number;
  baseline: number;
  observed: number;
  sentence: string;
};

/** The anomalies of a case, strongest first. Order of the input does not matter. */
export function anomaliesOf(metrics: readonly CaseMetric[]): Anomaly[] {
  return metrics
    .flatMap((metric) => anomalyOf(metric) ?? [])
    .sort((a, b) => b.strength - a.strength || a.onsetMs - b.onsetMs || compare(a.service, b.service));
}

function anomalyOf(metric: CaseMetric): Anomaly | null {
  const found = deviations(metric);
  if (!found) return null;
  const { baseline, scores } = found;
  const width = Math.max(2, Math.round(weights.sustainedMs / (metric.stepSeconds * 1000)));
  const worst = worstSustained(scores, found.referenceEnd, width);
  if (!worst || Math.abs(worst.strength) < weights.anomalyAt) return null;
  const direction = worst.strength > 0 ? 'up' : 'down';
  if (!isBad(metric.kind, direction)) return null;
  const observed = medianOf(metric.values.slice(worst.at, worst.at + width));
  if (observed === null || !isLargeEnough(metric.kind, baseline, observed)) return null;

  const at = onsetIndex(scores, worst.at, Math.sign(worst.strength));
  return {
    service: metric.service,
    metric: metric.name,
    kind: metric.kind,
    ...(metric.labels ? { labels: metric.labels } : {}),
    onsetMs: Date.parse(metric.from) + at * metric.stepSeconds * 1000,
    direction,
    strength: Math.abs(worst.strength),
    baseline,
    observed,
    sentence: sentenceOf(metric, direction, baseline, observed),
  };
}

/** The window of `width` points after the reference whose median lies farthest from normal. */
function worstSustained(scores: readonly (number | null)[], from: number, width: number) {
  let worst: { at: number; strength: number } | null = null;
  for (let at = from; at + width <= scores.length; at += 1) {
    const strength = medianOf(scores.slice(at, at + width));
    if (strength !== null && Math.abs(strength) > Math.abs(worst?.strength ?? 0)) worst = { at, strength };
  }
  return worst;
}

/** Less latency is not trouble; less traffic or availability is. */
function isBad(kind: MetricKind, direction: 'up' | 'down'): boolean {
  switch (kind) {
    case 'latency':
    case 'error_rate':
    case 'saturation':
      return direction === 'up';
    case 'availability':
      return direction === 'down';
    case 'traffic':
    case 'other':
      return true;
  }
}

/** Shares are judged by their absolute floor alone: from 0.1 % to 2 % is twentyfold and matters. */
const isLargeEnough = (kind: MetricKind, baseline: number, observed: number): boolean =>
  kind === 'error_rate' ||
  kind === 'availability' ||
  Math.abs(observed - baseline) >= weights.leastChange * Math.abs(baseline);

function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted.length * 2 < values.length ? null : (sorted[Math.floor(sorted.length / 2)] ?? null);
}

function sentenceOf(
  { name, service, unit, labels }: CaseMetric,
  direction: string,
  before: number,
  now: number,
): string {
  const cohort = Object.entries(labels ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  const of = cohort ? `${service} (${cohort})` : service;
  return `${name} of ${of} ${direction === 'up' ? 'rose' : 'fell'} from ${show(before)} to ${show(now)} ${unit ?? ''}`.trim();
}

const show = (value: number) => Number(value.toPrecision(3)).toString();
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
