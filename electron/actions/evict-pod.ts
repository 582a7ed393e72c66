import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { PodState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction, inNamespace } from './action.ts';
import { tierText } from './parts/counted.ts';
import { oneWorkload, planFacts } from './parts/plan-facts.ts';
import { commandOf } from './parts/quoted.ts';

const Input = ObjectTarget.extend({ kind: z.literal('Pod') });
type Input = z.infer<typeof Input>;
const Seen = z.object({ uid: z.string(), node: z.string(), keepsData: z.boolean() });

const rights = [
  inNamespace('get', '', 'pods'),
  inNamespace('list', 'apps', 'deployments'),
  inNamespace('list', 'apps', 'statefulsets'),
  inNamespace('list', 'policy', 'poddisruptionbudgets'),
  inNamespace('create', '', 'pods/eviction'),
];
/** For the backup of what keeps data. */
const backupRights = [inNamespace('list', 'batch', 'jobs'), inNamespace('list', '', 'pods')];

/**
 * Asks for one pod to go, as far as disruption budgets allow; its controller puts another in its place. That is its way
 * back, and nothing has to be sent for it.
 */
export const evictPod = defineAction<'cluster', Input>({
  name: 'evict-pod',
  on: 'cluster',
  purpose:
    'Evict one pod, as far as its disruption budget allows; the workload that it belongs to puts another in its place.',
  input: Input,
  permissions: [...rights, ...backupRights],
  needs: (_input, { keepsData }) => (keepsData === true ? [...rights, ...backupRights] : rights),
  target: (input): Target => input,

  async plan(input, cluster, signal) {
    const now = await cluster.pod(input, signal);
    const controller = replacedBy(input, now);
    const isSafe = losesNothing(now);
    const [budget] = now.budgets;
    return {
      title: `Evict the pod ${input.name.slice(0, 200)}`,
      command: evict(input),
      blastRadius: { class: 'pod', sentence: countOf(now, controller) },
      reversible: isSafe,
      backOutCommand: isSafe ? waitFor(input, controller) : '',
      preconditions: [
        `${input.name} is still the same pod`,
        budget
          ? `the disruption budget ${budget.name} allows ${budget.disruptionsAllowed} disruptions now; the server refuses one too many`
          : 'no disruption budget covers it',
        isSafe
          ? `nothing has to be put back: the ${controller.kind} ${controller.workload} makes an equal pod, and the command waits for it`
          : 'it keeps data, or no other pod would serve meanwhile: what ends with it, nothing brings back',
        ...(now.hasScratch ? ['its scratch directories end with it'] : []),
      ],
      ...planFacts(now),
      touches: oneWorkload(controller.workload, 1, now.serviceTier),
      concerns: [controller.workload],
      moves: null,
      seen: { uid: now.uid, node: now.node, keepsData: now.keepsData },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.pod(input, signal);
    if (now.uid !== seen.uid) return { kind: 'drifted', because: 'another pod has come to bear that name' };
    if (now.isEnding) return { kind: 'drifted', because: 'it is on its way out already' };
    return { kind: 'unchanged' };
  },

  execute(input, seenRecord, control, options, signal) {
    const { uid } = Seen.parse(seenRecord);
    return control.evict(input, { uid }, options, signal);
  },
  backOut: () => null,

  /** An eviction leaves no name on what goes: only that the pod is still there tells anything for certain. */
  async trace(input, seenRecord, _lost, cluster, signal) {
    const { uid } = Seen.parse(seenRecord);
    const what = `the pod ${input.namespace}/${input.name}`;
    const now = await podIn(() => cluster.pod(input, signal));
    if (now?.uid === uid && !now.isEnding) {
      return { kind: 'was-not', evidence: `${what} (uid ${uid}) is still there and not on its way out` };
    }
    const is =
      now === null
        ? 'is gone'
        : now.uid === uid
          ? 'is on its way out'
          : 'is gone, and another bears its name';
    return {
      kind: 'cannot-tell',
      evidence: `${what} (uid ${uid}) ${is}, as an eviction does; a pod keeps no name of who ended it`,
    };
  },
});

async function podIn(read: () => Promise<PodState>): Promise<PodState | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return null;
    throw error;
  }
}

/** Who puts another in its place; without anybody the pod would simply be gone. */
function replacedBy({ namespace, name }: Input, now: PodState): NonNullable<PodState['controller']> {
  const where = `${namespace}/${name}`;
  const { controller, isEnding, budgets } = now;
  if (isEnding) throw new Failure('conflict', `${where} is on its way out already`);
  if (!controller) throw new Failure('conflict', `Nothing would put another pod in the place of ${where}`);
  if (controller.kind === 'Node')
    throw new Failure('conflict', `${where} belongs to its node and stays there`);
  if (budgets.length > 1) {
    throw new Failure(
      'conflict',
      `${where} has more than one disruption budget: the server evicts no such pod`,
    );
  }
  return controller;
}

/** One that serves is not missed while others do; one that does not serve is not missed at all. */
const losesNothing = ({ keepsData, isReady, readyOfWorkload }: PodState) =>
  !keepsData && (!isReady || readyOfWorkload > 1);

/** There is no word of kubectl for it. */
function evict({ namespace, name }: Input): string {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  return `${commandOf('printf', '%s', JSON.stringify(body))} | ${commandOf('kubectl', 'create', '--raw', path, '-f', '-')}`;
}

const countOf = (
  { isReady, readyOfWorkload, serviceTier }: PodState,
  { kind, workload }: NonNullable<PodState['controller']>,
) =>
  `1 pod${isReady ? '' : ', which is not ready,'} of ${kind} ${workload} (${readyOfWorkload} ready), ${tierText(serviceTier)}`;

function waitFor({ namespace }: Input, { kind, workload }: NonNullable<PodState['controller']>): string {
  const rolls = kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet';
  return rolls
    ? commandOf('kubectl', '-n', namespace, 'rollout', 'status', `${kind.toLowerCase()}/${workload}`)
    : commandOf('kubectl', '-n', namespace, 'get', 'pods', '--watch');
}
