import { measureInWords } from '../../shared/formats/measure.ts';
import type { HandEffect } from '../../shared/vocabulary/hand-proposal.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { ExpectedEffect } from '../../shared/vocabulary/proposal.ts';

/** As long as the effects that the analyst expects have to hold. */
const HOLD_MS = 60_000;

/** The effect that a person expects, in the unit that the metric is measured in here. */
export function effectByHand(
  { service, metric, comparison, threshold, withinMinutes }: HandEffect,
  series: readonly MetricSeries[],
): ExpectedEffect {
  const unit = series.find(({ name }) => name === metric)?.unit ?? '';
  const limit = measureInWords(threshold, unit, 3);
  return {
    sentence: `${metric} of ${service} ${comparison} ${limit} within ${withinMinutes} min`,
    service,
    metric,
    comparison,
    threshold,
    unit,
    withinMs: withinMinutes * 60_000,
    holdMs: Math.min(HOLD_MS, (withinMinutes * 60_000) / 2),
  };
}
