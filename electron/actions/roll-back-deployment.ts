import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { ClusterReader, DeploymentState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction, inNamespace } from './action.ts';
import { counted, tierText } from './parts/counted.ts';
import { oneWorkload, planFacts } from './parts/plan-facts.ts';
import { traceOf } from './parts/trace.ts';

const Input = ObjectTarget.extend({ kind: z.literal('Deployment'), to: z.number().int().positive() });
const Seen = z.object({
  uid: z.string(),
  revision: z.number(),
  templateDigest: z.string(),
  paused: z.boolean(),
  wantedDigest: z.string(),
  keepsData: z.boolean(),
});

const rights = [
  inNamespace('get', 'apps', 'deployments'),
  inNamespace('list', 'apps', 'replicasets'),
  inNamespace('patch', 'apps', 'deployments'),
];
/** For the backup of what keeps data. */
const backupRights = [inNamespace('list', 'batch', 'jobs'), inNamespace('list', '', 'pods')];

/** Puts an earlier pod template of a Deployment back. */
export const rollBackDeployment = defineAction<'cluster', z.infer<typeof Input>>({
  name: 'roll-back-deployment',
  on: 'cluster',
  purpose: 'Roll a Deployment back to a revision that the cluster still holds.',
  input: Input,
  permissions: [...rights, ...backupRights],
  needs: (_input, { keepsData }) => (keepsData === true ? [...rights, ...backupRights] : rights),
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
      ...planFacts(now),
      touches: oneWorkload(input.name, now.desiredReplicas, now.serviceTier),
      concerns: [],
      moves: null,
      seen: {
        uid: now.uid,
        revision: now.revision,
        templateDigest: now.templateDigest,
        paused: now.paused,
        wantedDigest: wanted.templateDigest,
        keepsData: now.keepsData,
      },
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

  execute(input, seenRecord, control, options, signal) {
    const { uid, templateDigest } = Seen.parse(seenRecord);
    return control.rollTo(input, { revision: input.to, expected: { uid, templateDigest } }, options, signal);
  },
  backOut: (input, seen) => ({
    action: 'roll-back-deployment',
    input: { ...input, to: Seen.parse(seen).revision },
  }),

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, templateDigest, wantedDigest } = Seen.parse(seenRecord);
    const now = async () => ofTemplate((await cluster.deployment(input, signal)).templateDigest);
    const change = { before: ofTemplate(templateDigest), after: ofTemplate(wantedDigest), now };
    return traceOf(cluster, { ref: input, uid }, lost, change, signal);
  },
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

const ofTemplate = (digest: string) => `of the pod template ${digest.slice(0, 12)}`;

const countOf = ({ desiredReplicas, serviceTier }: DeploymentState) =>
  `1 deployment, ${counted(desiredReplicas, 'pod')}, ${tierText(serviceTier)}`;

/** The tag of the first image, which is what people call the version. */
const versionOf = (images: readonly string[]) => {
  const image = images[0] ?? 'an image without a name';
  const tag = image.split('@')[0]?.split('/').at(-1)?.split(':')[1];
  return tag ?? image;
};
