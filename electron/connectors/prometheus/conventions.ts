import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';

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
  /** The label names a pod: the service is its workload, which is as its pods are on average or as the worst off. */
  ofPods?: 'mean' | 'highest';
  /** Labels that cut a service into cohorts: ours, and the one in the result. */
  labels?: Record<string, string>;
};

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
const istio = (by: string, told = 'reporter="destination"') => ({
  traffic: `sum by (${by}) (rate(istio_requests_total{${told}}[$window]))`,
  errors: share(
    `sum by (${by}) (rate(istio_requests_total{${told},response_code=~"5.."}[$window]))`,
    `sum by (${by}) (rate(istio_requests_total{${told}}[$window]))`,
  ),
  latency: `histogram_quantile(0.99, sum by (le, ${by}) (rate(istio_request_duration_milliseconds_bucket{${told}}[$window]))) / 1000`,
});
const ofWorkload = istio('destination_workload');
const ofVersion = istio('destination_workload, destination_version');
const ofOutsider = istio('destination_service_name', toldOfOutsiders);
const workload = { service: 'destination_workload' };
const outsider = { service: 'destination_service_name' };
const cohort = { ...workload, labels: { version: 'destination_version' } };
const istioRequests = { metrics: ['istio_requests_total'], ...workload };
const istioDurations = { metrics: ['istio_request_duration_milliseconds_bucket'], ...workload };

/** Metrics whose service stands in one of several labels: the first that is there, gathered under `countersign_service`. */
const named = { service: 'countersign_service' };

const pods = { service: 'pod', ofPods: 'highest' } as const;
const cpuOfPods = 'sum by (pod) (rate(container_cpu_usage_seconds_total{pod!="",container!=""}[$window]))';
const limitOfPods = (resource: string) =>
  `sum by (pod) (kube_pod_container_resource_limits{resource="${resource}"})`;

/**
 * In order of precedence: where two tell the same metric of the same service, the upper one is taken. A service without
 * requests has no error rate and no latency (0/0 is no sample).
 */
export const conventions: readonly Convention[] = [
  { ...istioRequests, name: 'traffic', kind: 'traffic', unit: 'req/s', query: ofWorkload.traffic },
  { ...istioRequests, name: 'error_rate', kind: 'error_rate', unit: 'ratio', query: ofWorkload.errors },
  { ...istioDurations, name: 'latency_p99', kind: 'latency', unit: 's', query: ofWorkload.latency },
  {
    ...istioRequests,
    ...cohort,
    name: 'error_rate',
    kind: 'error_rate',
    unit: 'ratio',
    query: ofVersion.errors,
  },
  { ...istioDurations, ...cohort, name: 'latency_p99', kind: 'latency', unit: 's', query: ofVersion.latency },

  {
    metrics: ['istio_requests_total'],
    ...outsider,
    name: 'traffic',
    kind: 'traffic',
    unit: 'req/s',
    query: ofOutsider.traffic,
  },
  {
    metrics: ['istio_requests_total'],
    ...outsider,
    name: 'error_rate',
    kind: 'error_rate',
    unit: 'ratio',
    query: ofOutsider.errors,
  },
  {
    metrics: ['istio_request_duration_milliseconds_bucket'],
    ...outsider,
    name: 'latency_p99',
    kind: 'latency',
    unit: 's',
    query: ofOutsider.latency,
  },

  // The names that client libraries and most examples use; the status stands in `code` or `status`.
  {
    metrics: ['http_requests_total'],
    ...named,
    name: 'traffic',
    kind: 'traffic',
    unit: 'req/s',
    query: byService('rate(http_requests_total[$window])'),
  },
  {
    metrics: ['http_requests_total'],
    ...named,
    name: 'error_rate',
    kind: 'error_rate',
    unit: 'ratio',
    query: share(
      byService(
        'rate(http_requests_total{code=~"5.."}[$window]) or rate(http_requests_total{status=~"5.."}[$window])',
      ),
      byService('rate(http_requests_total[$window])'),
    ),
  },
  {
    metrics: ['http_request_duration_seconds_bucket'],
    ...named,
    name: 'latency_p99',
    kind: 'latency',
    unit: 's',
    query: `histogram_quantile(0.99, ${byService('rate(http_request_duration_seconds_bucket[$window])', 'le, ')})`,
  },

  // OpenTelemetry semantic conventions for HTTP servers, as exported to Prometheus.
  {
    metrics: ['http_server_request_duration_seconds_count'],
    ...named,
    name: 'traffic',
    kind: 'traffic',
    unit: 'req/s',
    query: byService('rate(http_server_request_duration_seconds_count[$window])'),
  },
  {
    metrics: ['http_server_request_duration_seconds_count'],
    ...named,
    name: 'error_rate',
    kind: 'error_rate',
    unit: 'ratio',
    query: share(
      byService(
        'rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[$window])',
      ),
      byService('rate(http_server_request_duration_seconds_count[$window])'),
    ),
  },
  {
    metrics: ['http_server_request_duration_seconds_bucket'],
    ...named,
    name: 'latency_p99',
    kind: 'latency',
    unit: 's',
    query: `histogram_quantile(0.99, ${byService('rate(http_server_request_duration_seconds_bucket[$window])', 'le, ')})`,
  },

  // What cAdvisor measures of each pod against the limits that kube-state-metrics tells; the pod worst off speaks.
  {
    metrics: ['container_cpu_usage_seconds_total', 'kube_pod_container_resource_limits'],
    ...pods,
    name: 'saturation',
    kind: 'saturation',
    unit: 'ratio',
    query: `${cpuOfPods} / ${limitOfPods('cpu')}`,
  },
  {
    metrics: ['container_memory_working_set_bytes', 'kube_pod_container_resource_limits'],
    ...pods,
    name: 'memory_saturation',
    kind: 'saturation',
    unit: 'ratio',
    query: `sum by (pod) (container_memory_working_set_bytes{pod!="",container!=""}) / ${limitOfPods('memory')}`,
  },
  {
    metrics: ['container_cpu_usage_seconds_total'],
    ...pods,
    name: 'saturation',
    kind: 'saturation',
    unit: 'cores',
    query: cpuOfPods,
  },

  {
    metrics: ['kube_deployment_status_replicas_available', 'kube_deployment_spec_replicas'],
    service: 'deployment',
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query:
      'sum by (deployment) (kube_deployment_status_replicas_available) / sum by (deployment) (kube_deployment_spec_replicas)',
  },
  // Every scrape target has `up`. A job may scrape the pods of many services, so a pod is told by its name.
  {
    metrics: ['up'],
    service: 'pod',
    ofPods: 'mean',
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query: 'avg by (pod) (up{pod!=""})',
  },
  {
    metrics: ['up'],
    service: 'job',
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query: 'avg by (job) (up{pod=""})',
  },
];

/** Numerator and denominator as a share; a service that has requests and never failed has 0, not no sample. */
function share(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / ${whole}`;
}

function byService(vector: string, alsoBy = ''): string {
  const labelled = ['job', 'app', 'service_name', 'service'].reduce(
    (inner, label) => `label_replace(${inner}, "countersign_service", "$1", "${label}", "(.+)")`,
    vector,
  );
  return `sum by (${alsoBy}countersign_service) (${labelled})`;
}

/** Every metric name that tells whether a convention applies. */
export const conventionMetrics: readonly string[] = [
  ...new Set(conventions.flatMap(({ metrics }) => metrics)),
];
