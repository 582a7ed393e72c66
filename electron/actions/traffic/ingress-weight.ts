import { z } from 'zod';
import { ObjectTarget } from '../../../shared/vocabulary/proposal.ts';
import type { IngressState } from '../../connectors/source.ts';
import { Failure } from '../../platform/failure.ts';
import { inNamespace } from '../action.ts';
import { tierText } from '../parts/counted.ts';
import { planFacts } from '../parts/plan-facts.ts';
import { commandOf } from '../parts/quoted.ts';
import { traceOf } from '../parts/trace.ts';
import type { Way } from './way.ts';

/** The kind may be left out: an Ingress is what traffic was shifted by first. */
export const IngressWeight = ObjectTarget.extend({
  kind: z.literal('Ingress').default('Ingress'),
  weight: z.number().int().min(0).max(1_000_000),
});
export type IngressWeight = z.output<typeof IngressWeight>;
const Seen = z.object({ uid: z.string(), annotation: z.string(), weight: z.number() });

/** The weight that an Ingress publishes: its weighted DNS record, or its share as a canary. */
export const ingressWeight: Way<IngressWeight> = {
  permissions: [
    inNamespace('get', 'networking.k8s.io', 'ingresses'),
    inNamespace('list', 'apps', 'deployments'),
    inNamespace('patch', 'networking.k8s.io', 'ingresses'),
  ],

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
      ...planFacts(now),
      touches: {
        pods: 0,
        workloads: [],
        services: now.backends.map((name) => ({ name, tier: now.serviceTier })),
      },
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

  back: (input, seen) => ({ ...input, weight: Seen.parse(seen).weight }),

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, annotation, weight } = Seen.parse(seenRecord);
    const of = (value: number | string) => `of weight ${value}`;
    const change = {
      before: of(weight),
      after: of(input.weight),
      now: async () => {
        const { weights } = await cluster.ingress(input, signal);
        return of(weights.find((each) => each.annotation === annotation)?.value ?? 'none');
      },
    };
    return traceOf(cluster, { ref: input, uid }, lost, change, signal);
  },
};

/** Its one weight as a number that can be put back exactly as it stood. */
function theWeight(
  { namespace, name }: IngressWeight,
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
  return `1 ingress, traffic of ${from} ${to}; ${tierText(serviceTier)}`;
}

const annotate = ({ namespace, name }: IngressWeight, annotation: string, weight: number) =>
  commandOf(
    ...['kubectl', '-n', namespace, 'annotate', `ingress/${name}`, `${annotation}=${weight}`, '--overwrite'],
  );
