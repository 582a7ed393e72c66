import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { defaultSettings, type InitialRelease, imageOf } from '../cluster/create-cluster.ts';
import { type Random, randomOf } from '../random.ts';
import { inCallOrder, type VersionEffect } from '../world/traffic.ts';
import type { Role, Scenario, ServiceSpec, Topology } from './scenario.ts';

/** A change as the drill's script has it, before it becomes objects in the cluster. */
export type ScriptedChange = { service: string; actor: string } & (
  | { kind: 'deploy'; version: string; cause: string }
  | { kind: 'flag'; flag: string; from: string; to: string }
  | { kind: 'config'; setting: string; value: string }
  | { kind: 'scale'; replicas: number; by: 'autoscaler' | 'person' }
  | { kind: 'traffic'; weight: number }
  | { kind: 'infrastructure'; variant: number }
);

/** `offsetMs` counts from the beginning of the history. */
export type ScriptEntry = { offsetMs: number; change: ScriptedChange };

export type Drill = {
  seed: number;
  roles: Record<Exclude<Role, 'anywhere'>, string | null>;
  faultOffsetMs: number;
  releases: ReadonlyMap<string, InitialRelease>;
  /** By image: what a version does to the pods that run it. */
  effects: ReadonlyMap<string, VersionEffect>;
  images: ReadonlySet<string>;
  script: readonly ScriptEntry[];
  /** What the people who answer the alert do; offsets count from the moment it fires. */
  responses: readonly ScriptEntry[];
};

const minuteMs = 60_000;
/** The alert comes at most ten minutes after the fault, so this much of the hour before it lies before the fault. */
const changesBeforeFaultMs = 50 * minuteMs;
const betweenDeploysMs = 7 * minuteMs;

type Planned = { offsetMs: number; kind: ChangeKind; service: string; actor: string; cause?: string };

/** Everything the seed decides. Pure: the same scenario and seed give the same drill. */
export function drawDrill(scenario: Scenario, seed: number): Drill {
  const { topology, fault } = scenario;
  const random = randomOf(seed, 'drill');
  const culprit = random.pick(fault.service.oneOf);
  const faultOffsetMs = scenario.historyMinutes * minuteMs + random.integer(-4, 4) * 15_000;
  const errorShare = random.between(...fault.errorShare);
  const roles = {
    culprit,
    caller: pickOrNull(random, callersOf(topology, culprit)),
    callee: pickOrNull(
      random,
      serviceOf(topology, culprit).calls.map((call) => call.to),
    ),
    alerting: alertingService(topology, culprit, errorShare, random),
  };

  const planned: Planned[] = [
    { offsetMs: faultOffsetMs, kind: 'deploy', service: culprit, actor: random.pick(people) },
  ];
  const canAdd = (change: Planned) =>
    change.kind !== 'deploy' ||
    !planned.some(
      (other) =>
        other.kind === 'deploy' &&
        other.service === change.service &&
        // Nothing may replace the bad version, nor ship so shortly before that the two are one.
        (change.service === culprit || Math.abs(other.offsetMs - change.offsetMs) < betweenDeploysMs),
    );
  const add = (change: Planned) => canAdd(change) && planned.push(change) > 0;

  for (const decoy of scenario.decoys) {
    const service = decoy.on === 'anywhere' ? null : roles[decoy.on];
    const offsetMs = faultOffsetMs + Math.round(random.between(...decoy.secondsAfterFault) * 1000);
    add({
      offsetMs,
      kind: decoy.change,
      service: service ?? anyOther(topology, culprit, random),
      actor: random.pick(people),
    });
  }

  const trains = random.integer(...scenario.changes.releaseTrains);
  for (let train = 0; train < trains; train++) {
    const beforeFault = train === 0 ? random.between(4, 9) : random.between(12, 48);
    const startMs = faultOffsetMs - beforeFault * minuteMs;
    const cars = random.shuffle(topology.services).slice(0, random.integer(3, 6));
    const number = random.integer(200, 900);
    for (const { name } of cars) {
      const offsetMs = Math.min(startMs + random.integer(0, 9 * 60) * 1000, faultOffsetMs + 20_000);
      add({
        offsetMs,
        kind: 'deploy',
        service: name,
        actor: 'release-train',
        cause: `release train ${number}`,
      });
    }
  }

  const total = random.integer(...scenario.changes.inLastHour);
  const mix = Object.entries(scenario.changes.mix) as [ChangeKind, number][];
  for (let attempts = 0; planned.length < total && attempts < 5_000; attempts++) {
    const offsetMs = faultOffsetMs - Math.round(random.between(0, changesBeforeFaultMs) / 1000) * 1000;
    const service = random.pick(topology.services).name;
    add({ offsetMs, kind: weighted(mix, random), service, actor: random.pick(people) });
  }

  return { ...writeScript(scenario, planned, culprit, errorShare, seed, random), seed, roles, faultOffsetMs };
}

