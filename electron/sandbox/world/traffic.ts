import { hash32, normalAt } from '../random.ts';
import { type Call, inCallOrder, type ServiceSpec, type Topology } from '../scenario/topology.ts';
import { tailAbove } from './duration.ts';
import type { Effect } from './effect.ts';
import { wanderer } from './load.ts';
import { overload, poolOf, slowdown } from './queueing.ts';

/** One running pod as traffic sees it. `leakedMb` is written by the model, and lives as long as the container. */
export type ServingPod = {
  name: string;
  node: string;
  image: string;
  version: string;
  startedMs: number;
  leakedMb: number;
};

/** What one pod served in a step. Latency is the mean of the whole answer, calls included. */
export type PodLoad = {
  pod: ServingPod;
  rps: number;
  latencyMs: number;
  /** Share that failed in the service itself (answered 500), and because of what it calls (503). */
  ownErrors: number;
  passedErrors: number;
  cores: number;
  memoryMb: number;
  poolUsed: number;
  poolWaiting: number;
  poolSize: number;
};

export type ServiceState = {
  service: ServiceSpec;
  rps: number;
  /** `null` is whoever comes from outside the mesh. */
  callers: readonly { name: string | null; rps: number }[];
  latencyMs: number;
  errorShare: number;
  pods: readonly PodLoad[];
};

/** Good until the next step, which writes over it: a large world makes too many numbers to throw them away. */
export type TrafficState = {
  /** In the order of the topology. */
  services: readonly ServiceState[];
  /** Messages that wait, by queue. */
  queues: ReadonlyMap<string, number>;
  /** Cores in use on each node, asked for rather than given. */
  nodes: ReadonlyMap<string, number>;
};

/** What the world around says about a service just now. */
export type Conditions = {
  podsOf(service: ServiceSpec): readonly ServingPod[];
  effectOn(service: string, pod: ServingPod | null): Effect;
  /** Of what comes from outside, as a multiple of an ordinary middle of the day. */
  loadFactor(service: ServiceSpec): number;
  poolSize(service: ServiceSpec): number;
  /** What a cache saves, as a multiple of what it saves on an ordinary day. */
  cacheFactor(service: ServiceSpec): number;
  /** Told once for each life of a container. */
  onOutOfMemory(service: ServiceSpec, pod: ServingPod): void;
};

/** A stretch of time. Noise goes by its number, counted in shortest steps from the beginning of the world. */
export type Step = { number: number; atMs: number; seconds: number };

export type TrafficModel = {
  /** The whole mesh over one step. */
  advance(step: Step, conditions: Conditions): TrafficState;
};

const warmUpMs = 40_000;
/** A cache is filled to 63 % after this long. */
const cacheFillMs = 120_000;
/** What a caller feels follows what its callees do with this time constant: connections, health checks, averages. */
const feltAfterSeconds = 6;
const memoryLimitFactor = 2;

type Edge = {
  call: Call;
  from: number;
  to: number;
  rps: number;
  /** Calls that a request of the caller makes just now, retries left out. */
  made: number;
  /** As the caller feels it. */
  latencyMs: number;
  failing: number;
};

type Written<T> = { -readonly [K in keyof T]: T[K] };
/** What is written again in each step. */
type Place = {
  state: Written<ServiceState>;
  loads: PodLoad[];
  outside: { name: null; rps: number };
  inside: { name: string; rps: number }[];
  /** Those who call from outside come first, where any do. */
  callers: { name: string | null; rps: number }[];
};

/**
 * Load flows down the call graph, latency and failures flow up. What a callee fails reaches its caller weakened by how
 * critical the call is and a little later, what it delays by the share the caller waits for. Retries feed errors back as
 * load, cold caches and fuller pools feed slowness back as more of it, and a node shares its cores among its pods.
 */
