import type { Labels } from '../prometheus/labels.ts';
import type { SeriesStore } from '../prometheus/series-store.ts';
import { hash32, normalAt } from '../random.ts';
import type { ServiceSpec } from '../scenario/topology.ts';
import type { PodLoad, ServiceState, ServingPod, Step } from './traffic.ts';

type Gauges = {
  key: string;
  base: number;
  /** The handle of the first of its series; the others follow. */
  first: number;
  cpuSeconds: number;
  restartCount: number;
  cores: number;
  memoryBytes: number;
  hasPool: boolean;
  last: PodLoad;
  /** The last step that it served in. */
  seen: number;
};

export type PodMetrics = {
  observe(step: Step, states: readonly ServiceState[]): void;
  scrape(scrape: number, isMissed: (pod: string) => boolean): void;
};

/**
 * What cAdvisor, kube-state-metrics and a service's own pool report of each pod: CPU, memory, limits, restarts, whether it
 * could be scraped, and connections (OpenTelemetry's `db.client.connections.*` as exported to Prometheus).
 */
export function podMetrics(options: {
  series: SeriesStore;
  seed: number;
  noise: number;
  restartsOf: (namespace: string, pod: string) => number;
}): PodMetrics {
  const { series, seed, noise, restartsOf } = options;
  const pods = new Map<string, Gauges>();
  /** Handles of all that ever ran: a pod that comes back under its name goes on in the same series. */
  const firsts = new Map<string, number>();
  /** The same by what is at hand in every step, so that no name is put together for it. */
  const ofPod = new Map<ServingPod, Gauges>();
  let now = 0;
  /** Whether a pod came, started anew or went since the last scrape. */
  let haveChanged = false;

  return {
    observe({ number, seconds }, states) {
      now = number;
      for (const { service, pods: loads } of states) {
        const idle = 0.012 * service.cpu;
        for (const load of loads) {
          const gauges = ofPod.get(load.pod) ?? gaugesOf(service, load);
          gauges.seen = number;
          gauges.last = load;
          const wobble = Math.max(0.5, 1 + 0.04 * noise * normalAt(gauges.base, number));
          gauges.cpuSeconds += (idle + load.cores * wobble) * seconds;
        }
      }
    },

    scrape(scrape, isMissed) {
      for (const gauges of pods.values()) {
        if (gauges.seen === now) write(gauges, scrape, isMissed(gauges.last.pod.name));
        else haveChanged = pods.delete(gauges.key);
      }
      if (!haveChanged) return;
      haveChanged = false;
      for (const [pod, gauges] of ofPod)
        if (gauges.last.pod !== pod || gauges.seen !== now) ofPod.delete(pod);
    },
  };

  function write(gauges: Gauges, scrape: number, isMissed: boolean): void {
    const { first, last } = gauges;
    series.set(first + at.up, isMissed ? 0 : 1);
    if (isMissed) return;
    const wobble = 1 + 0.01 * noise * normalAt(gauges.base ^ 0x51ed270b, scrape);
    series.set(first + at.cpu, Math.round(gauges.cpuSeconds * 1e6) / 1e6);
    series.set(first + at.memory, Math.round(last.memoryMb * wobble * 1_048_576));
    series.set(first + at.restarts, gauges.restartCount);
    series.set(first + at.cpuLimit, gauges.cores);
    series.set(first + at.memoryLimit, gauges.memoryBytes);
    if (!gauges.hasPool) return;
    series.set(first + at.poolUsed, Math.round(last.poolUsed));
    series.set(first + at.poolWaiting, Math.round(last.poolWaiting));
    series.set(first + at.poolSize, last.poolSize);
  }

  /** A container that was started again counts on, under the name it had. */
  function gaugesOf(service: ServiceSpec, load: PodLoad): Gauges {
    const key = `${service.namespace}/${load.pod.name}`;
    const gauges = pods.get(key) ?? newPod(key, service, load);
    gauges.restartCount = restartsOf(service.namespace, load.pod.name);
    haveChanged = true;
    pods.set(key, gauges);
    ofPod.set(load.pod, gauges);
    return gauges;
  }

  function newPod(key: string, service: ServiceSpec, load: PodLoad): Gauges {
    const { namespace } = service;
    const pod = load.pod.name;
    const hasPool = service.calls.some(({ pooled }) => pooled);
    const first = firsts.get(key) ?? series.begin(labelsOf(service, pod, hasPool));
    firsts.set(key, first);
    return {
      key,
      base: hash32(`${seed}/pod/${namespace}/${pod}`),
      first,
      cpuSeconds: 0,
      restartCount: 0,
      cores: service.cpu,
      memoryBytes: service.memoryMb * 2 * 1_048_576,
      hasPool,
      last: load,
      seen: now,
    };
  }
}

/** Where the series of a pod stand behind the first. */
const at = {
  cpu: 0,
  memory: 1,
  restarts: 2,
  up: 3,
  cpuLimit: 4,
  memoryLimit: 5,
  poolUsed: 6,
  poolWaiting: 7,
  poolSize: 8,
} as const;

/** In the order of `at`. */
function labelsOf(service: ServiceSpec, pod: string, hasPool: boolean): Labels[] {
  const { namespace, name: container, kind } = service;
  const inContainer = { namespace, pod, container };
  const cadvisor = { job: 'kubelet', ...inContainer };
  const state = { job: 'kube-state-metrics', ...inContainer };
  const limit = { __name__: 'kube_pod_container_resource_limits', ...state };
  const connections = 'db_client_connections';
  const pool = { job: 'pods', ...inContainer };
  return [
    { __name__: 'container_cpu_usage_seconds_total', ...cadvisor },
    { __name__: 'container_memory_working_set_bytes', ...cadvisor },
    { __name__: 'kube_pod_container_status_restarts_total', ...state },
    { __name__: 'up', job: kind === 'database' ? 'postgres-exporter' : 'envoy-stats', namespace, pod },
    { ...limit, resource: 'cpu', unit: 'core' },
    { ...limit, resource: 'memory', unit: 'byte' },
    ...(hasPool
      ? [
          { __name__: `${connections}_usage`, ...pool, state: 'used' },
          { __name__: `${connections}_pending_requests`, ...pool },
          { __name__: `${connections}_max`, ...pool },
        ]
      : []),
  ];
}
