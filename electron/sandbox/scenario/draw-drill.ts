import type { InitialRelease } from '../cluster/images.ts';
import { type Random, randomOf } from '../random.ts';
import type { Influence } from '../world/influence.ts';
import type { Surge } from '../world/load.ts';
import type { ScriptEntry } from './change.ts';
import { changeOf, type DrawnFault, drawFault, influencesOf, surgesOf } from './draw-fault.ts';
import { people } from './ordinary-life.ts';
import { type Planned, planChanges } from './plan-changes.ts';
import { castRoles, type Roles } from './roles.ts';
import type { Scenario } from './scenario.ts';
import { writeScript } from './write-script.ts';

/** Everything that the seed decides. Offsets count from the beginning of the history. */
export type Drill = {
  seed: number;
  roles: Roles;
  /** From here on an alert may be expected. */
  momentMs: number;
  faults: readonly DrawnFault[];
  releases: ReadonlyMap<string, InitialRelease>;
  images: ReadonlySet<string>;
  influences: readonly Influence[];
  surges: readonly Surge[];
  script: readonly ScriptEntry[];
  /** What the people who answer the alert do; offsets count from the moment it fires. */
  responses: readonly ScriptEntry[];
  /** What colleagues do; offsets count from the first time that the service is looked at. */
  colleagues: readonly ScriptEntry[];
};

const minuteMs = 60_000;

/** Pure: the same scenario and seed give the same drill. */
export function drawDrill(scenario: Scenario, seed: number): Drill {
  const { topology } = scenario;
  const random = randomOf(seed, 'drill');
  const momentMs = scenario.historyMinutes * minuteMs + random.integer(-4, 4) * 15_000;
  const faults: DrawnFault[] = [];
  for (const fault of scenario.faults) {
    const taken = new Set(faults.map(({ service }) => service));
    faults.push(drawFault(topology, fault, momentMs, randomOf(seed, 'fault', fault.name), taken));
  }
  const [culprit, other] = faults.filter(({ fault }) => fault.kind !== 'surge').map(({ service }) => service);
  const roles = castRoles(topology, culprit ?? null, other ?? null, random);

  const planned = planChanges({
    scenario,
    faults: faults.flatMap((fault) => changeOf(fault, random) ?? []),
    roles,
    momentMs,
    random,
  });
  const script = writeScript({ topology, planned, faults, poison: scenario.poison, seed, random });
  const influences = faults.flatMap((fault) =>
    influencesOf(fault, script.imagesOf.get(fault.fault.name) ?? { before: '', after: '' }),
  );
  const responses = respondersOf(scenario, random).map(script.append);
  const colleagues = scenario.colleagues.flatMap(({ change, on, afterLookSeconds }): ScriptEntry[] => {
    const service = on === 'anywhere' ? null : roles[on];
    if (service === null) return [];
    const offsetMs = Math.round(random.between(...afterLookSeconds)) * 1_000;
    return [script.append({ offsetMs, kind: change, service, actor: random.pick(people), part: null })];
  });
  return {
    seed,
    roles,
    momentMs,
    faults,
    releases: script.releases,
    images: script.images,
    // What a colleague ships is no remedy: it is as bad as what it replaces.
    influences: [...influences, ...carriedOver(influences, script.imagesOf, colleagues)],
    surges: [...faults.flatMap((fault) => surgesOf(fault, random)), ...ordinarySurges(scenario, random)],
    script: script.entries,
    responses,
    colleagues,
  };
}

function carriedOver(
  influences: readonly Influence[],
  imagesOf: ReadonlyMap<string, { after: string }>,
  colleagues: readonly ScriptEntry[],
): Influence[] {
  const bad = new Set([...imagesOf.values()].map(({ after }) => after));
  return colleagues.flatMap(({ change }) => {
    if (change.kind !== 'deploy') return [];
    const felt = influences.filter(
      ({ service, image }) => service === change.service && bad.has(image ?? ''),
    );
    return felt.map((influence) => ({
      ...influence,
      image: (influence.image ?? '').replace(/:[^:]*$/, `:${change.version}`),
    }));
  });
}

function respondersOf({ topology, responders }: Scenario, random: Random): Planned[] {
  const entries = topology.services.filter((service) => service.entryRps !== undefined);
  return Array.from({ length: random.integer(...responders) }, (_, index): Planned => {
    const service = random.pick(entries);
    const common = { service: service.name, actor: random.pick(people), part: null };
    const offsetMs = random.integer(6, 24) * 1_000 + index * 1_500;
    return index === 0 && !service.autoscaled
      ? { ...common, offsetMs, kind: 'scale' }
      : { ...common, offsetMs, kind: 'config' };
  });
}

/** Load that rises at an entry as it sometimes does, and jobs that ask more of a service every half hour. */
function ordinarySurges({ topology, historyMinutes, load }: Scenario, random: Random): Surge[] {
  const entries = topology.services.filter(({ entryRps }) => entryRps !== undefined);
  const inner = topology.services.filter(
    ({ kind, entryRps }) => kind === 'service' && entryRps === undefined,
  );
  const ramps = Array.from({ length: random.integer(...load.ramps) }, (): Surge => {
    const fromMs = random.between(10, historyMinutes - 5) * minuteMs;
    return {
      service: random.pick(entries).name,
      fromMs,
      untilMs: fromMs + 150 * minuteMs,
      factor: random.between(1.06, 1.18),
      rampMs: 30 * minuteMs,
    };
  });
  const batches = Array.from({ length: random.integer(...load.batches) }, (): Surge => {
    const fromMs = random.between(0, 30) * minuteMs;
    return {
      service: random.pick(inner).name,
      fromMs,
      untilMs: fromMs + 6 * minuteMs,
      factor: random.between(1.1, 1.3),
      rampMs: 20_000,
      everyMs: random.pick([30, 45, 60]) * minuteMs,
    };
  });
  return [...ramps, ...batches];
}
