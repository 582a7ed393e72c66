import type { Random } from '../random.ts';
import type { Role } from './scenario.ts';
import { callersOf, inCallOrder, serviceOf, type Topology } from './topology.ts';

export type Roles = Record<Exclude<Role, 'anywhere'>, string | null>;

/** Error share that a culprit is thought to have when it is asked who would feel it. */
const assumedErrors = 0.2;

/**
 * Who plays which part: `culprit` and `other` are the services of the first two faults, `caller` and `callee` neighbours
 * of the culprit, `alerting` the service furthest upstream where errors are expected to raise an alert, `entry` the one
 * from outside that most of them reach.
 */
export function castRoles(
  topology: Topology,
  culprit: string | null,
  other: string | null,
  random: Random,
): Roles {
  if (culprit === null) {
    const entry = random.pick(topology.services.filter(({ entryRps }) => entryRps !== undefined)).name;
    return { culprit: null, other: null, caller: null, callee: null, alerting: entry, entry };
  }
  const felt = errorsFrom(topology, culprit);
  const entries = topology.services
    .filter(({ entryRps }) => entryRps !== undefined)
    .sort((one, next) => (felt.get(next.name) ?? 0) - (felt.get(one.name) ?? 0));
  return {
    culprit,
    other,
    caller: pickOrNull(random, callersOf(topology, culprit)),
    callee: pickOrNull(
      random,
      serviceOf(topology, culprit)
        .calls.map(({ to }) => to)
        .filter((to) => serviceOf(topology, to).kind === 'service'),
    ),
    alerting: alertingService(topology, culprit, felt, random),
    entry: entries[0]?.name ?? null,
  };
}

/** Entry services first: that is where people look. Otherwise the service most hurt by the culprit. */
function alertingService(
  topology: Topology,
  culprit: string,
  felt: ReadonlyMap<string, number>,
  random: Random,
): string | null {
  const hurt = topology.services.filter(({ name }) => name !== culprit && (felt.get(name) ?? 0) > 0.055);
  const entry = hurt.filter((service) => service.entryRps !== undefined);
  if (entry.length > 0) return random.pick(entry).name;
  hurt.sort((one, next) => (felt.get(next.name) ?? 0) - (felt.get(one.name) ?? 0));
  return hurt[0]?.name ?? pickOrNull(random, callersOf(topology, culprit));
}

function errorsFrom(topology: Topology, culprit: string): Map<string, number> {
  const errors = new Map([[culprit, assumedErrors]]);
  for (const service of inCallOrder(topology.services).reverse()) {
    if (service.name === culprit) continue;
    let success = 1;
    for (const call of service.calls) {
      if (call.queue !== undefined) continue;
      const failing = (errors.get(call.to) ?? 0) ** (1 + call.retries);
      success *= 1 - Math.min(1, call.perRequest * (1 - call.cached)) * call.criticality * failing;
    }
    errors.set(service.name, 1 - success);
  }
  return errors;
}

const pickOrNull = <T>(random: Random, items: readonly T[]): T | null =>
  items.length === 0 ? null : random.pick(items);
