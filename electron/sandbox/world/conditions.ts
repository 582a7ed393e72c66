import { configMapOf } from '../cluster/create-cluster.ts';
import { weightAnnotation } from '../cluster/create-surroundings.ts';
import { versionOfImage } from '../cluster/images.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Pod } from '../cluster/objects.ts';
import { containerStartMs, isReady } from '../cluster/pods.ts';
import type { Drill } from '../scenario/draw-drill.ts';
import type { ServiceSpec, Topology } from '../scenario/topology.ts';
import type { FlagSwitches } from './apply-change.ts';
import { influences, shifted } from './influence.ts';
import { surgeAt, wave } from './load.ts';
import type { Conditions, ServingPod } from './traffic.ts';

/** Its settings are read while it runs; a cache of this time to live saves what the topology says. */
const ordinaryTtlSeconds = 300;
/** How often the same thing is asked for, in seconds: what a short time to live costs. */
const askedAgainSeconds = 30;

/**
 * Reads from the cluster and the flags what the traffic needs to know, and reads again only what was written since: which
 * pods serve, what is configured, how traffic is shared out, and which of the drill's effects are felt.
 */
export function conditionsOf(options: {
  store: ObjectStore;
  topology: Topology;
  drill: Drill;
  flags: FlagSwitches;
  startMs: number;
  onOutOfMemory?: (service: ServiceSpec, pod: ServingPod) => void;
}): Conditions & { update(atMs: number): void } {
  const { store, topology, drill, flags, startMs, onOutOfMemory = () => {} } = options;
  const pods = new Map<string, ServingPod[]>();
  const settings = new Map<string, Record<string, string>>();
  const weights = new Map<string, number>();
  const everyday = wave(drill.seed, startMs);
  const surges = drill.surges.map((surge) => ({
    ...surge,
    fromMs: surge.fromMs + startMs,
    untilMs: surge.untilMs + startMs,
  }));
  const surging = new Set(surges.map(({ service }) => service));
  let nowMs = startMs;

  // What a service is made of carries its name in the label `app`; other pods serve nobody.
  store.subscribe(({ kind, object }) => {
    const app = object.metadata.labels?.['app'] ?? '';
    if (kind === 'Pod') pods.delete(app);
    if (kind === 'ConfigMap') settings.delete(app);
    if (kind === 'Ingress') weights.delete(app);
  });

  const felt = influences(
    drill.influences.map((influence) => shifted(influence, startMs)),
    {
      shareOn: flags.shareOn,
      setting: (service, name) => settingsOf(service)[name],
      lastStartMs: (service) =>
        Math.max(0, ...podsOf(serviceNamed(service)).map(({ startedMs }) => startedMs)),
    },
  );

  const byName = new Map(topology.services.map((service) => [service.name, service]));
  function serviceNamed(name: string): ServiceSpec {
    const service = byName.get(name);
    if (!service) throw new Error(`topology ${topology.name} has no service ${name}`);
    return service;
  }

  const lastPods = new Map<string, ServingPod>();
  function podsOf(service: ServiceSpec): ServingPod[] {
    const known = pods.get(service.name);
    if (known) return known;
    const serving = owned(store, service).filter(isReady).map(servingPod);
    pods.set(service.name, serving);
    return serving;
  }

  /** The same object as long as the container runs: it remembers what leaked. */
  function servingPod(pod: Pod): ServingPod {
    const { name, uid } = pod.metadata;
    const startedMs = containerStartMs(pod);
    const before = lastPods.get(uid);
    if (before?.startedMs === startedMs) return before;
    const image = pod.spec.containers[0]?.image ?? '';
    const version = versionOfImage(image);
    const made = { name, node: pod.spec.nodeName, image, version, startedMs, leakedMb: 0 };
    lastPods.set(uid, made);
    return made;
  }

  function settingsOf(service: string): Record<string, string> {
    const known = settings.get(service);
    if (known) return known;
    const { namespace } = serviceNamed(service);
    const read = store.get('ConfigMap', namespace, configMapOf(service))?.data ?? {};
    settings.set(service, read);
    return read;
  }

  function numberOf(service: string, setting: string): number | null {
    const value = Number(settingsOf(service)[setting] ?? Number.NaN);
    return Number.isFinite(value) && value > 0 ? value : null;
  }

  /** This region's part of what comes from outside, as a multiple of the ordinary one. */
  function weightOf({ name, namespace }: ServiceSpec): number {
    const known = weights.get(name);
    if (known !== undefined) return known;
    const text = store.get('Ingress', namespace, name)?.metadata.annotations?.[weightAnnotation];
    const value = Number(text ?? 100);
    const weight = Number.isFinite(value) && value >= 0 ? value / 100 : 1;
    weights.set(name, weight);
    return weight;
  }

  return {
    update(atMs) {
      nowMs = atMs;
      felt.update(atMs);
    },
    podsOf,
    effectOn: (service, pod) => felt.on(service, pod, nowMs),
    loadFactor(service) {
      const usual = service.entryRps === undefined ? 1 : everyday(nowMs) * weightOf(service);
      if (!surging.has(service.name)) return usual;
      return surges.reduce(
        (factor, surge) => (surge.service === service.name ? factor * surgeAt(surge, nowMs) : factor),
        usual,
      );
    },
    poolSize: (service) =>
      service.kind === 'service'
        ? (numberOf(service.name, 'pool.max-connections') ?? service.pool)
        : service.pool,
    cacheFactor(service) {
      const ttl = service.kind === 'service' ? numberOf(service.name, 'cache.ttl-seconds') : null;
      if (ttl === null) return 1;
      const saved = (seconds: number) => seconds / (seconds + askedAgainSeconds);
      return saved(ttl) / saved(ordinaryTtlSeconds);
    },
    onOutOfMemory,
  };
}

function owned(store: ObjectStore, { kind, namespace, name }: ServiceSpec): Pod[] {
  if (kind === 'database') {
    const set = store.get('StatefulSet', namespace, name);
    return set ? store.ownedBy('Pod', set.metadata.uid) : [];
  }
  const deployment = store.get('Deployment', namespace, name);
  if (!deployment) return [];
  return store
    .ownedBy('ReplicaSet', deployment.metadata.uid)
    .flatMap((set) => store.ownedBy('Pod', set.metadata.uid));
}
