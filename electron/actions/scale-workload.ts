import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction } from './action.ts';

const Input = ObjectTarget.extend({
  kind: z.literal('Deployment'),
  replicas: z.number().int().min(0).max(10_000),
});
const Seen = z.object({ uid: z.string(), desiredReplicas: z.number() });

/** Sets the replica count of a Deployment. The envelope bounds it. */
export const scaleWorkload = defineAction<'cluster', z.infer<typeof Input>>({
  name: 'scale-workload',
  on: 'cluster',
  purpose: 'Set how many replicas a Deployment runs.',
  input: Input,
  permissions: [
    { verb: 'get', resource: 'deployments' },
    { verb: 'patch', resource: 'deployments/scale' },
  ],
  target: ({ replicas: _replicas, ...target }) => target,

  async plan(input, cluster, signal) {
    const now = await cluster.deployment(input, signal);
    if (now.desiredReplicas === input.replicas) {
      throw new Failure(
        'conflict',
        `${input.namespace}/${input.name} already wants ${input.replicas} replicas`,
      );
    }
    return {
      title: `Scale ${input.name} from ${now.desiredReplicas} to ${input.replicas}`,
      command: scale(input, input.replicas),
      blastRadius: {
        class: 'deployment',
        sentence: `1 deployment, ${now.desiredReplicas} to ${input.replicas} pods, ${
          now.serviceTier === null ? 'service of unknown tier' : `tier-${now.serviceTier} service`
        }`,
      },
      reversible: true,
      backOutCommand: scale(input, now.desiredReplicas),
      preconditions: [`${input.name} still wants ${now.desiredReplicas} replicas`],
      serviceTier: now.serviceTier,
      managedBy: now.managedBy,
      concerns: [],
      moves: { of: 'replicas', from: now.desiredReplicas, to: input.replicas },
      seen: { uid: now.uid, desiredReplicas: now.desiredReplicas },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.deployment(input, signal);
    if (now.uid !== seen.uid)
      return { kind: 'drifted', because: 'the Deployment was deleted and made again' };
    if (now.desiredReplicas !== seen.desiredReplicas) {
      return {
        kind: 'drifted',
        because: `wants ${now.desiredReplicas} replicas, was ${seen.desiredReplicas}`,
      };
    }
    return { kind: 'unchanged' };
  },

  execute: (input, _seen, control, options, signal) =>
    control.scaleTo(input, input.replicas, options, signal),
  backOut: (input, seen) => ({ ...input, replicas: Seen.parse(seen).desiredReplicas }),
});

const scale = ({ namespace, name }: Target, replicas: number) =>
  `kubectl -n ${namespace} scale deployment/${name} --replicas=${replicas}`;
