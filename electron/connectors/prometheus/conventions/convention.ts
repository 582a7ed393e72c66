import type { MetricSeries } from '../../../../shared/vocabulary/metric.ts';
import { labelName, selector } from '../quoted-names.ts';

/** One metric of a service by a public naming convention. */
export type Convention = {
  /** It applies when metrics of all these names exist. */
  metrics: readonly string[];
  name: string;
  kind: MetricSeries['kind'];
  unit: string;
  /** PromQL; `$window` stands for the range of rates. It yields one series a service, or a service and `labels`. */
  query: string;
  /** The label that names the service. */
  service: string;
  /** Where the query makes that label itself: out of which labels, so that selectors can be narrowed by those. */
  naming?: readonly Naming[];
  /** The label names a pod: the service is its workload, which is as its pods are on average or as the worst off. */
  ofPods?: 'mean' | 'highest';
  /** Labels that cut a service into cohorts: ours, and the one in the result. */
  labels?: Record<string, string>;
};

/** Metrics whose service stands in one of several labels are gathered under this one. */
export const GATHERED = 'countersign_service';

/** Numerator and denominator as a share; a service that has requests and never failed has 0, not no sample. */
export const share = (part: string, whole: string): string => `(${part} or 0 * ${whole}) / ${whole}`;

/** A label that may name a service, and the part of it that does. */
export type Naming = { label: string; part: string };

/**
 * Where applications say what they are called, the last that is there first. What a collector passes on stands under
 * `exported_`; OpenTelemetry writes the namespace before the name into `job`.
 */
export const ofApplications: readonly Naming[] = [
  { label: 'job', part: '(?:.*/)?(.+)' },
  { label: 'exported_job', part: '(?:.*/)?(.+)' },
  ...['app', 'application', 'service_name', 'service'].map((label) => ({ label, part: '(.+)' })),
];

/** That a convention's service is gathered, and out of which labels. */
export const namedBy = (naming: readonly Naming[] = ofApplications) => ({ service: GATHERED, naming });

/** Summed by those labels first, so that what is renamed is a few series and not every one of them. */
export function byService(vector: string, alsoBy = '', naming: readonly Naming[] = ofApplications): string {
  return gathered('sum', vector, alsoBy, naming);
}

export function gathered(
  combine: 'sum' | 'avg' | 'max',
  vector: string,
  alsoBy: string,
  naming: readonly Naming[],
): string {
  const summed = `${combine} by (${alsoBy}${naming.map(({ label }) => labelName(label)).join(', ')}) (${vector})`;
  const labelled = naming.reduce(
    (inner, { label, part }) => `label_replace(${inner}, "${GATHERED}", "$1", "${label}", "${part}")`,
    summed,
  );
  return `${combine} by (${alsoBy}${GATHERED}) (${labelled})`;
}

/** Requests, errors and duration, as most exporters have them: a counter, the failed ones in it, and a histogram. */
export function red(of: {
  requests: string;
  /** Of `requests`, or a counter of its own where it names one. */
  failed?: { matchers: readonly string[] } | { counter: string; matchers: readonly string[] };
  durations?: string;
  /** How many of the histogram's units a second has. */
  perSecond?: 1 | 1_000;
  /** What is left out of everything. */
  only?: string;
  naming?: readonly Naming[];
}): Convention[] {
  const { requests, failed, durations, perSecond = 1, only = '', naming } = of;
  const named = namedBy(naming);
  const rate = (metric: string, matcher = '') => {
    const matchers = [only, matcher].filter((one) => one !== '');
    return `rate(${selector(metric, matchers)}[$window])`;
  };
  const whole = byService(rate(requests), '', naming);
  const found: Convention[] = [
    { metrics: [requests], ...named, name: 'traffic', kind: 'traffic', unit: 'req/s', query: whole },
  ];
  if (failed !== undefined) {
    const counter = 'counter' in failed ? failed.counter : requests;
    const part = failed.matchers.map((matcher) => rate(counter, matcher)).join(' or ');
    found.push({
      metrics: [...new Set([requests, counter])],
      ...named,
      name: 'error_rate',
      kind: 'error_rate',
      unit: 'ratio',
      query: share(byService(part, '', naming), whole),
    });
  }
  if (durations !== undefined) {
    const quantile = `histogram_quantile(0.99, ${byService(rate(durations), 'le, ', naming)})`;
    found.push({
      metrics: [durations],
      ...named,
      name: 'latency_p99',
      kind: 'latency',
      unit: 's',
      query: perSecond === 1 ? quantile : `${quantile} / ${perSecond}`,
    });
  }
  return found;
}
