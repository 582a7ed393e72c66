import { Failure } from '../../platform/failure.ts';
import { type Random, randomOf } from '../random.ts';
import { AlertRule, Call, ServiceSpec, Topology } from '../scenario/topology.ts';
import { drawGraph, type Graph } from './draw-graph.ts';
import { busyShareOf, ordinaryLatency, ordinaryLoad, p99OfMean, perRequestOf } from './ordinary-day.ts';
import { serviceNames } from './service-names.ts';

export const smallestWorld = 10;
export const largestWorld = 500;
/** Above this many services the mesh counts by version alone. */
const mostCountedByPod = 120;
/** With fewer requests a single failed one would be a high error rate. */
const leastRps = 4;
/** The slowest entry's mean answer; the alert on slow requests is far above. */
const slowestMs = 130;
/** Calls that a request makes in all, where no service below would have too little to do. */
const mostFanOut = 1.3;
const nodeCores = 16;
const autoscaledShare = 0.06;
const timeoutsMs = [500, 1_000, 1_500, 2_500, 4_000, 8_000];

/**
 * A company's services drawn from a seed: a layered call graph with databases and outside providers, named and owned by
 * teams. On an ordinary day every service is between a third and three fifths busy, and no alert rule holds.
 */
export function drawTopology({ seed, services }: { seed: number; services: number }): Topology {
  if (!Number.isInteger(services) || services < smallestWorld || services > largestWorld)
    throw new Failure(
      'bad_input',
      `services must be a whole number from ${smallestWorld} to ${largestWorld}, not ${services}`,
    );
  const graph = drawGraph(services, randomOf(seed, 'graph'));
  const named = withNames(graph, randomOf(seed, 'names'));
  const called = withCalls(named, graph, randomOf(seed, 'calls'));
  const sized = withCapacities(called, randomOf(seed, 'capacities'));
  const timed = withTimeouts(withLatencies(sized));
  const busyCores = timed.reduce(
    (cores, { kind, replicas, cpu }) => cores + (kind === 'provider' ? 0 : replicas * cpu),
    0,
  );
  return Topology.parse({
    name: `drawn-${services}-${seed}`,
    // Pods fall on nodes by chance, so even the fullest needs room.
    nodes: Math.max(2, Math.ceil(services / 6), Math.ceil(busyCores / (nodeCores * 0.6))),
    nodeCores,
    meshByPod: services <= mostCountedByPod,
    services: timed,
    alerts,
  });
}

function withNames(graph: Graph, random: Random): ServiceSpec[] {
  const nameFor = serviceNames(random);
  const counts = { entry: 0, service: 0, database: 0, provider: 0 };
  const entryRps = new Map(
    graph.nodes.flatMap(({ isEntry }, index) =>
      isEntry ? [[index, Math.round(Math.exp(random.between(Math.log(60), Math.log(260))))] as const] : [],
    ),
  );
  return graph.nodes.map(({ kind, isEntry, layer }, index) => {
    const as = isEntry ? 'entry' : kind;
    const errors = Math.min(0.004, 0.001 * Math.exp(0.7 * random.normal()));
    const rps = entryRps.get(index);
    return ServiceSpec.parse({
      ...nameFor(as, counts[as]++),
      kind,
      tier: isEntry ? 1 : Math.min(3, 1 + Math.floor((layer + random.integer(0, 2)) / 2)),
      autoscaled: kind === 'service' && !isEntry && random.chance(autoscaledShare),
      replicas: 1,
      cpu: 1,
      workMs: 1,
      latencyMs: latencyOf(kind, random),
      errorShare: decimals(kind === 'database' ? errors / 10 : errors, 5),
      memoryMb: kind === 'database' ? 2_048 * random.integer(1, 4) : 20 * random.integer(8, 60),
      ...(rps === undefined ? {} : { entryRps: rps }),
    });
  });
}

function latencyOf(kind: ServiceSpec['kind'], random: Random): number {
  if (kind === 'database') return random.between(2, 6);
  if (kind === 'provider') return random.between(40, 120);
  return 14 * Math.exp(0.6 * random.normal());
}

function withCalls(services: readonly ServiceSpec[], graph: Graph, random: Random): ServiceSpec[] {
  const called = services.map((service) => ({ ...service, calls: [] as Call[] }));
  const inbound = services.map(() => [] as { from: number; call: Call }[]);
  for (const { from, to } of graph.edges) {
    const callee = called[to];
    if (!callee) continue;
    const call = drawCall(callee, random);
    called[from]?.calls.push(call);
    inbound[to]?.push({ from, call });
  }
  // What fans out without bound would drown whatever lies below.
  for (const { calls } of called) {
    const fanOut = calls.reduce((sum, call) => sum + perRequestOf(call), 0);
    if (fanOut > mostFanOut)
      for (const call of calls) call.perRequest = decimals((call.perRequest * mostFanOut) / fanOut, 3);
  }
  // Callers come first, so each service sees its final load before those below it do.
  const load = called.map(({ entryRps = 0 }) => entryRps);
  for (const [index, callers] of inbound.entries()) {
    const rps = callers.reduce(
      (sum, { from, call }) => sum + perRequestOf(call) * (load[from] ?? 0),
      load[index] ?? 0,
    );
    load[index] = Math.max(rps, leastRps);
    const [first] = callers;
    if (!first || rps >= leastRps) continue;
    const more = (leastRps - rps) / (load[first.from] ?? leastRps) / (1 - first.call.cached);
    first.call.perRequest = decimals(first.call.perRequest + more + 0.001, 3);
  }
  return called;
}

