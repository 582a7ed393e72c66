import { Failure } from '../../platform/failure.ts';
import { type Random, randomOf } from '../random.ts';
import type { FaultKind } from '../scenario/fault.ts';
import { type Decoy, type Scenario, ScenarioFile } from '../scenario/scenario.ts';
import type { ServiceSpec, Topology } from '../scenario/topology.ts';
import { distances } from './distances.ts';
import { drawCause, unfit } from './draw-cause.ts';
import { drawTopology, largestWorld, smallestWorld } from './draw-topology.ts';

export const causes = [
  'release',
  'flag',
  'config',
  'traffic',
  'scale',
  'provider',
  'surge',
  'backup',
  'none',
] as const satisfies readonly (FaultKind | 'none')[];

export type GenerateOptions = {
  seed: number;
  services: number;
  /** `none`: trouble that no change of ours brought about. */
  cause: FaultKind | 'none';
  /** Calls between the cause and the nearest entry; null leaves it to the seed. */
  distance: number | null;
  /** Time from the change to its effect. */
  delaySeconds: number;
  /** All changes in the hour before, decoys among them. */
  changes: number;
  decoys: number;
  /** As a multiple of the ordinary. */
  noise: number;
  missingScrapes: number;
  unmeasuredServices: number;
  difficulty: number;
};

export const ordinaryOptions: Omit<GenerateOptions, 'seed'> = {
  services: 40,
  cause: 'release',
  distance: null,
  delaySeconds: 30,
  changes: 48,
  decoys: 6,
  noise: 1,
  missingScrapes: 0,
  unmeasuredServices: 0,
  difficulty: 3,
};

/** The least that a scenario may have: the history of a generated one is only there to compare with. */
const historyMinutes = 65;
/** The least and the most that each number may be. */
export const limits = {
  seed: [0, 2 ** 31],
  services: [smallestWorld, largestWorld],
  distance: [0, 12],
  delaySeconds: [0, 2_400],
  changes: [4, 2_000],
  decoys: [0, 30],
  noise: [0, 5],
  missingScrapes: [0, 0.3],
  unmeasuredServices: [0, largestWorld],
  difficulty: [1, 5],
} as const satisfies Partial<Record<keyof GenerateOptions, readonly [number, number]>>;

/** A scenario and its world drawn from a seed, with everything that is true of it. The same options give the same one. */
export function generateScenario(options: GenerateOptions): Scenario {
  for (const [option, [least, most]] of Object.entries(limits) as [
    keyof typeof limits,
    readonly [number, number],
  ][])
    refuseOutside(option, options[option] ?? least, least, most);
  refuseOutside('changes', options.changes, options.decoys + 4, limits.changes[1]);
  const { seed, services, changes } = options;
  const topology = drawTopology({ seed, services });
  const random = randomOf(seed, 'scenario', options.cause);
  const { kind, service } = pickCause(topology, options, random);
  const { fault, ...told } = drawCause({
    kind,
    service,
    topology,
    delaySeconds: options.delaySeconds,
    random,
  });
  const file = ScenarioFile.parse({
    name: `drawn-${options.cause}-${services}-${seed}`,
    title: 'Alerts on a busy day',
    story:
      'Alerts fired a minute ago. Several teams shipped within the last hour, settings and flags were changed, and nobody is sure which of it matters. Find out what did it, if anything of ours did, and what to do.',
    difficulty: options.difficulty,
    topology: topology.name,
    historyMinutes,
    alertWithinMinutes: Math.min(60, 10 + Math.ceil(options.delaySeconds / 60)),
    faults: [fault],
    changes: {
      inLastHour: [changes, changes],
      mix: { deploy: 0.36, flag: 0.2, config: 0.18, scale: 0.12, traffic: 0.08, infrastructure: 0.06 },
      releaseTrains: changes >= options.decoys + 16 ? [1, 1] : [0, 0],
      flippedBack: changes >= options.decoys + 16 ? [0, 1] : [0, 0],
    },
    load: { ramps: [0, 1], batches: [0, 1] },
    measured: {
      noise: options.noise,
      missingScrapes: options.missingScrapes,
      unmeasuredServices: options.unmeasuredServices,
    },
    decoys: drawDecoys(options.decoys, random),
    responders: [0, 2],
    ...told,
  });
  return { ...file, topology };
}

function pickCause(
  topology: Topology,
  { cause, distance, services, seed }: GenerateOptions,
  random: Random,
): { kind: FaultKind; service: ServiceSpec } {
  const kinds: FaultKind[] = cause === 'none' ? random.shuffle(['provider', 'surge']) : [cause];
  const far = distances(topology);
  const known = new Set<number>();
  for (const kind of kinds) {
    const able = topology.services.filter(
      (service) => far.has(service.name) && unfit(kind, service, topology) === null,
    );
    for (const { name } of able) known.add(far.get(name) ?? 0);
    const there = able.filter(({ name }) => distance === null || far.get(name) === distance);
    if (there.length > 0) return { kind, service: random.pick(there) };
  }
  const places = [...known].sort((one, other) => one - other).join(', ');
  const world = `the world of ${services} services and seed ${seed}`;
  throw new Failure(
    'bad_input',
    known.size === 0
      ? `cause: nothing in ${world} could be the place of ${cause}; another seed or more services may help`
      : `distance: in ${world} ${cause} can happen at a distance of ${places}, not of ${distance}`,
  );
}

const decoyKinds: readonly Omit<Decoy, 'secondsAfterFault'>[] = [
  { change: 'deploy', on: 'alerting' },
  { change: 'flag', on: 'caller' },
  { change: 'config', on: 'alerting' },
  { change: 'deploy', on: 'caller' },
  { change: 'config', on: 'callee' },
  { change: 'scale', on: 'alerting' },
  { change: 'deploy', on: 'anywhere' },
  { change: 'flag', on: 'alerting' },
];

/** Around the moment: some shortly before it, some just after, which cannot have done it. */
function drawDecoys(count: number, random: Random): Decoy[] {
  return Array.from({ length: count }, (_, index): Decoy => {
    const fromSeconds = -random.integer(30, 420);
    const kind = decoyKinds[index % decoyKinds.length] ?? { change: 'deploy', on: 'anywhere' };
    return { ...kind, secondsAfterFault: [fromSeconds, fromSeconds + random.integer(10, 45)] };
  });
}

function refuseOutside(option: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new Failure('bad_input', `${option} must be from ${least} to ${most}, not ${value}`);
}
