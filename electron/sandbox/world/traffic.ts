import { hash32, randomAt } from '../random.ts';
import type { ServiceSpec, Topology } from '../scenario/scenario.ts';

/** One running pod as traffic sees it. */
export type ServingPod = { name: string; version: string; startedMs: number };

/** What a version does to the pods that run it, once a pod is older than the incubation time. */
export type VersionEffect = {
  latencyFactor: number;
  errorShare: number;
  workFactor: number;
  incubationMs: number;
};

/** Requests a service's pods of one version (and one state of health) served in a step. */
export type ServedGroup = {
  version: string;
  pods: readonly ServingPod[];
  rps: number;
  /** Mean of the whole answer, calls included. */
  latencyMs: number;
  /** Share that failed in the service itself (answered 500), and because of what it calls (503). */
  ownErrors: number;
  passedErrors: number;
  /** CPU cores per pod. */
  cores: number;
};

export type ServiceState = {
  service: ServiceSpec;
  rps: number;
  rpsByCaller: ReadonlyMap<string | null, number>;
  latencyMs: number;
  errorShare: number;
  groups: readonly ServedGroup[];
};

export type TrafficModel = {
  /** The whole mesh over one step. `step` numbers the steps of this world from 0. */
  advance(
    step: number,
    atMs: number,
    podsOf: (service: ServiceSpec) => readonly ServingPod[],
  ): ServiceState[];
};

/** A request's duration is log-normal around its mean: this is sigma. */
export const latencySpread = 0.55;

const warmUpMs = 40_000;

/**
 * Load flows down the call graph, latency and failures flow up. A queue is the M/M/1 shape b(1 + ρ²/2(1−ρ)); what a
 * callee fails reaches its caller weakened by how critical the call is, what it delays by the share the caller waits
 * for. Retries feed last step's errors back as load.
 */
