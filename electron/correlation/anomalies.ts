import { moveInWords } from '../../shared/formats/measure.ts';
import type { MetricKind } from '../../shared/vocabulary/kinds.ts';
import { type Deviation, deviationOf, type Span } from './deviation.ts';
import type { Series } from './series.ts';
import { type Symptom, weights } from './weights.ts';

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

/** A deviation as the ranking weighs it: which symptom it is and how much it says about trouble, 0..1. */
export type Finding = { series: Series; deviation: Deviation; symptom: Symptom; severity: number };

/** Null for a series that has not left its normal so far. */
export function findingIn(series: Series, span: Span, leastStrength: number): Finding | null {
  const deviation = deviationOf(series, span, leastStrength);
  if (!deviation) return null;
  const { kind } = series.metric;
  return {
    series,
    deviation,
    symptom: symptomOf(kind, deviation.sign),
    severity: severityOf(kind, deviation),
  };
}

/** Certain and large: how far beyond chance, times how much it matters, times how much such a metric says. */
export function severityOf(
  kind: MetricKind,
  { strength, effect, sign }: Pick<Deviation, 'strength' | 'effect' | 'sign'>,
): number {
  const { half, weight } = weights.kind[kind];
  const certain = strength ** 2 / (strength ** 2 + weights.halfStrength ** 2);
  const share = kind === 'traffic' && sign > 0 ? weights.surgeShare : 1;
  return share * weight * certain * (effect / (effect + half));
}

function symptomOf(kind: MetricKind, sign: 1 | -1): Symptom {
  switch (kind) {
    case 'error_rate':
    case 'availability':
      return 'errors';
    case 'traffic':
      return sign > 0 ? 'surge' : 'loss';
    case 'latency':
    case 'saturation':
    case 'other':
      return kind;
  }
}

export function anomalyOf({ series, deviation }: Finding): Anomaly {
  const { service, name, kind, labels } = series.metric;
  const baseline = series.inUnit(deviation.normal);
  const observed = series.inUnit(deviation.level);
  return {
    service,
    metric: name,
    kind,
    ...(labels ? { labels } : {}),
    onsetMs: deviation.onsetMs,
    direction: observed >= baseline ? 'up' : 'down',
    strength: deviation.strength,
    baseline,
    observed,
    sentence: sentenceOf(series, baseline, observed),
  };
}

function sentenceOf({ metric }: Series, baseline: number, observed: number): string {
  const { name, service, unit, labels } = metric;
  const cohort = Object.entries(labels ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .sort()
    .join(', ');
  const of = cohort === '' ? service : `${service} (${cohort})`;
  const verb = observed >= baseline ? 'rose' : 'fell';
  return `${name} of ${of} ${verb} from ${moveInWords(baseline, observed, unit ?? '')}`;
}
