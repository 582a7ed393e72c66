import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import type { Chance } from './chance.ts';
import type { Lever, Levers } from './levers.ts';
import type { Grid } from './load.ts';
import { exposureAt, type Rollout } from './rollout.ts';
import type { Tier } from './tiers.ts';
import type { Topology } from './topology.ts';

/** What a cause does to the services it hits. The last three are not in the list of `cs-incident/1`. */
export type Effect =
  | 'latency'
  | 'errors'
  | 'work'
  | 'leak'
  | 'fanOut'
  | 'capacity'
  | 'surge'
  | 'tail'
  | 'flapping'
  | 'waiting';

/** What is behind a cause: a change of some kind, or nothing anybody changed. */
export type Origin = ChangeKind | 'hardware' | 'third-party';

export type Cause = {
  origin: Origin;
  effect: Effect;
  /** The service that was changed, and all that are hit: those of its node when it is the machine. */
  service: number;
  hit: number[];
  size: number;
  delayMinutes: number;
  rampMinutes: number;
  /** When the effect begins. */
  beginsAt: number;
  /** How the change reached its share of requests, where that is told; otherwise it was there at once. */
  rollout: Rollout | null;
};

const effectsOf: Record<Origin, readonly Effect[]> = {
  deploy: ['latency', 'errors', 'work', 'leak', 'fanOut'],
  config: ['capacity', 'errors', 'latency'],
  flag: ['work', 'errors', 'fanOut', 'latency'],
  scale: ['capacity'],
  infrastructure: ['capacity', 'latency'],
  traffic: ['surge'],
  hardware: ['capacity', 'latency'],
  'third-party': ['latency', 'errors'],
};
const unlisted: readonly Effect[] = ['tail', 'flapping', 'waiting'];

export type CauseMix = {
  origins: Readonly<Partial<Record<Origin, number>>>;
  /** Chance of an effect that is not in the list. */
  unlisted: number;
  /** Factor on the size. */
  size: number;
};

export function drawCause(
  chance: Chance,
  topology: Topology,
  tier: Tier,
  mix: CauseMix,
  beginsAt: number,
): Cause {
  const origin = chance.weighted(mix.origins);
  const isUnlisted = chance.chance(mix.unlisted);
  const effect = chance.pick(isUnlisted && origin !== 'traffic' ? unlisted : effectsOf[origin]);
  const service = serviceFor(chance, topology, origin, effect);
  return {
    origin,
    effect,
    service,
    hit: hitBy(topology, origin, service),
    size: mix.size * chance.between(...tier.size),
    delayMinutes: chance.between(...tier.delay),
    rampMinutes: chance.pick(tier.ramps),
    beginsAt,
    rollout: null,
  };
}

function serviceFor(chance: Chance, topology: Topology, origin: Origin, effect: Effect): number {
  if (origin === 'traffic') return chance.pick(topology.entries);
  const all = Array.from({ length: topology.size }, (_, service) => service);
  const calling = all.filter((service) => !topology.isStore[service]);
  return chance.pick(effect === 'fanOut' || effect === 'waiting' ? calling : all);
}

function hitBy({ nodeOf }: Topology, origin: Origin, service: number): number[] {
  if (origin !== 'infrastructure' && origin !== 'hardware') return [service];
  return nodeOf.flatMap((node, other) => (node === nodeOf[service] ? [other] : []));
}

/** What a cause does where it is at work, by how far it has unfolded there, 0..1. */
export function pullsOf({ effect, size }: Cause): readonly (readonly [Lever, (share: number) => number])[] {
  const factor = (by: number) => (share: number) => 1 + by * share;
  switch (effect) {
    case 'latency':
    case 'flapping':
      return [['latency', factor(size)]];
    case 'errors':
      return [['errors', (share) => 0.012 * size * share]];
    case 'work':
      return [['work', factor(0.35 * size)]];
    case 'leak':
      return [
        ['work', factor(0.35 * size)],
        ['memory', factor(0.8)],
      ];
    case 'fanOut':
      return [['fanOut', factor(0.45 * size)]];
    case 'capacity':
      return [['capacity', (share) => 1 / (1 + 0.35 * size * share)]];
    case 'surge':
      return [['traffic', factor(0.25 * size)]];
    case 'tail':
      return [
        ['tail', factor(size)],
        ['latency', factor(0.3 * size)],
      ];
    case 'waiting':
      return [
        ['latency', factor(0.7 * size)],
        ['errors', (share) => 0.006 * size * share],
      ];
  }
}

const LEAK_MINUTES = 25;
const FLAPPING_MINUTES = 8;
const FLAPPING_SHARE = 0.7;

/** How far an effect has unfolded at a minute, 0..1, where the change has arrived. */
export function severityAt({ effect, beginsAt, rampMinutes, rollout }: Cause, minute: number): number {
  const since = minute - beginsAt;
  if (since < 0) return 0;
  if (effect === 'flapping' && since % FLAPPING_MINUTES > FLAPPING_SHARE * FLAPPING_MINUTES) return 0;
  const over = (rollout ? 0 : rampMinutes) + (effect === 'leak' ? LEAK_MINUTES : 0);
  return over === 0 ? 1 : Math.min(1, since / over);
}

/** Moves the levers of the services a cause hits. */
export function inflict(cause: Cause, levers: Levers, { stepMinutes }: Grid): void {
  const { hit, rollout } = cause;
  const share = (step: number): number => {
    const minute = step * stepMinutes;
    return severityAt(cause, minute) * (rollout ? exposureAt(rollout, minute) : 1);
  };
  for (const service of hit)
    for (const [lever, pull] of pullsOf(cause)) levers.move(service, lever, (step) => pull(share(step)));
}
