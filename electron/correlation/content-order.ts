import type { CaseMetric, Samples } from '../../shared/formats/case.ts';

/** A metric, where it stands in its list, and what it is told as, its samples aside: the same text for no other. */
export type Identified = { metric: CaseMetric; place: number; identity: string };

/**
 * Metrics in an order that their place in a file does not decide. Any order will do, as long as it is the same for the same
 * series: sums and ties then come out the same.
 */
export function byContent(metrics: readonly CaseMetric[]): Identified[] {
  return metrics
    .map((metric, place) => ({ metric, place, identity: identityOf(metric) }))
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

/** Whether two have the same identity, without working it out. */
export function isToldAs(one: CaseMetric, other: CaseMetric): boolean {
  return (
    one.service === other.service &&
    one.name === other.name &&
    one.kind === other.kind &&
    one.unit === other.unit &&
    one.from === other.from &&
    one.stepSeconds === other.stepSeconds &&
    areSameLabels(one.labels, other.labels)
  );
}

function areSameLabels(one: CaseMetric['labels'] = {}, other: CaseMetric['labels'] = {}): boolean {
  for (const name in one) if (one[name] !== other[name]) return false;
  for (const name in other) if (!(name in one)) return false;
  return true;
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
