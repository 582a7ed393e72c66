import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { DeploymentState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { type ActionOn, defineAction, inNamespace } from './action.ts';
import { counted, tierText } from './parts/counted.ts';
import { oneWorkload, planFacts } from './parts/plan-facts.ts';
import { commandOf } from './parts/quoted.ts';
import { traceOf } from './parts/trace.ts';

const Input = ObjectTarget.extend({ kind: z.literal('Deployment') });
type Input = z.infer<typeof Input>;
const Seen = z.object({
  uid: z.string(),
  paused: z.boolean(),
  templateDigest: z.string(),
  keepsData: z.boolean(),
});

const rights = [inNamespace('get', 'apps', 'deployments'), inNamespace('patch', 'apps', 'deployments')];
/** For the backup of what keeps data. */
const backupRights = [inNamespace('list', 'batch', 'jobs'), inNamespace('list', '', 'pods')];

const switching = (to: boolean): Omit<ActionOn<'cluster', Input>, 'name' | 'purpose' | 'backOut'> => ({
  on: 'cluster',
  input: Input,
  permissions: [...rights, ...backupRights],
  needs: (_input, { keepsData }) => (keepsData === true ? [...rights, ...backupRights] : rights),
  target: (input): Target => input,

  async plan(input, cluster, signal) {
    const now = await cluster.deployment(input, signal);
    const { paused, desiredReplicas, updatedReplicas } = now;
    if (paused === to) {
      throw new Failure(
        'conflict',
        `${input.namespace}/${input.name} is ${to ? 'paused' : 'not paused'} already`,
      );
    }
    const pending = desiredReplicas - updatedReplicas;
    return {
      title: `${to ? 'Pause' : 'Resume'} the rollout of ${input.name.slice(0, 200)}`,
      command: rollout(input, to),
      blastRadius: { class: 'deployment', sentence: countOf(now) },
      reversible: true,
      backOutCommand: rollout(input, !to),
      preconditions: [
        `${input.name} is still ${paused ? 'paused' : 'not paused'}, its pod template unchanged`,
        ...(to && pending > 0 ? ['while it is paused, pods of both templates serve'] : []),
        ...(!to && pending > 0
          ? [
              `${counted(pending, 'pod')} will be replaced; those that have been stay so when it is paused again`,
            ]
          : []),
      ],
      ...planFacts(now),
      touches: oneWorkload(input.name, to ? 0 : Math.max(0, pending), now.serviceTier),
      concerns: [],
      moves: null,
      seen: { uid: now.uid, paused, templateDigest: now.templateDigest, keepsData: now.keepsData },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.deployment(input, signal);
    if (now.uid !== seen.uid)
      return { kind: 'drifted', because: 'the Deployment was deleted and made again' };
    if (now.paused !== seen.paused) return { kind: 'drifted', because: now.paused ? 'paused' : 'resumed' };
    if (now.templateDigest !== seen.templateDigest)
      return { kind: 'drifted', because: 'its pod template was changed' };
    return { kind: 'unchanged' };
  },

  execute(input, seenRecord, control, options, signal) {
    const { uid, paused } = Seen.parse(seenRecord);
    return control.setPaused(input, { to, expected: { uid, is: paused } }, options, signal);
  },

  tryBackOut(input, seenRecord, control, options, signal) {
    const { uid, paused } = Seen.parse(seenRecord);
    return control.setPaused(input, { to: !to, expected: { uid, is: paused } }, options, signal);
  },

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, paused } = Seen.parse(seenRecord);
    const now = async () => inWords((await cluster.deployment(input, signal)).paused);
    const change = { before: inWords(paused), after: inWords(to), now };
    return traceOf(cluster, { ref: input, uid }, lost, change, signal);
  },
});

/** Holds a rollout where it is: pods that have not been replaced yet stay. */
export const pauseRollout = defineAction<'cluster', Input>({
  ...switching(true),
  name: 'pause-rollout',
  purpose: 'Pause the rollout of a Deployment: pods that have not been replaced yet stay as they are.',
  backOut: (input) => ({ action: 'resume-rollout', input }),
});

export const resumeRollout = defineAction<'cluster', Input>({
  ...switching(false),
  name: 'resume-rollout',
  purpose: 'Resume the paused rollout of a Deployment.',
  backOut: (input) => ({ action: 'pause-rollout', input }),
});

const inWords = (paused: boolean) => (paused ? 'paused' : 'not paused');

const countOf = ({ desiredReplicas, readyReplicas, updatedReplicas, serviceTier }: DeploymentState) =>
  `1 deployment, ${counted(desiredReplicas, 'pod')} (${readyReplicas} ready, ${updatedReplicas} of the newest template), ${tierText(serviceTier)}`;

const rollout = ({ namespace, name }: Input, paused: boolean) =>
  commandOf('kubectl', '-n', namespace, 'rollout', paused ? 'pause' : 'resume', `deployment/${name}`);
