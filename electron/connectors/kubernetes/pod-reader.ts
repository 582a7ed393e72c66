import { Failure } from '../../platform/failure.ts';
import type { NodeState, ObjectRef, PodState } from '../source.ts';
import { readBackup, soundsLikeBackup } from './backup-reader.ts';
import type { ClusterApi } from './cluster-api.ts';
import { claimsVolumes } from './data-marks.ts';
import { isKeeping } from './kept-reader.ts';
import { tierOf } from './marks.ts';
import { ownedBy } from './ownership.ts';
import { allPath, nodePath, objectPath } from './paths.ts';
import { staysOnNode, workloadOf } from './pod-owner.ts';
import { Workload } from './resources.ts';
import { DisruptionBudget, isReady, Node, Pod, selects } from './surroundings.ts';

export async function readPod(api: ClusterApi, ref: ObjectRef, signal: AbortSignal): Promise<PodState> {
  const pod = await api.get(Pod, objectPath('Pod', ref), signal);
  const around = await readAround(api, ref.namespace, signal);
  return stateOf(api, pod, around, signal);
}

/** Every pod on the node, in whichever namespace; what is over holds nothing up. */
export async function readNode(api: ClusterApi, name: string, signal: AbortSignal): Promise<NodeState> {
  const { metadata, spec, status } = await api.get(Node, nodePath(name), signal);
  const [{ items }, around] = await Promise.all([
    api.list(Pod, allPath('Pod', null), signal, { fieldSelector: `spec.nodeName=${name}` }),
    readAround(api, null, signal),
  ]);
  const live = items.filter(
    (pod) =>
      // Whatever a server makes of the selector, a pod of another node is never taken for one of this.
      pod.spec.nodeName === name && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed',
  );
  const unread = live.find((pod) => !pod.metadata.deletionTimestamp && isOfUnread(pod, around));
  if (unread) {
    throw new Failure(
      'refused',
      `What ${unread.metadata.namespace}/${unread.metadata.name} on ${name} belongs to cannot be read, so nobody can say what moving it does. Let its namespace be read (reads.namespaces of the envelope).`,
    );
  }
  const pods = live.map(async (pod) => ({
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    ...(await stateOf(api, pod, around, signal)),
  }));
  return {
    uid: metadata.uid,
    unschedulable: spec.unschedulable,
    isReady: status.conditions.some(({ type, status: holds }) => type === 'Ready' && holds === 'True'),
    pods: await Promise.all(pods),
  };
}

/** Whether the workload of a pod is one that should have been listed, and was not. */
function isOfUnread(pod: Pod, { workloads }: Around): boolean {
  const controller = workloadOf(pod);
  if (controller?.kind !== 'Deployment' && controller?.kind !== 'StatefulSet') return false;
  return !workloads.has(
    keyOf(controller.kind, { namespace: pod.metadata.namespace, name: controller.workload }),
  );
}

type Around = {
  workloads: Map<string, Workload & { kind: string }>;
  budgets: DisruptionBudget[];
  /** Backups by workload, each looked for once. */
  backups: Map<string, Promise<string | null>>;
};

async function readAround(api: ClusterApi, namespace: string | null, signal: AbortSignal): Promise<Around> {
  const [deployments, sets, { items: budgets }] = await Promise.all([
    api.list(Workload, allPath('Deployment', namespace), signal),
    api.list(Workload, allPath('StatefulSet', namespace), signal),
    api.list(DisruptionBudget, allPath('PodDisruptionBudget', namespace), signal),
  ]);
  const all = [
    ...deployments.items.map((item) => ({ kind: 'Deployment', ...item })),
    ...sets.items.map((item) => ({ kind: 'StatefulSet', ...item })),
  ];
  return {
    workloads: new Map(all.map((item) => [keyOf(item.kind, item.metadata), item])),
    budgets,
    backups: new Map(),
  };
}

const keyOf = (kind: string, { namespace, name }: ObjectRef) => `${kind} ${namespace}/${name}`;

async function stateOf(
  api: ClusterApi,
  pod: Pod,
  { workloads, budgets, backups }: Around,
  signal: AbortSignal,
): Promise<PodState> {
  const { metadata, spec } = pod;
  const { namespace } = metadata;
  const controller = workloadOf(pod);
  const key = controller ? keyOf(controller.kind, { namespace, name: controller.workload }) : '';
  const workload = workloads.get(key);
  const makesBackup = isOfBackup(pod);
  const keepsData = makesBackup || claimsVolumes(spec) || (workload !== undefined && isKeeping(workload));
  const backup =
    keepsData && workload ? (backups.get(key) ?? readBackup(api, workload.metadata, signal)) : null;
  if (backup) backups.set(key, backup);
  return {
    uid: metadata.uid,
    node: spec.nodeName ?? '',
    isReady: isReady(pod),
    isEnding: Boolean(metadata.deletionTimestamp),
    controller,
    staysOnNode: staysOnNode(pod),
    hasScratch: spec.volumes.some(({ emptyDir }) => emptyDir !== undefined && emptyDir !== null),
    readyOfWorkload: workload?.status.readyReplicas ?? (isReady(pod) ? 1 : 0),
    budgets: coveringOf(budgets, pod),
    serviceTier: workload ? tierOf(workload.metadata.labels) : tierOf(metadata.labels),
    ...ownedBy(workload?.metadata ?? metadata),
    keepsData,
    backupRunning: makesBackup
      ? `the Job ${controller?.workload ?? metadata.name} is making a backup`
      : await backup,
  };
}

/** A pod of a Job that is a backup: with it ends what has been copied so far. */
const isOfBackup = (pod: Pod): boolean => {
  const { metadata, spec } = pod;
  const controller = workloadOf(pod);
  if (controller?.kind !== 'Job') return false;
  const images = spec.containers.map(({ image }) => image);
  return soundsLikeBackup([controller.name, ...Object.values(metadata.labels), ...images]);
};

/** The budgets that cover a pod, and how many disruptions each allows now. */
export const coveringOf = (budgets: readonly DisruptionBudget[], { metadata }: Pod): PodState['budgets'] =>
  budgets
    .filter(
      (budget) =>
        budget.metadata.namespace === metadata.namespace &&
        budget.spec.selector &&
        selects(budget.spec.selector, metadata.labels),
    )
    .map(({ metadata: { name }, status }) => ({ name, disruptionsAllowed: status.disruptionsAllowed }));