/** Gives the planned changes their contents, in order of time: versions count up, replicas and settings have a before. */
function writeScript(
  scenario: Scenario,
  planned: readonly Planned[],
  culprit: string,
  errorShare: number,
  seed: number,
  random: Random,
): Pick<Drill, 'releases' | 'effects' | 'images' | 'script' | 'responses'> {
  const { topology, fault } = scenario;
  const releases = new Map(topology.services.map(({ name }) => [name, initialRelease(seed, name)]));
  const images = new Set<string>();
  const version = new Map<string, string>();
  const replicas = new Map(topology.services.map((service) => [service.name, service.replicas]));
  const weight = new Map<string, number>();
  const effects = new Map<string, VersionEffect>();
  for (const [name, release] of releases) {
    version.set(name, release.version);
    images.add(imageOf(name, release.version)).add(imageOf(name, release.previousVersion));
  }

  function contents(plan: Planned): ScriptedChange {
    const { service, actor, kind } = plan;
    const common = { service, actor };
    switch (kind) {
      case 'deploy': {
        const next = bump(version.get(service) ?? '1.0.0', random);
        version.set(service, next);
        images.add(imageOf(service, next));
        return { ...common, kind, version: next, cause: plan.cause ?? `${random.pick(reasons)} (${actor})` };
      }
      case 'flag': {
        const share = random.pick(['off', '5%', '10%', '25%']);
        const to = random.pick(['50%', 'on', '100%']);
        return { ...common, kind, flag: `${service}.${random.pick(flags)}`, from: share, to };
      }
      case 'config': {
        const [setting, values] = random.pick(settings);
        const before = defaultSettings[setting];
        return { ...common, kind, setting, value: random.pick(values.filter((value) => value !== before)) };
      }
      case 'scale': {
        const base = serviceOf(topology, service).replicas;
        const now = replicas.get(service) ?? base;
        const next = now > base ? base : base + random.integer(1, 2);
        replicas.set(service, next);
        return { ...common, kind, replicas: next, by: 'autoscaler' };
      }
      case 'traffic': {
        const next = ((weight.get(service) ?? 0) % 50) + 10;
        weight.set(service, next);
        return { ...common, kind, weight: next };
      }
      case 'infrastructure':
        return { ...common, kind, variant: random.integer(0, 1_000) };
    }
  }

  const script = [...planned]
    .sort((one, other) => one.offsetMs - other.offsetMs)
    .map((plan) => {
      const change = contents(plan);
      if (plan === planned[0] && change.kind === 'deploy') {
        effects.set(imageOf(culprit, change.version), {
          latencyFactor: random.between(...fault.latencyFactor),
          errorShare,
          workFactor: random.between(...fault.workFactor),
          incubationMs: random.between(...fault.incubationSeconds) * 1000,
        });
      }
      return { offsetMs: plan.offsetMs, change };
    });

  const entries = topology.services.filter((service) => service.entryRps !== undefined);
  const responses = Array.from(
    { length: random.integer(...scenario.responders) },
    (_, index): ScriptEntry => {
      const service = random.pick(entries);
      const offsetMs = random.integer(6, 24) * 1000 + index * 1500;
      const common = { service: service.name, actor: random.pick(people) };
      if (index > 0)
        return { offsetMs, change: { ...common, kind: 'config', setting: 'log.level', value: 'debug' } };
      const next = (replicas.get(service.name) ?? service.replicas) + 2;
      return { offsetMs, change: { ...common, kind: 'scale', replicas: next, by: 'person' } };
    },
  );

  return { releases, effects, images, script, responses };
}

