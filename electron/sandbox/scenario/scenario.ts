import { z } from 'zod';
import { ChangeKind } from '../../../shared/vocabulary/kinds.ts';

/**
 * A scenario file (`resources/scenarios/<name>.yaml`) describes a drill without naming names: which service is guilty,
 * how large the effect is and what else happened are drawn from the seed within the bounds given here.
 *
 *     name: bad-deploy                    # as in `drill run bad-deploy`, and the file's name
 *     title: …                            # one line, without the answer
 *     story: …                            # what the person on call is told
 *     difficulty: 2                       # 1 (plain) to 5
 *     topology: shop                      # topologies/shop.yaml beside this file
 *     historyMinutes: 80                  # ordinary life before the fault
 *     fault:
 *       kind: release                     # a release of one service is bad
 *       service: { oneOf: [pricing, …] }  # the seed picks
 *       latencyFactor: [2.5, 4.5]         # [from, to]: the seed draws; on pods of the bad version only
 *       errorShare: [0.1, 0.2]            # share of requests the bad version fails, 0 to 1
 *       workFactor: [1, 1.2]              # CPU per request
 *       incubationSeconds: [10, 80]       # a bad pod behaves until it is this old
 *     changes:
 *       inLastHour: [41, 55]              # all changes before the alert, the fault's and the decoys' among them
 *       mix: { deploy: 0.35, … }          # shares of the ordinary ones
 *       releaseTrains: [1, 2]             # bursts of 3 to 6 deploys within 10 minutes
 *     decoys:                             # tempting and harmless
 *       - change: deploy
 *         on: alerting                    # culprit | caller | callee | alerting | anywhere
 *         secondsAfterFault: [-200, 20]   # negative: before it
 *     responders: [1, 2]                  # harmless changes by people who answer the alert
 *     truth: { changes: [fault], services: [culprit] }
 *     helps: [{ action: roll-back-deployment, on: culprit }]
 *     harms: [{ action: restart-deployment, on: alerting, because: … }]
 *
 * Roles: `culprit` is the guilty service, `caller` one that calls it directly, `callee` one it calls, `alerting` the
 * service furthest upstream where the errors are still expected to raise the alert.
 */
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'the first number must not be above the second');
const positiveRange = range.refine(([low]) => low > 0, 'must be above 0');
const shareRange = range.refine(([low, high]) => low >= 0 && high < 1, 'must be within 0 and 1');
const countRange = range.refine(
  (both) => both.every(Number.isInteger) && both[0] >= 0,
  'must be whole numbers',
);

const dnsLabel = z
  .string()
  .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes')
  .max(63);

export const Role = z.enum(['culprit', 'caller', 'callee', 'alerting', 'anywhere']);
export type Role = z.infer<typeof Role>;

export const Fault = z.strictObject({
  kind: z.literal('release'),
  service: z.strictObject({ oneOf: z.array(dnsLabel).min(1) }),
  latencyFactor: positiveRange,
  errorShare: shareRange,
  workFactor: positiveRange,
  incubationSeconds: range,
});
export type Fault = z.infer<typeof Fault>;

export const Decoy = z.strictObject({ change: ChangeKind, on: Role, secondsAfterFault: range });
export type Decoy = z.infer<typeof Decoy>;

const Remedy = z.strictObject({ action: dnsLabel, on: Role, because: z.string().optional() });

export const ScenarioFile = z.strictObject({
  name: dnsLabel,
  title: z.string().min(1).max(120),
  story: z.string().min(1).max(2_000),
  difficulty: z.number().int().min(1).max(5),
  topology: dnsLabel,
  historyMinutes: z.number().min(65).max(240),
  fault: Fault,
  changes: z.strictObject({
    inLastHour: countRange,
    mix: z.partialRecord(ChangeKind, z.number().positive()),
    releaseTrains: countRange,
  }),
  decoys: z.array(Decoy),
  responders: countRange,
  truth: z.strictObject({ changes: z.array(z.literal('fault')), services: z.array(Role) }),
  helps: z.array(Remedy),
  harms: z.array(Remedy),
});

/** A topology file (`resources/scenarios/topologies/<name>.yaml`): who there is, who calls whom, and which rules alert. */
export const ServiceSpec = z.strictObject({
  name: dnsLabel,
  namespace: dnsLabel,
  tier: z.number().int().min(1).max(3),
  replicas: z.number().int().min(1).max(50),
  /** CPU limit of a pod, in cores. */
  cpu: z.number().positive(),
  /** CPU time one request takes, in milliseconds. */
  workMs: z.number().positive(),
  /** Mean time a request spends in an idle service itself, in milliseconds. */
  latencyMs: z.number().positive(),
  /** Share of requests that fail on an ordinary day. */
  errorShare: z.number().min(0).max(0.02),
  memoryMb: z.number().positive(),
  /** Requests a second from outside the mesh, at the middle of the day. */
  entryRps: z.number().positive().optional(),
  calls: z
    .array(
      z.strictObject({
        to: dnsLabel,
        perRequest: z.number().positive(),
        /** Share of the call's time the caller waits for. */
        serial: z.number().min(0).max(1).default(1),
        /** Share of the call's failures that fail the caller's request. */
        criticality: z.number().min(0).max(1),
        retries: z.number().int().min(0).max(3).default(0),
        timeoutMs: z.number().positive().default(2_000),
      }),
    )
    .default([]),
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
    services: z.array(ServiceSpec).min(2),
    alerts: z.array(AlertRule).min(1),
  })
  .superRefine((topology, context) => {
    const names = new Set<string>();
    for (const [index, service] of topology.services.entries()) {
      if (names.has(service.name)) {
        context.addIssue({
          code: 'custom',
          path: ['services', index, 'name'],
          message: `${service.name} is there twice`,
        });
      }
      names.add(service.name);
    }
    for (const [index, service] of topology.services.entries()) {
      for (const [at, call] of service.calls.entries()) {
        if (names.has(call.to)) continue;
        const message = `no service is called ${call.to}`;
        context.addIssue({ code: 'custom', path: ['services', index, 'calls', at, 'to'], message });
      }
    }
    const circle = findCircle(topology.services);
    if (circle) {
      context.addIssue({
        code: 'custom',
        path: ['services'],
        message: `calls go in a circle: ${circle.join(' → ')}`,
      });
    }
  });
export type Topology = z.infer<typeof Topology>;

/** A scenario with its topology, as the engine takes it. */
export type Scenario = Omit<z.infer<typeof ScenarioFile>, 'topology'> & { topology: Topology };

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
