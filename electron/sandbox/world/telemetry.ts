import type { ObjectStore } from '../cluster/object-store.ts';
import type { SeriesStore } from '../prometheus/series-store.ts';
import { hash32, type Random, randomAt } from '../random.ts';
import type { Topology } from '../scenario/scenario.ts';
import { type ServedGroup, type ServiceState, tailAbove } from './traffic.ts';

/** Istio's own boundaries (proxy `istio.stats`), in milliseconds. */
const bucketsMs = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

const codes = ['200', '500', '503'] as const;

export type Telemetry = {
  /** Counts what was served over one step. */
  observe(step: number, stepSeconds: number, states: readonly ServiceState[]): void;
  /** Writes one scrape of everything that exists now. */
  scrape(atMs: number, states: readonly ServiceState[]): void;
};

type Counter = { series: number; value: number };
type VersionCounters = {
  byCaller: Map<string | null, Counter[]>;
  buckets: Counter[];
  count: Counter;
  sum: Counter;
};
/** Handles of the gauges, and what they show. */
type PodCounters = {
  cpu: Counter;
  memory: number;
  memoryBytes: number;
  limit: number;
  limitCores: number;
  up: number;
};

/**
 * Turns what the mesh did into the series that Istio, cAdvisor and kube-state-metrics would expose, so that tools which
 * know those conventions find their way. Counters live as long as the pods that hold them.
 */