function initialRelease(seed: number, service: string): InitialRelease {
  const random = randomOf(seed, 'release', service);
  const previousVersion = `${random.integer(1, 5)}.${random.integer(0, 38)}.${random.integer(0, 9)}`;
  return { previousVersion, version: bump(previousVersion, random), revision: random.integer(14, 180) };
}

function bump(version: string, random: Random): string {
  const [major = 1, minor = 0, patch = 0] = version.split('.').map(Number);
  return random.chance(0.6) ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`;
}

/** Entry services first: that is where people look. Otherwise the service most hurt by the culprit. */
function alertingService(
  topology: Topology,
  culprit: string,
  errorShare: number,
  random: Random,
): string | null {
  const errors = new Map([[culprit, errorShare]]);
  for (const service of inCallOrder(topology.services).reverse()) {
    if (service.name === culprit) continue;
    let success = 1;
    for (const call of service.calls) {
      const failing = (errors.get(call.to) ?? 0) ** (1 + call.retries);
      success *= 1 - Math.min(1, call.perRequest) * call.criticality * failing;
    }
    errors.set(service.name, 1 - success);
  }
  const hurt = topology.services.filter(({ name }) => name !== culprit && (errors.get(name) ?? 0) > 0.055);
  const entry = hurt.filter((service) => service.entryRps !== undefined);
  if (entry.length > 0) return random.pick(entry).name;
  hurt.sort((one, other) => (errors.get(other.name) ?? 0) - (errors.get(one.name) ?? 0));
  return hurt[0]?.name ?? pickOrNull(random, callersOf(topology, culprit));
}

export function serviceOf(topology: Topology, name: string): ServiceSpec {
  const service = topology.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`topology ${topology.name} has no service ${name}`);
  return service;
}

const callersOf = (topology: Topology, name: string): string[] =>
  topology.services
    .filter((service) => service.calls.some((call) => call.to === name))
    .map((service) => service.name);

const anyOther = (topology: Topology, name: string, random: Random): string =>
  random.pick(topology.services.filter((service) => service.name !== name)).name;

const pickOrNull = <T>(random: Random, items: readonly T[]): T | null =>
  items.length === 0 ? null : random.pick(items);

function weighted<T>(items: readonly (readonly [T, number])[], random: Random): T {
  let left = random.unit() * items.reduce((total, [, share]) => total + share, 0);
  for (const [item, share] of items) {
    left -= share;
    if (left < 0) return item;
  }
  return random.pick(items)[0];
}

const people = [
  'a.novak',
  'b.okafor',
  'c.lindqvist',
  'd.moreau',
  'e.tanaka',
  'f.santos',
  'g.weber',
  'h.iyer',
];

const reasons = [
  'bump base image',
  'fix rounding of totals',
  'upgrade HTTP client',
  'add tracing attributes',
  'new serializer',
  'remove dead feature code',
  'switch to batched reads',
  'dependency updates',
  'smaller connection pool',
  'retry budget for callees',
];

const flags = [
  'new-serializer',
  'async-writes',
  'compact-response',
  'extra-validation',
  'prefetch',
  'v2-layout',
];

const settings: readonly (readonly [string, readonly string[]])[] = [
  ['cache.ttl-seconds', ['120', '300', '600', '900']],
  ['http.client.timeout-ms', ['2000', '2500', '3000']],
  ['pool.max-connections', ['40', '60', '80']],
  ['queue.batch-size', ['50', '100', '200']],
];
