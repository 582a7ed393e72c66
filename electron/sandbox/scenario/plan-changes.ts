import type { Random } from '../random.ts';
import type { Part } from './change.ts';
import { people } from './ordinary-life.ts';
import type { Roles } from './roles.ts';
import type { Scenario } from './scenario.ts';

export type PlannedKind = 'deploy' | 'flag' | 'config' | 'scale' | 'weight' | 'canary' | 'node' | 'backup';

/** When something changes, what and where; what exactly is decided when all are in order of time. */
export type Planned = {
  offsetMs: number;
  kind: PlannedKind;
  service: string;
  actor: string;
  part: Part | null;
  cause?: string;
  /** A flag that is turned on and off again: which one, and to what. */
  flag?: { name: string; percent: number };
};

const minuteMs = 60_000;
/** The alert comes minutes after the moment, so this much of the hour before it lies before the moment. */
const ordinaryMs = 50 * minuteMs;
const betweenDeploysMs = 7 * minuteMs;

/**
 * All changes of a drill: those of its faults, decoys laid around the moment, release trains, flags turned on and off
 * again, and ordinary ones up to the number wanted.
 */
export function planChanges(options: {
  scenario: Scenario;
  faults: readonly Planned[];
  roles: Roles;
  momentMs: number;
  random: Random;
}): Planned[] {
  const { scenario, faults, roles, momentMs, random } = options;
  const { topology, changes } = scenario;
  const ours = topology.services.filter(({ kind }) => kind === 'service');
  const guilty = new Set(faults.filter(({ kind }) => kind === 'deploy').map(({ service }) => service));
  const planned: Planned[] = [...faults];
  const canAdd = (change: Planned) =>
    change.kind !== 'deploy' ||
    !planned.some(
      (other) =>
        other.kind === 'deploy' &&
        other.service === change.service &&
        // Nothing may replace the bad version, nor ship so shortly before that the two are one.
        (guilty.has(change.service) || Math.abs(other.offsetMs - change.offsetMs) < betweenDeploysMs),
    );
  const add = (change: Planned) => canAdd(change) && planned.push(change) > 0;
  const others = ours.filter(({ name }) => name !== roles.culprit && name !== roles.other);

  for (const decoy of scenario.decoys) {
    const role = decoy.on === 'anywhere' ? null : roles[decoy.on];
    const service = role !== null && ours.some(({ name }) => name === role) ? role : random.pick(others).name;
    add({
      offsetMs: momentMs + Math.round(random.between(...decoy.secondsAfterFault)) * 1_000,
      kind: plannedKind(decoy.change),
      service,
      actor: random.pick(people),
      part: { kind: 'decoy' },
    });
  }

  const trains = random.integer(...changes.releaseTrains);
  for (let train = 0; train < trains; train++) {
    const beforeMs = (train === 0 ? random.between(4, 9) : random.between(12, 48)) * minuteMs;
    const cars = random.shuffle(ours).slice(0, random.integer(3, 6));
    const number = random.integer(200, 900);
    for (const { name } of cars) {
      const offsetMs = momentMs - beforeMs + random.integer(0, 9 * 60) * 1_000;
      add({
        offsetMs: Math.min(offsetMs, momentMs + 20_000),
        kind: 'deploy',
        service: name,
        actor: 'release-train',
        part: null,
        cause: `release train ${number}`,
      });
    }
  }

  for (let flips = random.integer(...changes.flippedBack); flips > 0; flips--) {
    const { name: service } = random.pick(others);
    const common = { kind: 'flag' as const, service, actor: random.pick(people), part: null };
    const offsetMs = momentMs - random.integer(5 * 60, 45 * 60) * 1_000;
    const name = `${service}.trial-${random.integer(10, 99)}`;
    add({ ...common, offsetMs, flag: { name, percent: 100 } });
    const backMs = Math.min(offsetMs + random.integer(60, 600) * 1_000, momentMs + 20_000);
    add({ ...common, offsetMs: backMs, flag: { name, percent: 0 } });
  }

  const total = random.integer(...changes.inLastHour);
  const mix = Object.entries(changes.mix) as [keyof typeof changes.mix, number][];
  for (let attempts = 0; planned.length < total && attempts < 5_000; attempts++) {
    const offsetMs = momentMs - Math.round(random.between(0, ordinaryMs) / 1_000) * 1_000;
    const kind = plannedKind(weighted(mix, random));
    add({ offsetMs, kind, service: random.pick(ours).name, actor: random.pick(people), part: null });
  }
  return planned.sort((one, other) => one.offsetMs - other.offsetMs);
}

/** How a kind of change of the vocabulary comes about on an ordinary day. */
function plannedKind(kind: keyof Scenario['changes']['mix']): PlannedKind {
  if (kind === 'traffic') return 'canary';
  if (kind === 'infrastructure') return 'node';
  return kind;
}

function weighted<T>(items: readonly (readonly [T, number])[], random: Random): T {
  let left = random.unit() * items.reduce((total, [, share]) => total + share, 0);
  for (const [item, share] of items) {
    left -= share;
    if (left < 0) return item;
  }
  return random.pick(items)[0];
}