export function trafficModel(options: { topology: Topology; seed: number }): TrafficModel {
  const { topology, seed } = options;
  const { services } = topology;
  const indexOf = new Map(services.map(({ name }, index) => [name, index]));
  const callersFirst = inCallOrder(services).map(({ name }) => indexOf.get(name) ?? 0);
  const edges: Edge[][] = services.map((service, from) =>
    service.calls.map((call) => ({
      call,
      from,
      to: indexOf.get(call.to) ?? 0,
      rps: 0,
      made: 0,
      latencyMs: 0,
      failing: 0,
    })),
  );
  const inbound: Edge[][] = services.map(() => []);
  for (const edge of edges.flat()) inbound[edge.to]?.push(edge);
  const places = services.map((service, index) => placeOf(service, inbound[index] ?? []));
  const states = places.map(({ state }) => state);
  const wanders = services.map(({ name }) => wanderer(seed, name));
  const jitters = services.map(({ name }) => hash32(`${seed}/jitter/${name}`));
  const queues = new Map<string, number>();
  const entering = new Float64Array(services.length);
  const arriving = new Float64Array(services.length);
  const lastErrors = new Float64Array(services.length);
  const warmth = new Float64Array(services.length).fill(1);
  const cachedBy = services.map(({ calls }) => calls.some(({ cached }) => cached > 0));
  let nodes = new Map<string, number>();
  let isFirst = true;
  /** What the calls of the service at hand pass up to it. */
  const passed = { latencyMs: 0, errors: 0, heldMs: 0 };

  return {
    advance(step, conditions) {
      const { seconds } = step;
      const podsOf = services.map((service) =>
        service.kind === 'provider' ? [] : conditions.podsOf(service),
      );
      for (const index of callersFirst) sendOn(index, step, podsOf, conditions);
      const felt = isFirst ? 1 : 1 - Math.exp(-seconds / feltAfterSeconds);
      isFirst = false;
      const asked = new Map<string, number>();
      for (let at = callersFirst.length - 1; at >= 0; at--) {
        const index = callersFirst[at] ?? 0;
        const state = serve(index, podsOf[index] ?? [], step, conditions, asked);
        lastErrors[index] = state.errorShare;
        for (const edge of inbound[index] ?? []) {
          const late = tailAbove(edge.call.timeoutMs, state.latencyMs);
          const failing = 1 - (1 - state.errorShare) * (1 - late);
          edge.latencyMs += felt * (Math.min(state.latencyMs, edge.call.timeoutMs) - edge.latencyMs);
          edge.failing += felt * (failing - edge.failing);
        }
      }
      nodes = asked;
      return { services: states, queues, nodes };
    },
  };

  /** Adds up what reaches a service and what it asks of others. */
  function sendOn(
    index: number,
    { number, atMs, seconds }: Step,
    podsOf: readonly (readonly ServingPod[])[],
    conditions: Conditions,
  ): void {
    const service = services[index];
    if (!service) return;
    const factor = conditions.loadFactor(service);
    let fromCallers = 0;
    for (const edge of inbound[index] ?? []) fromCallers += edge.rps;
    entering[index] =
      service.entryRps === undefined
        ? fromCallers * (factor - 1)
        : service.entryRps * factor * (wanders[index]?.(number, seconds) ?? 1);
    const rps = fromCallers + (entering[index] ?? 0);
    arriving[index] = rps;
    const pods = podsOf[index] ?? [];
    warmth[index] = cachedBy[index] ? warmthOf(pods, atMs) : 1;
    const { fanOutFactor } = conditions.effectOn(service.name, pods[0] ?? null);
    for (const edge of edges[index] ?? []) {
      const { call } = edge;
      const saved =
        call.cached === 0 ? 0 : call.cached * (warmth[index] ?? 1) * conditions.cacheFactor(service);
      const again = 1 + call.retries * (lastErrors[edge.to] ?? 0);
      edge.made = call.perRequest * (1 - Math.min(0.99, saved)) * fanOutFactor;
      const sent = rps * edge.made * again;
      edge.rps =
        call.queue === undefined ? sent : taken(call.queue, sent, edge.to, seconds, podsOf, conditions);
    }
  }

  /** Messages a second that the consumer of a queue takes: as many as it has room for. */
  function taken(
    queue: string,
    sent: number,
    to: number,
    seconds: number,
    podsOf: readonly (readonly ServingPod[])[],
    conditions: Conditions,
  ): number {
    const consumer = services[to];
    if (!consumer) return 0;
    const pods = podsOf[to] ?? [];
    const { workFactor } = conditions.effectOn(consumer.name, pods[0] ?? null);
    const room = (pods.length * consumer.cpu * 900) / (consumer.workMs * workFactor);
    const waiting = queues.get(queue) ?? 0;
    const rate = Math.min(sent + waiting / seconds, Math.max(0, room));
    queues.set(queue, Math.max(0, waiting + (sent - rate) * seconds));
    return rate;
  }

  function serve(
    index: number,
    pods: readonly ServingPod[],
    { number, atMs, seconds }: Step,
    conditions: Conditions,
    asked: Map<string, number>,
  ): ServiceState {
    const place = places[index];
    if (!place) throw new Error('a state is asked for a service that is not there');
    const { state, loads } = place;
    const { service } = state;
    const rps = arriving[index] ?? 0;
    state.rps = rps;
    writeCallers(place, index);
    if (loads.length > pods.length) loads.length = pods.length;
    const jitter = Math.exp(0.035 * normalAt(jitters[index] ?? 0, number));
    if (service.kind === 'provider') return writeProvider(state, jitter, conditions);
    if (pods.length === 0) {
      // With nobody to answer, the mesh answers 503 at once.
      state.latencyMs = 1;
      state.errorShare = 1;
      return state;
    }

    passUp(edges[index] ?? []);
    const size = passed.heldMs > 0 ? conditions.poolSize(service) : 0;
    const each = rps / pods.length;
    const pool = passed.heldMs > 0 ? poolOf(size, rps, passed.heldMs + service.latencyMs) : noPool;
    let latency = 0;
    let failing = 0;
    for (let at = 0; at < pods.length; at++) {
      const pod = pods[at];
      if (!pod) continue;
      const effect = conditions.effectOn(service.name, pod);
      const wanted = (each * service.workMs * effect.workFactor) / 1_000;
      const given = service.cpu * shareOfNode(pod.node);
      const memoryMb = memoryOf(service, pod, effect, seconds, conditions);
      const pressed = pressure(memoryMb / (service.memoryMb * memoryLimitFactor));
      const use = (wanted * pressed) / given;
      const cores = Math.min(wanted * pressed, service.cpu);
      asked.set(pod.node, (asked.get(pod.node) ?? 0) + cores + effect.burnCores);
      const warming = atMs - pod.startedMs < warmUpMs ? 1.3 : 1;
      const own = service.latencyMs * slowdown(use) * effect.latencyFactor * jitter * warming;
      const latencyMs = own + pool.waitMs + passed.latencyMs;
      const inFlight = (each * latencyMs) / 1_000;
      const turnedAway = inFlight > service.concurrency ? 1 - service.concurrency / inFlight : 0;
      const ownErrors =
        1 -
        (1 - service.errorShare) *
          (1 - effect.errorShare) *
          (1 - overload(use)) *
          (1 - pool.refused) *
          (1 - turnedAway);
      latency += latencyMs;
      failing += 1 - (1 - ownErrors) * (1 - passed.errors);
      const load = loads[at] ?? emptyLoad(pod);
      loads[at] = load;
      load.pod = pod;
      load.rps = each;
      load.latencyMs = latencyMs;
      load.ownErrors = ownErrors;
      load.passedErrors = passed.errors;
      load.cores = cores + effect.burnCores;
      load.memoryMb = memoryMb;
      load.poolUsed = pool.used / pods.length;
      load.poolWaiting = pool.waiting / pods.length;
      load.poolSize = size;
    }
    state.latencyMs = latency / pods.length;
    state.errorShare = failing / pods.length;
    return state;
  }

  function writeCallers({ state, callers, outside, inside }: Place, index: number): void {
    outside.rps = entering[index] ?? 0;
    state.callers = outside.rps > 0 ? callers : inside;
    const edgesIn = inbound[index] ?? [];
    for (let at = 0; at < inside.length; at++) {
      const caller = inside[at];
      if (caller) caller.rps = edgesIn[at]?.rps ?? 0;
    }
  }

  /** What its calls cost a request, and how long they hold a connection of the pool. */
  function passUp(calls: readonly Edge[]): void {
    passed.latencyMs = 0;
    passed.heldMs = 0;
    let success = 1;
    for (const { call, made, latencyMs, failing } of calls) {
      if (call.queue !== undefined) continue;
      passed.latencyMs += made * call.serial * latencyMs;
      if (call.pooled) passed.heldMs += made * latencyMs;
      // A retry hides a failure unless it fails as well.
      const failed = call.retries === 0 ? failing : failing ** (1 + call.retries);
      success *= 1 - Math.min(1, made) * call.criticality * failed;
    }
    passed.errors = 1 - success;
  }

  function writeProvider(state: Written<ServiceState>, jitter: number, conditions: Conditions): ServiceState {
    const { service, rps } = state;
    const effect = conditions.effectOn(service.name, null);
    const quota = (service.quotaRps ?? Number.POSITIVE_INFINITY) * effect.capacityFactor;
    const refused = rps > quota ? 1 - quota / rps : 0;
    state.latencyMs = service.latencyMs * effect.latencyFactor * jitter * (1 + 4 * refused);
    state.errorShare = 1 - (1 - service.errorShare) * (1 - effect.errorShare) * (1 - refused);
    return state;
  }

  function placeOf(service: ServiceSpec, edgesIn: readonly Edge[]): Place {
    const loads: PodLoad[] = [];
    const outside = { name: null, rps: 0 };
    const inside = edgesIn.map(({ from }) => ({ name: services[from]?.name ?? '', rps: 0 }));
    return {
      state: { service, rps: 0, callers: inside, latencyMs: 0, errorShare: 0, pods: loads },
      loads,
      outside,
      inside,
      callers: [outside, ...inside],
    };
  }

  /** When its pods ask for more than a node has, each gets its share of it. */
  function shareOfNode(node: string): number {
    const asked = nodes.get(node) ?? 0;
    return asked > topology.nodeCores ? topology.nodeCores / asked : 1;
  }

  function memoryOf(
    service: ServiceSpec,
    pod: ServingPod,
    effect: Effect,
    seconds: number,
    conditions: Conditions,
  ): number {
    const room = service.memoryMb * (memoryLimitFactor - 1);
    const hadRoom = pod.leakedMb < room;
    pod.leakedMb = Math.min(room, pod.leakedMb + (effect.leakPerHour * room * seconds) / 3_600);
    if (hadRoom && pod.leakedMb >= room) conditions.onOutOfMemory(service, pod);
    return service.memoryMb + pod.leakedMb;
  }
}

const emptyLoad = (pod: ServingPod): PodLoad => ({
  pod,
  rps: 0,
  latencyMs: 0,
  ownErrors: 0,
  passedErrors: 0,
  cores: 0,
  memoryMb: 0,
  poolUsed: 0,
  poolWaiting: 0,
  poolSize: 0,
});

/** How full the caches of its pods are, 1 when all are. */
function warmthOf(pods: readonly ServingPod[], atMs: number): number {
  let total = 0;
  for (const { startedMs } of pods) total += 1 - Math.exp(-(atMs - startedMs) / cacheFillMs);
  return total / Math.max(1, pods.length);
}

const noPool = { used: 0, waiting: 0, waitMs: 0, refused: 0 };

/** Work of a collector that finds less and less to free, as a multiple of all work: felt above seven eighths of the limit. */
const pressure = (full: number): number => (full <= 0.875 ? 1 : 1 + 1.5 * ((full - 0.875) / 0.125) ** 2);