function drawCall(callee: ServiceSpec, random: Random): Call {
  const isOptional = callee.kind === 'service' && random.chance(0.25);
  const isMessage = callee.kind === 'service' && random.chance(0.1);
  const call = Call.parse({
    to: callee.name,
    perRequest: decimals(callee.kind === 'provider' ? random.between(0.5, 0.9) : random.between(0.2, 1.2), 3),
    serial: decimals(isMessage ? 0 : random.between(0.3, 1), 2),
    criticality: decimals(
      isMessage ? 0 : isOptional ? random.between(0.02, 0.2) : random.between(0.8, 0.95),
      2,
    ),
    retries: callee.kind === 'service' && !isMessage && random.chance(0.2) ? 1 : 0,
    pooled: callee.kind === 'database',
    cached: callee.kind === 'database' && random.chance(0.4) ? 0.3 : 0,
  });
  return isMessage ? { ...call, queue: `${callee.name}-jobs` } : call;
}

/** As many pods, cores and milliseconds of work as make the load an ordinary one. */
function withCapacities(services: readonly ServiceSpec[], random: Random): ServiceSpec[] {
  const load = ordinaryLoad(services);
  return services.map((service) => {
    const rps = load.get(service.name) ?? 0;
    if (service.kind === 'provider')
      return { ...service, quotaRps: Math.max(10, Math.ceil(rps * random.between(1.7, 2.2))) };
    // A database's callers have caches that may be cold, so it keeps more in reserve.
    const use = service.kind === 'database' ? random.between(0.36, 0.42) : random.between(0.37, 0.52);
    const fewest = service.entryRps === undefined ? 2 : 5;
    const wanted = Math.round(rps / 60) + random.integer(1, 2);
    const replicas = service.kind === 'database' ? 3 : Math.max(fewest, Math.min(8, wanted));
    const wantedMs = 12 * Math.exp(0.4 * random.normal());
    const cpu = Math.max(0.25, Math.round((4 * rps * wantedMs) / (1_000 * use * replicas)) / 4);
    return { ...service, replicas, cpu, workMs: decimals((1_000 * use * replicas * cpu) / rps, 3) };
  });
}

/** Everybody a little faster, until the slowest answer is an ordinary one. */
function withLatencies(services: readonly ServiceSpec[]): ServiceSpec[] {
  const slowest = Math.max(...ordinaryLatency(services, ordinaryLoad(services)).values());
  const faster = Math.min(1, slowestMs / slowest);
  return services.map((service) => ({
    ...service,
    latencyMs: Math.max(0.5, decimals(service.latencyMs * faster, 1)),
  }));
}

/** A caller waits several times as long as nearly all answers take; pools and pods have room for what is in flight. */
function withTimeouts(services: readonly ServiceSpec[]): ServiceSpec[] {
  const load = ordinaryLoad(services);
  const latency = ordinaryLatency(services, load);
  return services.map((service) => {
    const perPod = (load.get(service.name) ?? 0) / service.replicas;
    const inFlight = (perPod * (latency.get(service.name) ?? 0)) / 1_000;
    return {
      ...service,
      concurrency: Math.max(160, Math.ceil(inFlight * 8)),
      calls: service.calls.map((call) => {
        const enoughMs = (latency.get(call.to) ?? 0) * p99OfMean * 2.5;
        return { ...call, timeoutMs: timeoutsMs.find((ms) => ms >= enoughMs) ?? 8_000 };
      }),
    };
  });
}

/** How busy each of ours is at the middle of an ordinary day. */
export function ordinaryUse(topology: Pick<Topology, 'services'>): Map<string, number> {
  const load = ordinaryLoad(topology.services);
  return new Map(
    topology.services.flatMap((service) =>
      service.kind === 'provider' ? [] : [[service.name, busyShareOf(service, load.get(service.name) ?? 0)]],
    ),
  );
}

function decimals(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

const byWorkload = 'destination_workload, destination_workload_namespace';
const workload = '{{ $labels.destination_workload }}';
const labelled = (severity: string) => ({
  severity,
  service: workload,
  namespace: '{{ $labels.destination_workload_namespace }}',
});
const alerts = [
  AlertRule.parse({
    alert: 'HighErrorRate',
    expr:
      `sum by (${byWorkload}) (rate(istio_requests_total{reporter="destination",response_code=~"5.."}[2m]))\n` +
      `  / sum by (${byWorkload}) (rate(istio_requests_total{reporter="destination"}[2m])) > 0.05`,
    forSeconds: 60,
    labels: labelled('critical'),
    annotations: {
      summary: `${workload} fails {{ $value | humanizePercentage }} of its requests`,
      description: `More than 5 % of the requests to {{ $labels.destination_workload_namespace }}/${workload} have ended in a server error for a minute.`,
    },
  }),
  AlertRule.parse({
    alert: 'SlowRequests',
    expr: `histogram_quantile(0.99, sum by (le, ${byWorkload}) (rate(istio_request_duration_milliseconds_bucket{reporter="destination"}[2m]))) > 1500`,
    forSeconds: 60,
    labels: labelled('warning'),
    annotations: {
      summary: `${workload} answers slowly`,
      description: `One request in a hundred to {{ $labels.destination_workload_namespace }}/${workload} has taken longer than a second and a half for a minute (now {{ $value }} ms).`,
    },
  }),
];
