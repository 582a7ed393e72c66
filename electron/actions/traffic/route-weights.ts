import { z } from 'zod';
import { ObjectTarget } from '../../../shared/vocabulary/proposal.ts';
import type { RouteBackend, RouteState } from '../../connectors/source.ts';
import { Failure } from '../../platform/failure.ts';
import { inNamespace } from '../action.ts';
import { tierText } from '../parts/counted.ts';
import { planFacts } from '../parts/plan-facts.ts';
import { commandOf } from '../parts/quoted.ts';
import { traceOf } from '../parts/trace.ts';
import type { Way } from './way.ts';

const Backends = z.array(
  z.strictObject({
    name: ObjectTarget.shape.name,
    /** As the Gateway API bounds it. */
    weight: z.number().int().min(0).max(1_000_000),
  }),
);
export const RouteWeights = ObjectTarget.extend({
  kind: z.literal('HTTPRoute'),
  /** Which of its rules, from 0. */
  rule: z.number().int().min(0).max(63).default(0),
  /** Every backend of that rule, in any order. */
  backends: Backends.min(2).max(16),
});
export type RouteWeights = z.output<typeof RouteWeights>;
const Seen = z.object({ uid: z.string(), backends: Backends });

/** How one rule of an HTTPRoute splits its requests over its backends. */
export const routeWeights: Way<RouteWeights> = {
  permissions: [
    inNamespace('get', 'gateway.networking.k8s.io', 'httproutes'),
    inNamespace('list', 'apps', 'deployments'),
    inNamespace('patch', 'gateway.networking.k8s.io', 'httproutes'),
  ],

  async plan(input, cluster, signal) {
    const { name, rule } = input;
    const now = await cluster.route(input, signal);
    const held = heldBy(input, now);
    const to = inOrderOf(held, input);
    if (sumOf(to) === 0) {
      throw new Failure(
        'bad_input',
        `All weights are 0: rule ${rule} of ${name} would answer every request with 500`,
      );
    }
    const moved = mostMoved(held, to);
    if (moved.from === moved.to && isSame(held, to)) {
      throw new Failure('conflict', `${input.namespace}/${name} splits its requests so already`);
    }
    const names = held.map((backend) => backend.name);
    return {
      title: `Shift traffic of ${name.slice(0, 120)}: ${moved.name.slice(0, 80)} from ${moved.from} % to ${moved.to} %`,
      command: patch(input, to),
      blastRadius: {
        class: 'namespace',
        sentence: `1 route, traffic of ${now.hosts.length === 0 ? 'any host' : now.hosts.slice(0, 3).join(', ')} from ${splitOf(held)} to ${splitOf(to)}; ${tierText(now.serviceTier)}`,
      },
      reversible: true,
      backOutCommand: patch(input, held),
      preconditions: [`rule ${rule} of ${name} still splits ${splitOf(held)}`],
      ...planFacts(now),
      touches: {
        pods: 0,
        workloads: [],
        services: names.map((backend) => ({ name: backend, tier: now.serviceTier })),
      },
      concerns: names,
      moves: { of: 'percent', from: moved.from, to: moved.to },
      seen: { uid: now.uid, backends: held },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.route(input, signal);
    if (now.uid !== seen.uid) return { kind: 'drifted', because: 'the HTTPRoute was deleted and made again' };
    const held = now.rules[input.rule]?.backends ?? [];
    return isSame(held, seen.backends)
      ? { kind: 'unchanged' }
      : { kind: 'drifted', because: `it splits ${splitOf(held)}, was ${splitOf(seen.backends)}` };
  },

  execute(input, seenRecord, control, options, signal) {
    const { uid, backends } = Seen.parse(seenRecord);
    const change = { rule: input.rule, to: inOrderOf(backends, input), expected: { uid, backends } };
    return control.setRouteWeights(input, change, options, signal);
  },

  back: (input, seen) => ({ ...input, backends: Seen.parse(seen).backends }),

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, backends } = Seen.parse(seenRecord);
    const split = (held: readonly RouteBackend[]) => `splitting ${splitOf(held)}`;
    const change = {
      before: split(backends),
      after: split(inOrderOf(backends, input)),
      now: async () => split((await cluster.route(input, signal)).rules[input.rule]?.backends ?? []),
    };
    return traceOf(cluster, { ref: input, uid }, lost, change, signal);
  },
};

function heldBy({ namespace, name, rule }: RouteWeights, { rules }: RouteState): RouteBackend[] {
  const held = rules[rule]?.backends;
  if (!held) throw new Failure('not_found', `${namespace}/${name} has no rule ${rule}`);
  if (held.length < 2)
    throw new Failure('conflict', `Rule ${rule} of ${namespace}/${name} has nothing to split`);
  if (new Set(held.map((backend) => backend.name)).size < held.length) {
    throw new Failure(
      'conflict',
      `Rule ${rule} of ${namespace}/${name} names a backend twice: shift it by hand`,
    );
  }
  return held;
}

/** The wanted weights in the order in which the route holds its backends; each of them has to be named once. */
function inOrderOf(held: readonly RouteBackend[], { backends }: RouteWeights): RouteBackend[] {
  const wanted = new Map(backends.map(({ name, weight }) => [name, weight]));
  const isWhole = wanted.size === backends.length && held.length === backends.length;
  return held.map(({ name }) => {
    const weight = wanted.get(name);
    if (weight === undefined || !isWhole) {
      const names = held.map((backend) => backend.name).join(', ');
      throw new Failure('bad_input', `Name each backend of the rule once, with its weight: ${names}`);
    }
    return { name, weight };
  });
}

const isSame = (one: readonly RouteBackend[], other: readonly RouteBackend[]) =>
  one.length === other.length &&
  one.every(({ name, weight }, index) => name === other[index]?.name && weight === other[index]?.weight);

const sumOf = (backends: readonly RouteBackend[]) => backends.reduce((sum, { weight }) => sum + weight, 0);

const percentOf = (backends: readonly RouteBackend[], weight: number) =>
  sumOf(backends) === 0 ? 0 : Math.round((weight * 100) / sumOf(backends));

/** The backend whose share changes most: what the envelope bounds. */
function mostMoved(before: readonly RouteBackend[], after: readonly RouteBackend[]) {
  return after
    .map(({ name, weight }, index) => ({
      name,
      from: percentOf(before, before[index]?.weight ?? 0),
      to: percentOf(after, weight),
    }))
    .reduce((most, each) => (Math.abs(each.to - each.from) > Math.abs(most.to - most.from) ? each : most));
}

const splitOf = (backends: readonly RouteBackend[]) =>
  backends.length === 0 ? 'nothing' : backends.map(({ name, weight }) => `${name} ${weight}`).join(', ');

const patch = ({ namespace, name, rule }: RouteWeights, to: readonly RouteBackend[]) =>
  commandOf(
    ...['kubectl', '-n', namespace, 'patch', `httproute/${name}`, '--type=json', '-p'],
    JSON.stringify(
      to.map(({ weight }, index) => ({
        op: 'add',
        path: `/spec/rules/${rule}/backendRefs/${index}/weight`,
        value: weight,
      })),
    ),
  );
