import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { ClusterReader, DeploymentState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction } from './action.ts';

const Input = ObjectTarget.extend({ kind: z.literal('Deployment'), to: z.number().int().positive() });
const Seen = z.object({
  uid: z.string(),
  revision: z.number(),
  templateDigest: z.string(),
  paused: z.boolean(),
});

/** Puts an earlier pod template of a Deployment back. */
export const rollBackDeployment = defineAction<'cluster', z.infer<typeof Input>>({
  name: 'roll-back-deployment',
  on: 'cluster',
  purpose: 'Roll a Deployment back to a revision that the cluster still holds.',
  input: Input,
  permissions: [
    { verb: 'get', resource: 'deployments' },
    { verb: 'list', resource: 'replicasets' },
    { verb: 'patch', resource: 'deployments' },
  ],
  target: ({ to: _to, ...target }) => target,

  async plan(input, cluster, signal) {
    const now = await cluster.deployment(input, signal);
    const wanted = await heldRevision(input, now, cluster, signal);
    return {
      title: `Roll back ${input.name} to ${versionOf(wanted.images)}`,
      command: undo(input, input.to),
      blastRadius: { class: 'deployment', sentence: countOf(now) },
      reversible: true,
      backOutCommand: undo(input, now.revision),
      preconditions: [
        `${input.name} is still at revision ${now.revision}`,
        `revision ${input.to} is still held by the cluster`,
      ],
      serviceTier: now.serviceTier,
      managedBy: now.managedBy,
      concerns: [],
      moves: null,
      seen: { uid: now.uid, revision: now.revision, templateDigest: now.templateDigest, paused: now.paused },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.deployment(input, signal);
    if (now.uid !== seen.uid)
      return { kind: 'drifted', because: 'the Deployment was deleted and made again' };
    if (now.templateDigest !== seen.templateDigest) {
      return {
        kind: 'drifted',
        because: `revision ${now.revision} (${versionOf(now.images)}), was ${seen.revision}`,
      };
    }
    if (now.paused !== seen.paused) return { kind: 'drifted', because: now.paused ? 'paused' : 'resumed' };
    const held = await cluster.revisions(input, signal);
    if (!held.some(({ revision }) => revision === input.to)) {
      return { kind: 'drifted', because: `revision ${input.to} is no longer held by the cluster` };
    }
    return { kind: 'unchanged' };
  },

  execute: (input, _seen, control, options, signal) => control.rollTo(input, input.to, options, signal),
  backOut: (input, seen) => ({ ...input, to: Seen.parse(seen).revision }),
});

async function heldRevision(
  input: z.infer<typeof Input>,
  now: DeploymentState,
  cluster: ClusterReader,
  signal: AbortSignal,
) {
  const held = await cluster.revisions(input, signal);
  const wanted = held.find(({ revision }) => revision === input.to);
  if (!wanted) {
    throw new Failure(
      'not_found',
      `${input.namespace}/${input.name} holds no revision ${input.to} to roll back to`,
    );
  }
  if (wanted.templateDigest === now.templateDigest) {
    throw new Failure(
      'conflict',
      `${input.namespace}/${input.name} already runs revision ${input.to}'s template`,
    );
  }
  return wanted;
}

const undo = ({ namespace, name }: Target, revision: number) =>
  `kubectl -n ${namespace} rollout undo deployment/${name} --to-revision=${revision}`;

const countOf = ({ desiredReplicas, serviceTier }: DeploymentState) =>
  `1 deployment, ${desiredReplicas} ${desiredReplicas === 1 ? 'pod' : 'pods'}, ${
    serviceTier === null ? 'service of unknown tier' : `tier-${serviceTier} service`
  }`;

/** The tag of the first image, which is what people call the version. */
const versionOf = (images: readonly string[]) => {
  const image = images[0] ?? 'an image without a name';
  const tag = image.split('@')[0]?.split('/').at(-1)?.split(':')[1];
  return tag ?? image;
};
