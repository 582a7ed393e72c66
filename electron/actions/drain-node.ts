import { z } from 'zod';
import { ObjectTarget } from '../../shared/vocabulary/proposal.ts';
import type { ClusterControl, NodePod, WriteResult } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction, type ExecuteOptions, type Permission } from './action.ts';
import { counted, someOf, tierText } from './parts/counted.ts';
import {
  carriedBy,
  driftOfNode,
  movable,
  NodeInput,
  nodeBackupRights,
  nodeFacts,
  nodeRights,
  nodeTarget,
} from './parts/node.ts';
import { commandOf } from './parts/quoted.ts';

type Input = z.infer<typeof NodeInput>;
const PodRef = z.object({
  namespace: ObjectTarget.shape.namespace,
  name: ObjectTarget.shape.name,
  uid: z.string(),
});
type PodRef = z.infer<typeof PodRef>;
const Seen = z.object({
  uid: z.string(),
  unschedulable: z.boolean(),
  pods: z.array(PodRef),
  keepsData: z.boolean(),
});

/** How long a disruption budget is waited for, for one pod. */
const PATIENCE_MS = 120_000;
/** What is longer is no answer to an incident. */
const TAKES_MS = 20 * 60_000;

const rights: readonly Permission[] = [
  ...nodeRights,
  { verb: 'get', group: '', resource: 'pods', scope: 'cluster' },
  { verb: 'create', group: '', resource: 'pods/eviction', scope: 'cluster' },
];

/**
 * Cordons a node and evicts its pods one after the other, as far as disruption budgets allow. Several requests of one
 * execution: each leaves once, none follows a stop, and what was moved is said pod by pod.
 */