export function telemetry(options: {
  series: SeriesStore;
  store: ObjectStore;
  topology: Topology;
  seed: number;
}): Telemetry {
  const { series, store, topology, seed } = options;
  const namespaceOf = new Map(topology.services.map(({ name, namespace }) => [name, namespace]));
  const versions = new Map<string, VersionCounters>();
  const pods = new Map<string, PodCounters>();
  const deployments = new Map<string, { wanted: number; available: number }>();
  const counter = (labels: Record<string, string>): Counter => ({ series: series.series(labels), value: 0 });

  return {
    observe(step, stepSeconds, states) {
      for (const state of states) {
        for (const group of state.groups) {
          const name = `${state.service.name} ${group.version}`;
          const random = randomAt(hash32(`${seed}/served/${name}/${group.pods.length}`), step);
          const counters = versions.get(name) ?? newVersion(state, group.version);
          versions.set(name, counters);
          count(counters, state, group, stepSeconds, random);
          for (const pod of group.pods) {
            const counted = pods.get(pod.name) ?? newPod(state, pod.name);
            pods.set(pod.name, counted);
            const noise = Math.max(0.5, 1 + 0.04 * random.normal());
            counted.cpu.value += (0.012 * state.service.cpu + group.cores * noise) * stepSeconds;
            counted.memoryBytes = state.service.memoryMb * 1_048_576 * (1 + 0.01 * random.normal());
          }
        }
      }
    },

    scrape(atMs, states) {
      series.beginScrape(atMs);
      const liveVersions = new Set<string>();
      const livePods = new Set<string>();
      for (const state of states) {
        for (const group of state.groups) {
          liveVersions.add(`${state.service.name} ${group.version}`);
          for (const pod of group.pods) livePods.add(pod.name);
        }
        scrapeDeployment(state);
      }
      for (const [name, counters] of versions) {
        if (liveVersions.has(name)) scrapeVersion(counters);
        else versions.delete(name);
      }
      for (const [name, counters] of pods) {
        if (livePods.has(name)) scrapePod(counters);
        else pods.delete(name);
      }
    },
  };

  function count(
    counters: VersionCounters,
    state: ServiceState,
    group: ServedGroup,
    stepSeconds: number,
    random: Random,
  ): void {
    const share = group.rps / state.rps;
    let requests = 0;
    for (const [caller, rps] of state.rpsByCaller) {
      const counts = counters.byCaller.get(caller) ?? newCaller(counters, state, group.version, caller);
      const expected = rps * share * stepSeconds;
      const own = poisson(expected * group.ownErrors, random);
      const passed = poisson(expected * (1 - group.ownErrors) * group.passedErrors, random);
      const served = poisson(expected * (1 - group.ownErrors) * (1 - group.passedErrors), random);
      for (const [index, amount] of [served, own, passed].entries()) {
        const code = counts[index];
        if (code) code.value += amount;
      }
      requests += own + passed + served;
    }
    counters.count.value += requests;
    counters.sum.value += requests * group.latencyMs;
    for (const [index, bucket] of counters.buckets.entries()) {
      const limitMs = bucketsMs[index];
      bucket.value += limitMs === undefined ? requests : requests * (1 - tailAbove(limitMs, group.latencyMs));
    }
  }

  function destination(state: ServiceState, version: string): Record<string, string> {
    return {
      job: 'envoy-stats',
      reporter: 'destination',
      destination_workload: state.service.name,
      destination_workload_namespace: state.service.namespace,
      destination_version: version,
    };
  }

  function newVersion(state: ServiceState, version: string): VersionCounters {
    const labels = destination(state, version);
    const name = 'istio_request_duration_milliseconds';
    return {
      byCaller: new Map(),
      buckets: [...bucketsMs, '+Inf'].map((le) =>
        counter({ __name__: `${name}_bucket`, ...labels, le: String(le) }),
      ),
      count: counter({ __name__: `${name}_count`, ...labels }),
      sum: counter({ __name__: `${name}_sum`, ...labels }),
    };
  }

  /** Istio calls whoever comes from outside the mesh `unknown`. */
  function newCaller(
    counters: VersionCounters,
    state: ServiceState,
    version: string,
    caller: string | null,
  ): Counter[] {
    const counts = codes.map((code) =>
      counter({
        __name__: 'istio_requests_total',
        ...destination(state, version),
        source_workload: caller ?? 'unknown',
        source_workload_namespace: (caller && namespaceOf.get(caller)) ?? 'unknown',
        response_code: code,
      }),
    );
    counters.byCaller.set(caller, counts);
    return counts;
  }

  function newPod(state: ServiceState, pod: string): PodCounters {
    const { namespace, name: container } = state.service;
    const inContainer = { namespace, pod, container };
    const limit = { job: 'kube-state-metrics', ...inContainer, resource: 'cpu', unit: 'core' };
    return {
      cpu: counter({ __name__: 'container_cpu_usage_seconds_total', job: 'kubelet', ...inContainer }),
      memory: series.series({
        __name__: 'container_memory_working_set_bytes',
        job: 'kubelet',
        ...inContainer,
      }),
      memoryBytes: 0,
      limit: series.series({ __name__: 'kube_pod_container_resource_limits', ...limit }),
      limitCores: state.service.cpu,
      up: series.series({ __name__: 'up', job: 'envoy-stats', namespace, pod }),
    };
  }

  function scrapeVersion(counters: VersionCounters): void {
    for (const counts of counters.byCaller.values())
      for (const code of counts) series.set(code.series, code.value);
    for (const bucket of counters.buckets) series.set(bucket.series, Math.round(bucket.value));
    series.set(counters.count.series, counters.count.value);
    series.set(counters.sum.series, Math.round(counters.sum.value * 10) / 10);
  }

  function scrapePod(counters: PodCounters): void {
    series.set(counters.cpu.series, Math.round(counters.cpu.value * 1e6) / 1e6);
    series.set(counters.memory, Math.round(counters.memoryBytes));
    series.set(counters.up, 1);
    series.set(counters.limit, counters.limitCores);
  }

  function scrapeDeployment({ service }: ServiceState): void {
    const object = store.get('Deployment', service.namespace, service.name);
    if (!object) return;
    const gauges = deployments.get(service.name) ?? newDeployment(service);
    deployments.set(service.name, gauges);
    series.set(gauges.wanted, object.spec.replicas);
    series.set(gauges.available, object.status.availableReplicas ?? 0);
  }

  function newDeployment({ namespace, name }: ServiceState['service']): {
    wanted: number;
    available: number;
  } {
    const labels = { job: 'kube-state-metrics', namespace, deployment: name };
    return {
      wanted: series.series({ __name__: 'kube_deployment_spec_replicas', ...labels }),
      available: series.series({ __name__: 'kube_deployment_status_replicas_available', ...labels }),
    };
  }
}

/** Exact for small means; the normal approximation beyond, where it differs by less than the noise. */
function poisson(mean: number, random: Random): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.unit(); product > limit; product *= random.unit()) count += 1;
  return count;
}
