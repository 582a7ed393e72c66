import { hash32 } from '../random.ts';
import type { ObjectStore } from './object-store.ts';
import { type Pod, timestamp } from './objects.ts';
import { containerStatuses, isReady, scheduledCondition, started } from './pods.ts';
import { postEvent } from './post-event.ts';

/** Scheduler and kubelets: where pods go, and how they come to run. */
export type NodeAgents = {
  /** A node for a pod of this name, or '' while no node takes any. */
  place(podName: string): string;
  /** Brings a pod one step nearer to being ready. */
  start(pod: Pod, atMs: number): void;
};

export function nodeAgents(options: {
  store: ObjectStore;
  seed: number;
  hasImage: (image: string) => boolean;
}): NodeAgents {
  const { store, seed, hasImage } = options;

  return {
    place,
    start(pod, atMs) {
      if (isReady(pod) || pod.status.phase === 'Succeeded') return;
      if (pod.spec.nodeName === '') return schedule(pod, atMs);
      const ageMs = atMs - Date.parse(pod.status.startTime);
      const image = pod.spec.containers[0]?.image ?? '';
      if (!hasImage(image)) return backOff(pod, image, ageMs, atMs);
      if (ageMs >= startupMs(pod)) store.put<'Pod'>(started(pod, atMs), atMs);
    },
  };

  function place(podName: string): string {
    const nodes = store.list('Node').filter(({ spec }) => spec.unschedulable !== true);
    return nodes[hash32(`${seed}/${podName}`) % nodes.length]?.metadata.name ?? '';
  }

  function schedule(pod: Pod, atMs: number): void {
    const nodeName = place(pod.metadata.name);
    if (nodeName === '') return;
    const at = timestamp(atMs);
    const conditions = pod.status.conditions.map((condition) =>
      condition.type === 'PodScheduled' ? scheduledCondition(nodeName, at) : condition,
    );
    const status = { ...pod.status, startTime: at, conditions };
    store.put<'Pod'>({ ...pod, spec: { ...pod.spec, nodeName }, status }, atMs);
  }

  function backOff(pod: Pod, image: string, ageMs: number, atMs: number): void {
    const reason = 'ImagePullBackOff';
    if (ageMs < 5_000 || pod.status.containerStatuses[0]?.state['waiting']?.['reason'] === reason) return;
    const waiting = { waiting: { reason, message: `Back-off pulling image "${image}"` } };
    store.put<'Pod'>(
      { ...pod, status: { ...pod.status, containerStatuses: containerStatuses(pod, false, waiting) } },
      atMs,
    );
    postEvent(store, {
      atMs,
      seed,
      type: 'Warning',
      reason: 'Failed',
      message: `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`,
      about: pod,
      component: 'kubelet',
      host: pod.spec.nodeName,
    });
  }

  function startupMs(pod: Pod): number {
    return 8_000 + (hash32(`${seed}/${pod.metadata.name}/startup`) % 6_000);
  }
}
