import type { ObjectStore } from '../cluster/object-store.ts';
import type { SeriesStore } from '../prometheus/series-store.ts';
import { hash32, normalAt } from '../random.ts';
import type { ServiceSpec, Topology } from '../scenario/topology.ts';
import { type Counter, counterOf } from './counters.ts';
import type { ServiceState, TrafficState } from './traffic.ts';

export type PlatformMetrics = {
  observe(seconds: number, state: TrafficState): void;
  scrape(scrape: number, state: TrafficState): void;
};

type DatabaseGauges = {
  base: number;
  wanted: number;
  ready: number;
  sessions: number;
  up: number;
  replicas: number;
  readyReplicas: number;
};
/** Wanted and available replicas: what they are, and the handle of the first of their two series. */
type DeploymentGauges = { first: number; replicas: number; ready: number };

/** What kube-state-metrics, node-exporter, postgres-exporter and RabbitMQ report of workloads, nodes, databases and queues. */
export function platformMetrics(options: {
  series: SeriesStore;
  store: ObjectStore;
  topology: Topology;
  seed: number;
}): PlatformMetrics {
  const { series, store, topology, seed } = options;
  const queueGauges = new Map<string, number>();
  const databases = new Map<string, DatabaseGauges>();
  const deployments = new Map<string, DeploymentGauges>();
  const firsts = new Map<string, number>();
  const nodes = new Map<string, { user: Counter; idle: Counter }>();
  const commits = new Map<string, Counter>();

  // Most stay as they are from scrape to scrape, so each is read again only when it was written.
  store.subscribe(({ kind, object }) => {
    if (kind === 'Deployment') deployments.delete(object.metadata.name);
    if (kind === 'StatefulSet') databases.delete(object.metadata.name);
  });

  return {
    observe(seconds, { nodes: asked, services }) {
      for (const [name, cores] of asked) {
        const counters = nodes.get(name) ?? newNode(name);
        const used = Math.min(cores, topology.nodeCores);
        counters.user.value += used * seconds;
        counters.idle.value += (topology.nodeCores - used) * seconds;
      }
      for (const { service, rps, errorShare } of services) {
        if (service.kind !== 'database') continue;
        const counter = commits.get(service.name) ?? newCommits(service.name, service.namespace);
        counter.value += rps * (1 - errorShare) * seconds;
      }
    },

    scrape(scrape, { services, queues }) {
      for (const state of services) {
        if (state.service.kind === 'service') writeDeployment(state);
        if (state.service.kind === 'database') writeDatabase(state, scrape);
      }
      for (const { user, idle } of nodes.values()) {
        series.set(user.series, Math.round(user.value * 100) / 100);
        series.set(idle.series, Math.round(idle.value * 100) / 100);
      }
      for (const [queue, waiting] of queues) {
        const handle =
          queueGauges.get(queue) ??
          series.series({ __name__: 'rabbitmq_queue_messages_ready', job: 'rabbitmq', queue });
        queueGauges.set(queue, handle);
        series.set(handle, Math.round(waiting));
      }
    },
  };

  function writeDeployment({ service: { namespace, name } }: ServiceState): void {
    const known = deployments.get(name) ?? readDeployment(namespace, name);
    if (!known) return;
    series.set(known.first, known.replicas);
    series.set(known.first + 1, known.ready);
  }

  function readDeployment(namespace: string, name: string): DeploymentGauges | null {
    const object = store.get('Deployment', namespace, name);
    if (!object) return null;
    const first = firsts.get(name) ?? beginDeployment(namespace, name);
    firsts.set(name, first);
    const read = { first, replicas: object.spec.replicas, ready: object.status.availableReplicas ?? 0 };
    deployments.set(name, read);
    return read;
  }

  function beginDeployment(namespace: string, deployment: string): number {
    const labels = { job: 'kube-state-metrics', namespace, deployment };
    return series.begin([
      { __name__: 'kube_deployment_spec_replicas', ...labels },
      { __name__: 'kube_deployment_status_replicas_available', ...labels },
    ]);
  }

  function writeDatabase({ service, rps, latencyMs, pods }: ServiceState, scrape: number): void {
    const known = databases.get(service.name) ?? readDatabase(service);
    series.set(known.wanted, known.replicas);
    series.set(known.ready, known.readyReplicas);
    const wobble = 1 + 0.06 * normalAt(known.base, scrape);
    series.set(known.sessions, Math.max(0, Math.round((rps * latencyMs * wobble) / 1_000)));
    series.set(known.up, pods.length > 0 ? 1 : 0);
    const counter = commits.get(service.name);
    if (counter) series.set(counter.series, Math.round(counter.value));
  }

  function readDatabase({ namespace, name }: ServiceSpec): DatabaseGauges {
    const object = store.get('StatefulSet', namespace, name);
    const labels = { job: 'kube-state-metrics', namespace, statefulset: name };
    const exporter = { job: 'postgres-exporter', namespace, server: name };
    const read = {
      base: hash32(`${seed}/sessions/${name}`),
      wanted: series.series({ __name__: 'kube_statefulset_replicas', ...labels }),
      ready: series.series({ __name__: 'kube_statefulset_status_replicas_ready', ...labels }),
      sessions: series.series({
        __name__: 'pg_stat_activity_count',
        ...exporter,
        datname: name,
        state: 'active',
      }),
      up: series.series({ __name__: 'pg_up', ...exporter }),
      replicas: object?.spec.replicas ?? 0,
      readyReplicas: object?.status.readyReplicas ?? 0,
    };
    databases.set(name, read);
    return read;
  }

  function newNode(name: string): { user: Counter; idle: Counter } {
    const mode = (mode: string) =>
      counterOf(series, {
        __name__: 'node_cpu_seconds_total',
        job: 'node-exporter',
        instance: name,
        cpu: 'all',
        mode,
      });
    const counters = { user: mode('user'), idle: mode('idle') };
    nodes.set(name, counters);
    return counters;
  }

  function newCommits(name: string, namespace: string): Counter {
    const labels = { job: 'postgres-exporter', namespace, server: name, datname: name };
    const counter = counterOf(series, { __name__: 'pg_stat_database_xact_commit', ...labels });
    commits.set(name, counter);
    return counter;
  }
}
