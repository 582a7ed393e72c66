import { z } from 'zod';

/**
 * A topology file (`resources/scenarios/topologies/<name>.yaml`): who there is, who calls whom, and which rules alert.
 * Everything about a service is what it is on an ordinary day.
 */
export const dnsLabel = z
  .string()
  .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes')
  .max(63);

const share = z.number().min(0).max(1);

export const Call = z.strictObject({
  to: dnsLabel,
  perRequest: z.number().positive(),
  /** Share of the call's time the caller waits for. */
  serial: share.default(1),
  /** Share of the call's failures that fail the caller's request. */
  criticality: share,
  retries: z.number().int().min(0).max(3).default(0),
  timeoutMs: z.number().positive().default(2_000),
  /** Share of these calls that a warm cache of the caller saves; a pod's cache is cold when it starts. */
  cached: share.max(0.98).default(0),
  /** The call, and the caller's own work around it, holds a connection of the caller's pool. */
  pooled: z.boolean().default(false),
  /** The call is a message in this queue, taken up when the callee has room: no latency and no failure comes back. */
  queue: dnsLabel.optional(),
});
export type Call = z.infer<typeof Call>;

export const ServiceSpec = z.strictObject({
  name: dnsLabel,
  namespace: dnsLabel,
  /** `database`: a StatefulSet behind no mesh. `provider`: somebody else's, outside the cluster, no pods of ours. */
  kind: z.enum(['service', 'database', 'provider']).default('service'),
  tier: z.number().int().min(1).max(3),
  replicas: z.number().int().min(1).max(50),
  /** Whether a HorizontalPodAutoscaler is in charge of the replicas. */
  autoscaled: z.boolean().default(false),
  /** CPU limit of a pod, in cores. */
  cpu: z.number().positive(),
  /** CPU time one request takes, in milliseconds. */
  workMs: z.number().positive(),
  /** Mean time a request spends in an idle service itself, in milliseconds. */
  latencyMs: z.number().positive(),
  /** Share of requests that fail on an ordinary day. */
  errorShare: z.number().min(0).max(0.02),
  /** Working set of a pod that has just started; its limit is twice that. */
  memoryMb: z.number().positive(),
  /** Requests a second from outside the mesh, at the middle of the day. */
  entryRps: z.number().positive().optional(),
  /** Connections that all its pods share, for pooled calls; the setting `pool.max-connections` overrides it. */
  pool: z.number().int().positive().default(40),
  /** Requests a pod works at once; more are turned away. */
  concurrency: z.number().int().positive().default(160),
  /** A provider's quota in requests a second, beyond which it refuses. */
  quotaRps: z.number().positive().optional(),
  calls: z.array(Call).default([]),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/** A rule as in a Prometheus rule file; `{{ $labels.x }}` and `{{ $value }}` are filled in. */
export const AlertRule = z.strictObject({
  alert: z.string().min(1),
  expr: z.string().min(1),
  forSeconds: z.number().min(0),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
});
export type AlertRule = z.infer<typeof AlertRule>;

export const Topology = z
  .strictObject({
    name: dnsLabel,
    nodes: z.number().int().min(1).max(500),
    /** Cores of a node, for all its pods together. */
    nodeCores: z.number().positive().default(16),
    /** Whether the mesh counts requests by pod as well as by version; a very large world does without. */
    meshByPod: z.boolean().default(true),
    services: z.array(ServiceSpec).min(2),
    alerts: z.array(AlertRule).min(1),
  })
  .superRefine((topology, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['services', ...path], message });
    const byName = new Map<string, ServiceSpec>();
    for (const [index, service] of topology.services.entries()) {
      if (byName.has(service.name)) issue([index, 'name'], `${service.name} is there twice`);
      byName.set(service.name, service);
      if (service.kind !== 'service' && service.entryRps !== undefined)
        issue([index, 'entryRps'], `a ${service.kind} takes no requests from outside`);
    }
    for (const [index, service] of topology.services.entries()) {
      for (const [at, { to }] of service.calls.entries())
        if (!byName.has(to)) issue([index, 'calls', at, 'to'], `no service is called ${to}`);
    }
    const circle = findCircle(topology.services);
    if (circle) issue([], `calls go in a circle: ${circle.join(' → ')}`);
  });
export type Topology = z.infer<typeof Topology>;

export function serviceOf(topology: Pick<Topology, 'name' | 'services'>, name: string): ServiceSpec {
  const service = topology.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`topology ${topology.name} has no service ${name}`);
  return service;
}

/** Names of the services that call one directly. */
export const callersOf = (topology: Pick<Topology, 'services'>, name: string): string[] =>
  topology.services.filter(({ calls }) => calls.some(({ to }) => to === name)).map((service) => service.name);

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

function findCircle(services: readonly ServiceSpec[]): string[] | null {
  const calls = new Map(services.map((service) => [service.name, service.calls.map((call) => call.to)]));
  const finished = new Set<string>();
  function visit(name: string, path: readonly string[]): string[] | null {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (finished.has(name)) return null;
    for (const to of calls.get(name) ?? []) {
      const circle = visit(to, [...path, name]);
      if (circle) return circle;
    }
    finished.add(name);
    return null;
  }
  for (const { name } of services) {
    const circle = visit(name, []);
    if (circle) return circle;
  }
  return null;
}
