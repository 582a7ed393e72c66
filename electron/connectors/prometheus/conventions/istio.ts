import type { Convention } from './convention.ts';
import { share } from './convention.ts';

/**
 * Calls that leave the mesh: the callers' proxies alone tell of them, by the name of the host. Where Istio knows not even
 * that, it writes the name of a cluster that is many hosts at once.
 */
export const toldOfOutsiders =
  'reporter="source",destination_workload="unknown",destination_service_name!~"(Inbound)?PassthroughCluster.*|BlackHoleCluster"';

/**
 * Istio standard metrics as the destination's proxy reports them
 * (https://istio.io/latest/docs/reference/config/metrics/). Durations are in milliseconds there.
 */
const queries = (by: string, told = 'reporter="destination"') => ({
  traffic: `sum by (${by}) (rate(istio_requests_total{${told}}[$window]))`,
  errors: share(
    `sum by (${by}) (rate(istio_requests_total{${told},response_code=~"5.."}[$window]))`,
    `sum by (${by}) (rate(istio_requests_total{${told}}[$window]))`,
  ),
  latency: `histogram_quantile(0.99, sum by (le, ${by}) (rate(istio_request_duration_milliseconds_bucket{${told}}[$window]))) / 1000`,
});

type Asked = ReturnType<typeof queries>;
const requests = { metrics: ['istio_requests_total'] };
const durations = { metrics: ['istio_request_duration_milliseconds_bucket'] };

const traffic = ({ traffic: query }: Asked) =>
  ({ ...requests, name: 'traffic', kind: 'traffic', unit: 'req/s', query }) as const;
const errors = ({ errors: query }: Asked) =>
  ({ ...requests, name: 'error_rate', kind: 'error_rate', unit: 'ratio', query }) as const;
const latency = ({ latency: query }: Asked) =>
  ({ ...durations, name: 'latency_p99', kind: 'latency', unit: 's', query }) as const;

const ofWorkload = queries('destination_workload');
const ofVersion = queries('destination_workload, destination_version');
const ofOutsider = queries('destination_service_name', toldOfOutsiders);
const workload = { service: 'destination_workload' };
const outsider = { service: 'destination_service_name' };
const cohort = { ...workload, labels: { version: 'destination_version' } };

export const istio: readonly Convention[] = [
  { ...workload, ...traffic(ofWorkload) },
  { ...workload, ...errors(ofWorkload) },
  { ...workload, ...latency(ofWorkload) },
  { ...cohort, ...errors(ofVersion) },
  { ...cohort, ...latency(ofVersion) },
  { ...outsider, ...traffic(ofOutsider) },
  { ...outsider, ...errors(ofOutsider) },
  { ...outsider, ...latency(ofOutsider) },
];
