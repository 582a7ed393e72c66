import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { IngressState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction } from './action.ts';

const Input = ObjectTarget.omit({ kind: true }).extend({ weight: z.number().int().min(0).max(1_000_000) });
type Input = z.infer<typeof Input>;
const Seen = z.object({ uid: z.string(), annotation: z.string(), weight: z.number() });

/** Sets the weight that an Ingress publishes. The envelope bounds it and the step. */
export const shiftTraffic = defineAction<'cluster', Input>({
  name: 'shift-traffic',
  on: 'cluster',
  purpose:
    'Set the weight of an Ingress: its weighted DNS record (external-dns, 0 to 255) or its canary weight (ingress-nginx, 0 to 100).',
  input: Input,
  permissions: [
    { verb: 'get', resource: 'ingresses' },
    { verb: 'list', resource: 'deployments' },
    { verb: 'patch', resource: 'ingresses' },
  ],
  target: ({ cluster, namespace, name }): Target => ({ cluster, kind: 'Ingress', namespace, name }),

  async plan(input, cluster, signal) {
    const now = await cluster.ingress(input, signal);
    const { annotation, weight, most } = theWeight(input, now);
    if (input.weight > most) {
      throw new Failure('bad_input', `${annotation} takes a weight of 0 to ${most}, not ${input.weight}`);
    }
    if (weight === input.weight) {
      throw new Failure('conflict', `${input.namespace}/${input.name} has the weight ${weight} already`);
    }
    return {
      title: `Shift traffic of ${input.name.slice(0, 120)}: weight ${weight} to ${input.weight}`,
      command: annotate(input, annotation, input.weight),
      blastRadius: {
        class: now.backends.length > 1 ? 'namespace' : 'deployment',
        sentence: reachOf(now),
      },
      reversible: true,
      backOutCommand: annotate(input, annotation, weight),
      preconditions: [
        `${input.name} still has the weight ${weight}`,
        'what share of the requests follows depends on the weights of the others',
      ],
      serviceTier: now.serviceTier,
      managedBy: now.managedBy,
      concerns: now.backends,
      moves: { of: 'weight', from: weight, to: input.weight },
      seen: { uid: now.uid, annotation, weight },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.ingress(input, signal);
    if (now.uid !== seen.uid) return { kind: 'drifted', because: 'the Ingress was deleted and made again' };
    const [only, ...others] = now.weights;
    if (!only || others.length > 0 || only.annotation !== seen.annotation) {
      return { kind: 'drifted', because: 'it publishes its weight in another way' };
    }
    if (only.value !== String(seen.weight)) {
      return { kind: 'drifted', because: `its weight is ${only.value}, was ${seen.weight}` };
    }
    return { kind: 'unchanged' };
  },

  execute({ weight, ...ref }, seenRecord, control, options, signal) {
    const { uid, annotation, weight: before } = Seen.parse(seenRecord);
    const change = { annotation, to: String(weight), expected: { uid, value: String(before) } };
    return control.setIngressWeight(ref, change, options, signal);
  },
  backOut: (input, seen) => ({ ...input, weight: Seen.parse(seen).weight }),
});

/** Its one weight as a number that can be put back exactly as it stood. */
function theWeight(
  { namespace, name }: Input,
  { weights }: IngressState,
): { annotation: string; weight: number; most: number } {
  const [only, ...others] = weights;
  if (!only) throw new Failure('not_found', `${namespace}/${name} publishes no weight`);
  if (others.length > 0) {
    throw new Failure('conflict', `${namespace}/${name} publishes several weights: shift it by hand`);
  }
  if (!/^(0|[1-9]\d{0,6})$/.test(only.value)) {
    throw new Failure('conflict', `${namespace}/${name} has a weight that is no whole number`);
  }
  return { annotation: only.annotation, weight: Number(only.value), most: only.most };
}

function reachOf({ hosts, backends, serviceTier }: IngressState): string {
  const to = backends.length === 0 ? 'to no service' : `to ${backends.slice(0, 5).join(', ')}`;
  const from = hosts.length === 0 ? 'any host' : hosts.slice(0, 3).join(', ');
  const tier = serviceTier === null ? 'service of unknown tier' : `tier-${serviceTier} service`;
  return `1 ingress, traffic of ${from} ${to}; ${tier}`;
}

const annotate = ({ namespace, name }: Input, annotation: string, weight: number) =>
  `kubectl -n ${namespace} annotate ingress/${name} ${annotation}=${weight} --overwrite`;
