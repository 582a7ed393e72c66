import { QueryError } from './promql/query-error.ts';

/** Answers `/api/v1/metadata`: what exporters say of their metrics. */
export function tellMetadata(parameters: URLSearchParams): Record<string, object[]> {
  const limit = parameters.get('limit') ?? '';
  if (limit !== '' && !/^[-+]?\d+$/.test(limit)) throw new QueryError('bad_data', 'limit must be a number');
  const metric = parameters.get('metric') ?? '';
  const wanted = Object.entries(known).filter(([name]) => metric === '' || name === metric);
  const shown = limit !== '' && Number(limit) >= 0 ? wanted.slice(0, Number(limit)) : wanted;
  return Object.fromEntries(shown.map(([name, said]) => [name, [{ ...said, unit: '' }]]));
}

const known: Readonly<Record<string, { type: string; help: string }>> = {
  container_cpu_usage_seconds_total: { type: 'counter', help: 'Cumulative cpu time consumed' },
  container_memory_working_set_bytes: { type: 'gauge', help: 'Current working set of the container' },
  istio_request_duration_milliseconds: { type: 'histogram', help: 'Duration of requests' },
  istio_requests_total: { type: 'counter', help: 'Total number of requests' },
  kube_deployment_spec_replicas: { type: 'gauge', help: 'Number of desired pods for a deployment' },
  kube_deployment_status_replicas_available: {
    type: 'gauge',
    help: 'Number of available replicas per deployment',
  },
  kube_pod_container_resource_limits: {
    type: 'gauge',
    help: 'The number of requested limit resource by a container',
  },
  up: { type: 'gauge', help: 'Whether the last scrape of the target succeeded' },
};
