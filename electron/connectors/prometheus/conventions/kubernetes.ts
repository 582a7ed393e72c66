import type { Convention } from './convention.ts';

const pods = { service: 'pod', ofPods: 'highest' } as const;
const cpuOfPods = 'sum by (pod) (rate(container_cpu_usage_seconds_total{pod!="",container!=""}[$window]))';
const memoryOfPods = 'sum by (pod) (container_memory_working_set_bytes{pod!="",container!=""})';
const limitOfPods = (resource: string) =>
  `sum by (pod) (kube_pod_container_resource_limits{resource="${resource}"})`;

const replicas = (service: string, available: string, wanted: string): Convention => ({
  metrics: [available, wanted],
  service,
  name: 'availability',
  kind: 'availability',
  unit: 'ratio',
  query: `sum by (${service}) (${available}) / sum by (${service}) (${wanted})`,
});

/** What cAdvisor measures of each pod against the limits that kube-state-metrics tells; the pod worst off speaks. */
export const pressureOnPods: readonly Convention[] = [
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
    query: `${memoryOfPods} / ${limitOfPods('memory')}`,
  },
  {
    metrics: ['container_cpu_usage_seconds_total'],
    ...pods,
    name: 'saturation',
    kind: 'saturation',
    unit: 'cores',
    query: cpuOfPods,
  },
  // cAdvisor knows limits itself; 0 is none.
  {
    metrics: ['container_memory_working_set_bytes', 'container_spec_memory_limit_bytes'],
    ...pods,
    name: 'memory_saturation',
    kind: 'saturation',
    unit: 'ratio',
    query: `${memoryOfPods} / (sum by (pod) (container_spec_memory_limit_bytes{pod!="",container!=""}) > 0)`,
  },
  {
    metrics: ['container_cpu_cfs_throttled_periods_total', 'container_cpu_cfs_periods_total'],
    ...pods,
    name: 'cpu_throttling',
    kind: 'saturation',
    unit: 'ratio',
    query:
      'sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{pod!=""}[$window])) / sum by (pod) (rate(container_cpu_cfs_periods_total{pod!=""}[$window]))',
  },
];

/** How many of what is wanted is there (https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload). */
export const replicasThere: readonly Convention[] = [
  replicas('deployment', 'kube_deployment_status_replicas_available', 'kube_deployment_spec_replicas'),
  replicas('statefulset', 'kube_statefulset_status_replicas_ready', 'kube_statefulset_replicas'),
  replicas(
    'daemonset',
    'kube_daemonset_status_number_ready',
    'kube_daemonset_status_desired_number_scheduled',
  ),
  {
    metrics: ['kube_pod_container_status_restarts_total'],
    ...pods,
    name: 'restarts',
    kind: 'other',
    unit: 'restarts/s',
    query: 'sum by (pod) (rate(kube_pod_container_status_restarts_total[$window]))',
  },
];
