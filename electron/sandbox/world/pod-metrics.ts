import type { SeriesStore } from '../prometheus/series-store.ts';
import { hash32, normalAt } from '../random.ts';
import type { ServiceSpec } from '../scenario/topology.ts';
import { type Counter, counterOf } from './counters.ts';
import type { PodLoad, ServiceState, ServingPod, Step } from './traffic.ts';

type Gauges = {
  key: string;
  base: number;
  cpu: Counter;
  memory: number;
  restarts: number;
  restartCount: number;
  up: number;
  limits: { cpu: Counter; memory: Counter };
  pool: { used: number; waiting: number; size: number } | null;
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
          gauges.cpu.value += (idle + load.cores * wobble) * seconds;
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
    const { last } = gauges;
    series.set(gauges.up, isMissed ? 0 : 1);
    if (isMissed) return;
    const wobble = 1 + 0.01 * noise * normalAt(gauges.base ^ 0x51ed270b, scrape);
    series.set(gauges.cpu.series, Math.round(gauges.cpu.value * 1e6) / 1e6);
    series.set(gauges.memory, Math.round(last.memoryMb * wobble * 1_048_576));
    series.set(gauges.restarts, gauges.restartCount);
    series.set(gauges.limits.cpu.series, gauges.limits.cpu.value);
    series.set(gauges.limits.memory.series, gauges.limits.memory.value);
    if (!gauges.pool) return;
    series.set(gauges.pool.used, Math.round(last.poolUsed));
    series.set(gauges.pool.waiting, Math.round(last.poolWaiting));
    series.set(gauges.pool.size, last.poolSize);
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
    const { namespace, name: container } = service;
    const pod = load.pod.name;
    const inContainer = { namespace, pod, container };
    const cadvisor = { job: 'kubelet', ...inContainer };
    const state = { job: 'kube-state-metrics', ...inContainer };
    const limit = (resource: string, unit: string) =>
      series.series({ __name__: 'kube_pod_container_resource_limits', ...state, resource, unit });
    const connections = (name: string, more = {}) =>
      series.series({ __name__: `db_client_connections_${name}`, job: 'pods', ...inContainer, ...more });
    return {
      key,
      base: hash32(`${seed}/pod/${namespace}/${pod}`),
      cpu: counterOf(series, { __name__: 'container_cpu_usage_seconds_total', ...cadvisor }),
      memory: series.series({ __name__: 'container_memory_working_set_bytes', ...cadvisor }),
      restarts: series.series({ __name__: 'kube_pod_container_status_restarts_total', ...state }),
      restartCount: 0,
      up: series.series({
        __name__: 'up',
        job: service.kind === 'database' ? 'postgres-exporter' : 'envoy-stats',
        namespace,
        pod,
      }),
      limits: {
        cpu: { series: limit('cpu', 'core'), value: service.cpu },
        memory: { series: limit('memory', 'byte'), value: service.memoryMb * 2 * 1_048_576 },
      },
      pool: service.calls.some(({ pooled }) => pooled)
        ? {
            used: connections('usage', { state: 'used' }),
            waiting: connections('pending_requests'),
            size: connections('max'),
          }
        : null,
      last: load,
      seen: now,
    };
  }
}
