import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { WorkloadState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction, inNamespace } from './action.ts';
import { counted, tierText } from './parts/counted.ts';
import { oneWorkload, planFacts } from './parts/plan-facts.ts';
import { traceOf } from './parts/trace.ts';

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
  keepsData: z.boolean(),
});

const rights = (resource: 'deployments' | 'statefulsets') => [
  inNamespace('get', 'apps', resource),
  inNamespace('patch', 'apps', resource),
];
/** For the backup of what keeps data. */
const backupRights = [inNamespace('list', 'batch', 'jobs'), inNamespace('list', '', 'pods')];

/** Replaces the pods of a workload by new ones of the same template. */
export const restartWorkload = defineAction<'cluster', Input>({
  name: 'restart-workload',
  on: 'cluster',
  purpose:
    'Replace the pods of a Deployment or StatefulSet by new ones of the same template, as kubectl rollout restart does.',
  input: Input,
  permissions: [...rights('deployments'), ...rights('statefulsets'), ...backupRights],
  needs: ({ kind }, { keepsData }) => [
    ...rights(kind === 'Deployment' ? 'deployments' : 'statefulsets'),
    ...(keepsData === true ? backupRights : []),
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
      ...planFacts(now),
      touches: oneWorkload(input.name, now.desiredReplicas, now.serviceTier),
      concerns: [],
      moves: null,
      seen: {
        uid: now.uid,
        templateDigest: now.templateDigest,
        restartedAt: now.restartedAt,
        keepsData: now.keepsData,
      },
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
  backOut: (input, seen) => ({
    action: 'restart-workload',
    input: { ...input, restartedAt: Seen.parse(seen).restartedAt },
  }),

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, restartedAt } = Seen.parse(seenRecord);
    const to = input.restartedAt === undefined ? markAt(lost.atMs) : input.restartedAt;
    const now = async () => marked((await cluster.workload(input, signal)).restartedAt);
    const change = { before: marked(restartedAt), after: marked(to), now };
    return traceOf(cluster, { ref: input, uid }, lost, change, signal);
  },
});

/** In words that can be compared. */
const marked = (mark: string | null) => (mark === null ? 'without the mark of a restart' : `marked ${mark}`);

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
  `1 ${typeOf(input)}, ${counted(desiredReplicas, 'pod')} (${readyReplicas} ready), ${tierText(serviceTier)}`;