export function trafficModel(options: {
  topology: Topology;
  seed: number;
  startMs: number;
  effectOf: (service: string, version: string) => VersionEffect | undefined;
}): TrafficModel {
  const { topology, seed, startMs, effectOf } = options;
  const callersFirst = inCallOrder(topology.services);
  const noise = new Map(topology.services.map(({ name }) => [name, hash32(`${seed}/noise/${name}`)]));
  const drift = new Map<string, number>();
  const lastErrors = new Map<string, number>();
  // A day's wave, at a time of day that the seed chooses: it must not depend on when the drill is opened.
  const dayPhase = (hash32(`${seed}/day`) / 2 ** 32) * 2 * Math.PI;

  return {
    advance(step, atMs, podsOf) {
      const load = new Map<string, Map<string | null, number>>();
      const day = 1 + 0.08 * Math.sin(dayPhase + ((atMs - startMs) / 86_400_000) * 2 * Math.PI);
      for (const service of callersFirst) {
        const arriving = load.get(service.name) ?? new Map<string | null, number>();
        load.set(service.name, arriving);
        if (service.entryRps !== undefined)
          arriving.set(null, service.entryRps * day * wander(service.name, step));
        const rps = sum(arriving.values());
        for (const call of service.calls) {
          const again = 1 + call.retries * (lastErrors.get(call.to) ?? 0);
          const onward = load.get(call.to) ?? new Map<string | null, number>();
          onward.set(service.name, (onward.get(service.name) ?? 0) + rps * call.perRequest * again);
          load.set(call.to, onward);
        }
      }

      const states = new Map<string, ServiceState>();
      for (const service of [...callersFirst].reverse()) {
        const state = serve(
          service,
          load.get(service.name) ?? new Map(),
          podsOf(service),
          states,
          step,
          atMs,
        );
        states.set(service.name, state);
        lastErrors.set(service.name, state.errorShare);
      }
      return topology.services.flatMap(({ name }) => states.get(name) ?? []);
    },
  };

  /** A slow random walk around 1 (an AR(1) process). */
  function wander(name: string, step: number): number {
    const next = 0.9 * (drift.get(name) ?? 0) + 0.012 * randomAt(noise.get(name) ?? 0, step).normal();
    drift.set(name, next);
    return 1 + next;
  }

  function serve(
    service: ServiceSpec,
    rpsByCaller: ReadonlyMap<string | null, number>,
    pods: readonly ServingPod[],
    callees: ReadonlyMap<string, ServiceState>,
    step: number,
    atMs: number,
  ): ServiceState {
    const rps = sum(rpsByCaller.values());
    const passed = passedUp(service, callees);
    // With nobody to answer, the mesh answers 503 at once.
    if (pods.length === 0) {
      return { service, rps, rpsByCaller, latencyMs: 1, errorShare: 1, groups: [] };
    }
    const random = randomAt((noise.get(service.name) ?? 0) ^ 0x5bd1e995, step);
    const jitter = Math.exp(0.035 * random.normal());
    const groups = groupPods(service.name, pods, atMs).map(({ version, members, effect }): ServedGroup => {
      const perPod = rps / pods.length;
      const cores = (perPod * service.workMs * effect.workFactor) / 1000;
      const utilisation = cores / service.cpu;
      const queued = Math.min(utilisation, 0.97);
      const warming = members.filter((pod) => atMs - pod.startedMs < warmUpMs).length / members.length;
      const own = service.latencyMs * (1 + (0.5 * queued * queued) / (1 - queued)) * effect.latencyFactor;
      const overload = 0.3 / (1 + Math.exp(-(utilisation - 1.02) / 0.03));
      return {
        version,
        pods: members,
        rps: perPod * members.length,
        latencyMs: own * jitter * (1 + 0.3 * warming) + passed.latencyMs,
        ownErrors: 1 - (1 - service.errorShare) * (1 - effect.errorShare) * (1 - overload),
        passedErrors: passed.errors,
        cores: Math.min(cores, service.cpu),
      };
    });
    const weighted = (value: (group: ServedGroup) => number) =>
      groups.reduce((total, group) => total + value(group) * group.pods.length, 0) / pods.length;
    return {
      service,
      rps,
      rpsByCaller,
      latencyMs: weighted((group) => group.latencyMs),
      errorShare: weighted((group) => 1 - (1 - group.ownErrors) * (1 - group.passedErrors)),
      groups,
    };
  }

  /** Pods that differ in nothing that matters are reckoned as one. */
  function groupPods(service: string, pods: readonly ServingPod[], atMs: number) {
    const effects = new Map<string, VersionEffect | undefined>();
    const groups = new Map<string, { version: string; members: ServingPod[]; effect: VersionEffect }>();
    for (const pod of pods) {
      if (!effects.has(pod.version)) effects.set(pod.version, effectOf(service, pod.version));
      const possible = effects.get(pod.version);
      const effect = possible && atMs - pod.startedMs >= possible.incubationMs ? possible : harmless;
      const key = `${pod.version} ${effect === harmless}`;
      const group = groups.get(key);
      if (group) group.members.push(pod);
      else groups.set(key, { version: pod.version, members: [pod], effect });
    }
    return [...groups.values()];
  }
}

const harmless: VersionEffect = { latencyFactor: 1, errorShare: 0, workFactor: 1, incubationMs: 0 };

function passedUp(
  service: ServiceSpec,
  callees: ReadonlyMap<string, ServiceState>,
): { latencyMs: number; errors: number } {
  let latencyMs = 0;
  let success = 1;
  for (const call of service.calls) {
    const callee = callees.get(call.to);
    if (!callee) continue;
    latencyMs += call.perRequest * call.serial * Math.min(callee.latencyMs, call.timeoutMs);
    const late = tailAbove(call.timeoutMs, callee.latencyMs);
    const failing = 1 - (1 - callee.errorShare) * (1 - late);
    // A retry hides a failure unless it fails as well.
    success *= 1 - Math.min(1, call.perRequest) * call.criticality * failing ** (1 + call.retries);
  }
  return { latencyMs, errors: 1 - success };
}

/** Share of requests longer than a limit, for a log-normal duration of this mean. */
export const tailAbove = (limitMs: number, meanMs: number): number =>
  1 - normalBelow((Math.log(limitMs / meanMs) + (latencySpread * latencySpread) / 2) / latencySpread);

/** The normal distribution function (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp((-z * z) / 2) * series;
  return z > 0 ? 1 - tail : tail;
}

/** Callers before the services they call. */
export function inCallOrder(services: readonly ServiceSpec[]): ServiceSpec[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const seen = new Set<string>();
  const calleesFirst: ServiceSpec[] = [];
  function visit(service: ServiceSpec): void {
    if (seen.has(service.name)) return;
    seen.add(service.name);
    for (const call of service.calls) {
      const callee = byName.get(call.to);
      if (callee) visit(callee);
    }
    calleesFirst.push(service);
  }
  for (const service of services) visit(service);
  return calleesFirst.reverse();
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
