import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What a Prometheus, or what speaks like it, is to Countersign; `scope` holds the matchers that limit it. */
export const descriptionOf = (scope: readonly string[]): ConnectionDescription => ({
  reads: [
    'alerts that fire, every few seconds, with the query and the threshold of their rule',
    'what its configuration does to the labels of alerts on the way to Alertmanager',
    'request rate, errors, latency, saturation and availability of services, while an incident is open',
    'who calls whom, from the metrics of a mesh',
  ],
  unseen: [
    'what it does not scrape, and what is older than it keeps',
    'services under names that no convention knows; own queries reach them',
    ...(scope.length === 0
      ? []
      : [`whatever does not fit ${scope.join(' ')} (reads.metrics of the envelope)`]),
  ],
  answers: ['one expression of PromQL at a time or over a window', 'metrics of a service, by kind'],
  writes: [],
});
