import { type ClusterControllers, clusterControllers } from './cluster/controllers.ts';
import { createCluster, imageOf, versionOfImage } from './cluster/create-cluster.ts';
import { isReady, readySinceMs } from './cluster/deployment-controller.ts';
import { type ObjectStore, objectStore } from './cluster/object-store.ts';
import { type RuleEngine, ruleEngine } from './prometheus/rules.ts';
import { type SeriesStore, seriesStore } from './prometheus/series-store.ts';
import type { Drill, ScriptEntry } from './scenario/draw-drill.ts';
import type { ServiceSpec, Topology } from './scenario/scenario.ts';
import { applyChange } from './world/apply-change.ts';
import { telemetry } from './world/telemetry.ts';
import { type ServiceState, type ServingPod, trafficModel } from './world/traffic.ts';

export const stepMs = 5_000;
const stepsPerScrape = 3;

export type Simulation = {
  store: ObjectStore;
  series: SeriesStore;
  rules: RuleEngine;
  /** Lives on to this time; a time already passed changes nothing. */
  advanceTo(atMs: number): void;
  /** After a write from outside: the controllers see it at once. */
  settle(atMs: number): void;
  /** Whether any alert's expression held, however shortly, at any scrape up to now. */
  everAlarmed(): boolean;
  /** When an alert fired for the first time, or null. */
  firstFiredMs(): number | null;
};

/**
 * The world of a drill: a cluster, the traffic through it, and what is measured of both, in steps of five seconds and
 * scrapes of fifteen. It depends on the drill, its start and the writes it receives, and on nothing else.
 */
export function createSimulation(options: {
  topology: Topology;
  drill: Drill;
  startMs: number;
  script: readonly ScriptEntry[];
  /** Alert rules are evaluated from here on; what came before is known to have been quiet, or asked of `everAlarmed`. */
  alertsFromMs: number;
}): Simulation {
  const { topology, drill, startMs, script, alertsFromMs } = options;
  const { seed } = drill;
  const store = objectStore(seed);
  const series = seriesStore();
  const controller = clusterControllers({ store, seed, hasImage: (image) => drill.images.has(image) });
  createCluster({ store, controller, topology, releases: drill.releases, seed, startMs });
  const traffic = trafficModel({
    topology,
    seed,
    startMs,
    effectOf: (service, version) => drill.effects.get(imageOf(service, version)),
  });
  const recorder = telemetry({ series, store, topology, seed });
  const rules = ruleEngine(topology.alerts, series);
  const podsOf = servingPods(store, controller);

  let step = 0;
  let scriptAt = 0;
  let firstFiredMs: number | null = null;

  function takeStep(atMs: number): void {
    for (let entry = script[scriptAt]; entry && startMs + entry.offsetMs <= atMs; entry = script[scriptAt]) {
      const changedMs = startMs + entry.offsetMs;
      applyChange({ change: entry.change, store, topology, seed, atMs: changedMs });
      controller.step(changedMs);
      scriptAt += 1;
    }
    controller.step(atMs);
    const states: ServiceState[] = traffic.advance(step, atMs, podsOf);
    recorder.observe(step, stepMs / 1_000, states);
    if (step % stepsPerScrape === 0) {
      recorder.scrape(atMs, states);
      if (atMs >= alertsFromMs) rules.evaluate(atMs);
      if (firstFiredMs === null && rules.alerts().some(({ state }) => state === 'firing'))
        firstFiredMs = atMs;
    }
    step += 1;
  }

  return {
    store,
    series,
    rules,
    everAlarmed: () => rules.everHeld(series.times().subarray(0, series.scrapes())),
    firstFiredMs: () => firstFiredMs,
    settle: (atMs) => controller.step(atMs),
    advanceTo(untilMs) {
      for (let atMs = startMs + step * stepMs; atMs <= untilMs; atMs = startMs + step * stepMs)
        takeStep(atMs);
    },
  };
}

/** Ready pods of a service; read again only while its Deployment is on the move. */
function servingPods(
  store: ObjectStore,
  controller: ClusterControllers,
): (service: ServiceSpec) => ServingPod[] {
  const known = new Map<string, { version: string; pods: ServingPod[] }>();
  return (service) => {
    const deployment = store.get('Deployment', service.namespace, service.name);
    if (!deployment) return [];
    const cached = known.get(service.name);
    const { resourceVersion, uid } = deployment.metadata;
    if (cached?.version === resourceVersion && controller.isSettled(deployment)) return cached.pods;
    const pods = store
      .ownedBy('ReplicaSet', uid)
      .flatMap((set) => store.ownedBy('Pod', set.metadata.uid))
      .filter(isReady)
      .map((pod) => ({
        name: pod.metadata.name,
        version: versionOfImage(pod.spec.containers[0]?.image ?? ''),
        startedMs: readySinceMs(pod),
      }));
    known.set(service.name, { version: resourceVersion, pods });
    return pods;
  };
}
