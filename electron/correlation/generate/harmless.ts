import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import type { Chance } from './chance.ts';
import type { Levers } from './levers.ts';
import type { Grid } from './load.ts';
import type { Tier } from './tiers.ts';
import { ancestorsOf, calleesOf, callersOf, type Topology } from './topology.ts';

/** A change of a service at a minute. */
export type Change = { kind: ChangeKind; service: number; minute: number };

type Around = {
  topology: Topology;
  tier: Tier;
  kinds: Readonly<Record<ChangeKind, number>>;
  /** Services where trouble starts, and the one whose alert fired. */
  guilty: readonly number[];
  alerting: number;
  onset: number;
  window: { from: number; to: number };
  count: number;
};

const DECOY_MINUTES = 5;
const COINCIDENT_MINUTES = 9;
const TRAIN_MINUTES = 10;
const RESPONDERS = 0.08;
const TRAIN = 0.6;

/** `count` changes that have nothing to do with the trouble, laid around it so that they look as if. */
export function drawHarmless(chance: Chance, around: Around): Change[] {
  const { topology, tier, kinds, guilty, alerting, onset, window, count } = around;
  const related = relatedTo(topology, guilty, alerting);
  const neighbours = guilty.flatMap((one) => [...callersOf(topology, one), ...calleesOf(topology, one)]);
  const anywhere = () =>
    related.length > 0 && chance.chance(tier.path)
      ? chance.pick(related)
      : chance.integer(0, topology.size - 1);
  const kind = () => chance.weighted(kinds);
  const oneOr = (some: readonly number[], share: number) =>
    some.length > 0 && chance.chance(share) ? chance.pick(some) : anywhere();
  const changes: Change[] = [];
  if (chance.chance(tier.decoy))
    changes.push({ kind: 'deploy', service: alerting, minute: onset - chance.between(0, DECOY_MINUTES) });
  for (let left = chance.integer(...tier.coincident); left > 0; left -= 1)
    changes.push({
      kind: kind(),
      service: oneOr(neighbours, 0.4),
      minute: onset - chance.between(0, COINCIDENT_MINUTES),
    });
  for (let left = count; left > 0; left -= 1)
    if (chance.chance(RESPONDERS))
      changes.push({
        kind: kind(),
        service: oneOr([alerting], 0.4),
        minute: chance.between(onset, window.to),
      });
  if (chance.chance(TRAIN)) {
    const from = chance.between(window.from, onset);
    for (let left = chance.integer(3, 8); left > 0; left -= 1)
      changes.push({ kind: 'deploy', service: anywhere(), minute: from + chance.between(0, TRAIN_MINUTES) });
  }
  while (changes.length < count)
    changes.push({ kind: kind(), service: anywhere(), minute: chance.between(window.from, window.to) });
  return changes.slice(0, count);
}

function relatedTo(topology: Topology, guilty: readonly number[], alerting: number): number[] {
  const related = new Set([
    ...guilty.flatMap((one) => [...ancestorsOf(topology, one), ...calleesOf(topology, one)]),
    ...calleesOf(topology, alerting),
  ]);
  for (const one of guilty) related.delete(one);
  return [...related].sort((a, b) => a - b);
}

/** What harmless changes show: a moment of slowness, or a lasting shift that hurts nobody. */
export function disturb(
  chance: Chance,
  changes: readonly Change[],
  levers: Levers,
  tier: Tier,
  grid: Grid,
): void {
  for (const { service, minute } of changes) {
    const since = (step: number) => step * grid.stepMinutes - minute;
    if (chance.chance(tier.blip)) {
      const minutes = chance.between(1, 3);
      const by = chance.between(1.3, 2.5);
      levers.move(service, 'latency', (step) => (since(step) >= 0 && since(step) < minutes ? by : 1));
    }
    if (chance.chance(tier.benign)) {
      const lever = chance.pick(['latency', 'work', 'memory'] as const);
      const most = lever === 'memory' ? 0.4 : 0.15;
      const by = 1 + chance.between(-most, most);
      levers.move(service, lever, (step) => (since(step) >= 0 ? by : 1));
    }
  }
}
