import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { WorkloadState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction } from './action.ts';

const Input = ObjectTarget.extend({
  kind: z.enum(['Deployment', 'StatefulSet']),
  /** Left out to restart; the way back names the mark that stood there before, or null for none. */
  restartedAt: z.string().max(100).nullable().optional(),
});
type Input = z.infer<typeof Input>;
const Seen = z.object({
  uid: z.string(),
  templateDigest: z.string(),
  restartedAt: z.string().nullable(),
});

/** Replaces the pods of a workload by new ones of the same template. */
export const restartWorkload = defineAction<'cluster', Input>({
  name: 'restart-workload',
  on: 'cluster',
  purpose:
    'Replace the pods of a Deployment or StatefulSet by new ones of the same template, as kubectl rollout restart does.',
  input: Input,
  permissions: [
    { verb: 'get', resource: 'deployments' },
    { verb: 'get', resource: 'statefulsets' },
    { verb: 'patch', resource: 'deployments' },
    { verb: 'patch', resource: 'statefulsets' },
  ],
  target: ({ restartedAt: _mark, ...target }): Target => target,

  async plan(input, cluster, signal) {
    const now = await cluster.workload(input, signal);
    const where = `${input.namespace}/${input.name}`;
    if (now.paused) throw new Failure('conflict', `${where} is paused: nothing would be replaced`);
    if (now.desiredReplicas === 0) throw new Failure('conflict', `${where} has no pods to replace`);
    if (input.restartedAt === now.restartedAt) {
      throw new Failure('conflict', `${where} has that mark already`);
    }
    const stateless = isStateless(input, now);
    return {
      title: `Restart ${input.name.slice(0, 200)}`,
      command: input.restartedAt === undefined ? restart(input) : undo(input),
      blastRadius: { class: 'deployment', sentence: countOf(input, now) },
      reversible: stateless,
      backOutCommand: stateless ? undo(input) : '',
      preconditions: [
        `${input.name} still has the same pod template`,
        stateless
          ? 'its pods hold nothing that must outlive them: caches and open connections are lost, and the way back replaces the pods once more'
          : 'its pods keep data or are not replaced a few at a time: what a restart ends, nothing brings back',
      ],
      serviceTier: now.serviceTier,
      managedBy: now.managedBy,
      concerns: [],
      moves: null,
      seen: { uid: now.uid, templateDigest: now.templateDigest, restartedAt: now.restartedAt },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.workload(input, signal);
    if (now.uid !== seen.uid)
      return { kind: 'drifted', because: `the ${input.kind} was deleted and made again` };
    if (now.templateDigest !== seen.templateDigest) {
      return { kind: 'drifted', because: 'its pod template was changed, which replaces the pods anyway' };
    }
    if (now.restartedAt !== seen.restartedAt) return { kind: 'drifted', because: 'it was restarted already' };
    if (now.paused) return { kind: 'drifted', because: 'paused' };
    return { kind: 'unchanged' };
  },

  execute({ restartedAt, ...ref }, seenRecord, control, options, signal) {
    const seen = Seen.parse(seenRecord);
    const to = restartedAt === undefined ? markAt(options.atMs) : restartedAt;
    const expected = { uid: seen.uid, value: seen.restartedAt };
    return control.markRestart(ref, { to, expected }, options, signal);
  },
  backOut: (input, seen) => ({ ...input, restartedAt: Seen.parse(seen).restartedAt }),
});

/** What loses nothing by a restart: many pods, replaced a few at a time, with no data of their own. */
const isStateless = ({ kind }: Input, { rolls, keepsData, desiredReplicas }: WorkloadState) =>
  kind === 'Deployment' && rolls && !keepsData && desiredReplicas > 1;

/** To the second, as kubectl writes it. */
const markAt = (atMs: number) => new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

const typeOf = ({ kind }: Input) => kind.toLowerCase();
const restart = (input: Input) =>
  `kubectl -n ${input.namespace} rollout restart ${typeOf(input)}/${input.name}`;
const undo = (input: Input) => `kubectl -n ${input.namespace} rollout undo ${typeOf(input)}/${input.name}`;

const countOf = (input: Input, { desiredReplicas, readyReplicas, serviceTier }: WorkloadState) =>
  `1 ${typeOf(input)}, ${desiredReplicas} ${desiredReplicas === 1 ? 'pod' : 'pods'} (${readyReplicas} ready), ${
    serviceTier === null ? 'service of unknown tier' : `tier-${serviceTier} service`
  }`;
