import { hash32 } from '../random.ts';
import type { Draft } from './object-store.ts';
import { type KubernetesObject, type Pod, type PodTemplate, timestamp } from './objects.ts';

type PodCondition = Pod['status']['conditions'][number];

/** Pods as every controller makes them, and as the kubelet starts them. */

/** On its way out: it gets no requests any more, and no controller counts on it. */
export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** Whether a pod gets requests. */
export const isReady = (pod: Pod): boolean =>
  !isTerminating(pod) &&
  pod.status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');

export const readySinceMs = (pod: Pod): number =>
  Date.parse(pod.status.conditions.find((condition) => condition.type === 'Ready')?.lastTransitionTime ?? '');

/** When what runs in a pod was started, however often it has been ready since. */
export function containerStartMs(pod: Pod): number {
  const startedAt = pod.status.containerStatuses[0]?.state['running']?.['startedAt'];
  return startedAt === undefined ? readySinceMs(pod) : Date.parse(String(startedAt));
}

/** What makes an object the property of its controller. */
export const ownerReference = (owner: KubernetesObject) => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** A pod as its controller creates it; without a node it waits to be scheduled. */
export function newPod(
  owner: KubernetesObject,
  template: PodTemplate,
  name: string,
  nodeName: string,
  atMs: number,
): Draft<'Pod'> {
  const at = timestamp(atMs);
  const spec = { ...template.spec, nodeName };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      generateName: `${owner.metadata.name}-`,
      labels: { ...template.metadata.labels },
      ...(template.metadata.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    spec,
    status: {
      phase: 'Pending',
      startTime: at,
      conditions: [
        scheduledCondition(nodeName, at),
        { type: 'Ready', status: 'False', lastTransitionTime: at, reason: 'ContainersNotReady' },
      ],
      containerStatuses: containerStatuses({ spec }, false, { waiting: { reason: 'ContainerCreating' } }),
    },
  };
}

/** Whether a pod has a node, as the scheduler says it. */
export function scheduledCondition(nodeName: string, at: string): PodCondition {
  const type = 'PodScheduled';
  if (nodeName !== '') return { type, status: 'True', lastTransitionTime: at };
  const message = '0 nodes are available: all of them were unschedulable.';
  return { type, status: 'False', lastTransitionTime: at, reason: 'Unschedulable', message };
}

export function containerStatuses(
  pod: { spec: Pod['spec'] },
  ready: boolean,
  state: Pod['status']['containerStatuses'][number]['state'],
): Pod['status']['containerStatuses'] {
  return pod.spec.containers.map(({ name, image }) => ({
    name,
    image,
    imageID: '',
    ready,
    started: ready,
    restartCount: 0,
    state,
    lastState: {},
  }));
}

/** A pod whose containers run and answer. */
export function started(pod: Pod, atMs: number): Pod {
  const at = timestamp(atMs);
  const address = hash32(pod.metadata.uid);
  const gates = pod.status.conditions.filter(({ type }) => type !== 'PodScheduled' && type !== 'Ready');
  return {
    ...pod,
    status: {
      phase: 'Running',
      startTime: pod.status.startTime,
      podIP: `10.42.${address & 255}.${1 + ((address >>> 8) % 254)}`,
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: pod.status.startTime },
        ...gates,
        readyCondition(pod, gates, at),
      ],
      containerStatuses: containerStatuses(pod, true, { running: { startedAt: at } }),
    },
  };
}

/**
 * Says whether a readiness gate of a pod holds, as whoever owns the condition does
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate); readiness follows.
 */
export function withGate(pod: Pod, type: string, holds: boolean, atMs: number): Pod {
  const at = timestamp(atMs);
  const others = pod.status.conditions.filter(
    (condition) => condition.type !== type && condition.type !== 'Ready',
  );
  const status = holds ? ('True' as const) : ('False' as const);
  const gates = [...others, { type, status, lastTransitionTime: at }];
  const conditions = [...gates, readyCondition(pod, gates, at)];
  return { ...pod, status: { ...pod.status, conditions } };
}

/** What a pod whose containers all answer says of its readiness: it has it when each of its gates holds. */
export function readyCondition({ spec }: Pod, conditions: readonly PodCondition[], at: string): PodCondition {
  const since = { type: 'Ready', lastTransitionTime: at } as const;
  for (const { conditionType } of spec.readinessGates ?? []) {
    const gate = conditions.find(({ type }) => type === conditionType);
    if (gate?.status === 'True') continue;
    const message = gate
      ? `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`
      : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    return { ...since, status: 'False', reason: heldBack, message };
  }
  return { ...since, status: 'True' };
}

const heldBack = 'ReadinessGatesNotReady';

/** Whether a gate, and nothing else, keeps a pod from being ready. */
export const isHeldBack = (pod: Pod): boolean =>
  pod.status.conditions.some(({ reason }) => reason === heldBack);
