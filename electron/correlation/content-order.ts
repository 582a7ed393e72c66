import type { CaseMetric, Samples } from '../../shared/formats/case.ts';

/** A metric with what it is told as, its samples aside: the same text for the same one, and for no other. */
export type Identified = { metric: CaseMetric; identity: string };

/**
 * Metrics in an order that their place in a file does not decide. Any order will do, as long as it is the same for the same
 * series: sums and ties then come out the same.
 */
export function byContent(metrics: readonly CaseMetric[]): Identified[] {
  return metrics
    .map((metric) => ({ metric, identity: identityOf(metric) }))
    .sort((a, b) => {
      if (a.identity !== b.identity) return a.identity < b.identity ? -1 : 1;
      return compareSamples(a.metric.values, b.metric.values);
    });
}

function identityOf({ service, name, labels, kind, unit, from, stepSeconds }: CaseMetric): string {
  const cohort = labels === undefined ? '' : Object.entries(labels).sort().map(bothTold).join('');
  const measured = unit === undefined ? '' : told(unit);
  return `${told(service)}${told(name)}${told(cohort)}${kind} ${stepSeconds} ${told(from)}${measured}`;
}

/** With its length before it no text can end early and pass for two. */
const told = (text: string): string => `${text.length}:${text}`;
const bothTold = ([name, value]: [string, string]): string => told(name) + told(value);

function compareSamples(a: Samples, b: Samples): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = (a[at] || 0) - (b[at] || 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