export const drainNode = defineAction<'cluster', Input>({
  name: 'drain-node',
  on: 'cluster',
  purpose:
    'Drain a node: cordon it and evict its pods one by one as far as disruption budgets allow; pods of DaemonSets stay.',
  input: NodeInput,
  permissions: [...rights, ...nodeBackupRights],
  needs: (_input, { keepsData }) => (keepsData === true ? [...rights, ...nodeBackupRights] : rights),
  takesMs: TAKES_MS,
  target: nodeTarget,

  async plan(input, cluster, signal) {
    const now = await cluster.node(input.name, signal);
    const pods = movable(now.pods);
    const obstacle = obstacleTo(input, pods);
    if (obstacle) throw obstacle;
    const { tier, namespaces, ...touches } = carriedBy(pods);
    const facts = nodeFacts(pods);
    const scratch = pods.filter(({ hasScratch }) => hasScratch).length;
    const blocked = pods.filter(({ budgets }) =>
      budgets.some(({ disruptionsAllowed }) => disruptionsAllowed < 1),
    );
    return {
      title: `Drain ${input.name.slice(0, 200)}`,
      command: commandOf(
        ...['kubectl', 'drain', input.name, '--ignore-daemonsets'],
        ...(scratch > 0 ? ['--delete-emptydir-data'] : []),
      ),
      blastRadius: {
        class: namespaces > 1 ? 'cluster' : 'namespace',
        sentence: `1 node, ${counted(pods.length, 'pod')} of ${counted(touches.workloads.length, 'workload')} in ${counted(namespaces, 'namespace')} (${someOf(touches.workloads)}), ${tierText(tier)}; ${now.pods.length - pods.length} stay`,
      },
      reversible: !facts.keepsData,
      backOutCommand: facts.keepsData ? '' : commandOf('kubectl', 'uncordon', input.name),
      preconditions: [
        `no pod but those ${pods.length} has come to ${input.name}`,
        ...(blocked.length === 0
          ? []
          : [
              `disruption budgets allow none of ${someOf(blocked.map(({ name }) => name))} to go now: they are waited for`,
            ]),
        ...(scratch === 0 ? [] : [`scratch directories of ${counted(scratch, 'pod')} end with them`]),
        facts.keepsData
          ? 'some of them keep data: what their end interrupts, nothing brings back'
          : 'the way back lets pods onto the node again; those that were moved stay where they are',
      ],
      ...facts,
      touches,
      concerns: touches.workloads,
      moves: null,
      seen: {
        uid: now.uid,
        unschedulable: now.unschedulable,
        pods: pods.map(({ namespace, name, uid }) => ({ namespace, name, uid })),
        keepsData: now.pods.some(({ keepsData }) => keepsData),
      },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. Pods that went by themselves are no drift. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.node(input.name, signal);
    const drift = driftOfNode(seen, now);
    if (drift.kind === 'drifted') return drift;
    const known = new Set(seen.pods.map(({ uid }) => uid));
    const come = movable(now.pods).filter(({ uid }) => !known.has(uid));
    if (come.length === 0) return { kind: 'unchanged' };
    return { kind: 'drifted', because: `pods have come to it: ${someOf(come.map(({ name }) => name))}` };
  },

  async execute(input, seenRecord, control, options, signal) {
    const { uid, unschedulable, pods } = Seen.parse(seenRecord);
    if (options.halt?.aborted)
      return { kind: 'not-applied', because: 'It was stopped before anything was sent' };
    if (!unschedulable) {
      const expected = { uid, is: false };
      const cordoned = await control.setUnschedulable(input.name, { to: true, expected }, options, signal);
      if (cordoned.kind !== 'applied') return cordoned;
      options.tell?.(cordoned.sentence);
    }
    return movePods({ input, pods, control, options, signal });
  },

  backOut: (input) => ({ action: 'uncordon-node', input }),

  tryBackOut(input, seenRecord, control, options, signal) {
    const { uid, unschedulable } = Seen.parse(seenRecord);
    const expected = { uid, is: unschedulable };
    return control.setUnschedulable(input.name, { to: false, expected }, options, signal);
  },

  async trace(input, seenRecord, { intent }, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const ref = { kind: 'Node', namespace: '', name: input.name } as const;
    const found = await cluster.markOf(intent, ref, signal);
    if (found?.uid !== seen.uid) {
      return { kind: 'cannot-tell', evidence: `the node ${input.name} is no longer there as it was` };
    }
    const now = await cluster.node(input.name, signal);
    const there = new Set(movable(now.pods).map((pod) => pod.uid));
    const gone = seen.pods.filter((pod) => !there.has(pod.uid));
    const counts = `of its ${counted(seen.pods.length, 'pod')} ${gone.length === 0 ? 'all are still there' : `these are gone or on their way out: ${namesOf(gone)}`}`;
    if (found.mark) {
      return { kind: 'was', evidence: `${input.name} names ${intent} as who cordoned it; ${counts}` };
    }
    const isAsBefore = now.unschedulable === seen.unschedulable && gone.length === 0;
    return isAsBefore
      ? { kind: 'was-not', evidence: `${input.name} does not name ${intent}, and ${counts}` }
      : { kind: 'cannot-tell', evidence: `${input.name} does not name ${intent}, but ${counts}` };
  },
});

function obstacleTo({ name }: Input, pods: readonly NodePod[]): Failure | null {
  if (pods.length === 0)
    return new Failure('conflict', `${name} has no pods that could be moved: cordon it instead`);
  const lonely = pods.filter(({ controller }) => controller === null);
  if (lonely.length > 0) {
    return new Failure(
      'conflict',
      `Nothing would put others in the place of these pods on ${name}: ${namesOf(lonely)}`,
    );
  }
  const twice = pods.filter(({ budgets }) => budgets.length > 1);
  return twice.length === 0
    ? null
    : new Failure(
        'conflict',
        `The server evicts no pod of more than one disruption budget: ${namesOf(twice)}`,
      );
}

type Drain = {
  input: Input;
  pods: readonly PodRef[];
  control: ClusterControl;
  options: ExecuteOptions;
  signal: AbortSignal;
};

/** What became of each pod so far. */
type Tally = { moved: PodRef[]; gone: PodRef[]; kept: string[] };

/** INVARIANT: one eviction a pod, none after a stop, and none after an answer that leaves it open what happened. */
async function movePods({ input, pods, control, options, signal }: Drain): Promise<WriteResult> {
  const tally: Tally = { moved: [], gone: [], kept: [] };
  for (const [index, pod] of pods.entries()) {
    const isStopped = await waitForBudget(pod, { control, options, signal });
    if (isStopped !== null) {
      tally.kept.push(`${namesOf(pods.slice(index))} (${isStopped})`);
      break;
    }
    const result = await control.evict(pod, { uid: pod.uid }, options, signal);
    const name = `${pod.namespace}/${pod.name}`;
    if (result.kind === 'unknown') {
      const so = tally.moved.length === 0 ? '' : ` Evicted before: ${namesOf(tally.moved)}.`;
      return { kind: 'unknown', because: `${name}: ${result.because}${so}` };
    }
    if (result.kind === 'applied') tally.moved.push(pod);
    else if (result.gone) tally.gone.push(pod);
    else if (options.dryRun && result.budget !== true) return result;
    else tally.kept.push(`${name} (${result.because})`);
    const said = result.kind === 'applied' ? result.sentence : `${name}: ${result.because}`;
    options.tell?.(`${index + 1} of ${pods.length}: ${said}`);
  }
  return ended(input, tally, options);
}

/** Waits as long as one pod is waited for; why nothing further may be sent, or null. */
async function waitForBudget(
  pod: PodRef,
  { control, options: { dryRun, halt }, signal }: Pick<Drain, 'control' | 'options' | 'signal'>,
): Promise<string | null> {
  const ends = [signal, ...(halt ? [halt] : [])];
  // A trial asks the server about each pod as things stand.
  if (!dryRun) {
    const patience = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...ends]);
    await control.budgetAllows(pod, patience);
  }
  if (halt?.aborted) return 'it was stopped';
  return signal.aborted ? 'its time was over' : null;
}

function ended({ name }: Input, { moved, gone, kept }: Tally, { dryRun }: ExecuteOptions): WriteResult {
  const evicted = moved.length === 0 ? 'no pod was evicted' : `evicted ${namesOf(moved)}`;
  const left = dryRun ? 'not allowed now, and to be waited for' : 'left where they are';
  const sentence = [
    `${dryRun ? 'In a trial run the server accepted it: ' : ''}${name} is cordoned${kept.length === 0 ? ' and drained' : ''}`,
    evicted,
    ...(gone.length === 0 ? [] : [`gone by themselves: ${namesOf(gone)}`]),
    ...(kept.length === 0 ? [] : [`${left}: ${someOf(kept, 50)}`]),
  ].join('; ');
  return { kind: 'applied', sentence, ...(kept.length === 0 ? {} : { partly: true }) };
}

const namesOf = (pods: readonly { namespace: string; name: string }[]) =>
  someOf(
    pods.map(({ namespace, name }) => `${namespace}/${name}`),
    100,
  );
