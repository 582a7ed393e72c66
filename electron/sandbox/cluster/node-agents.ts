import { hash32 } from '../random.ts';
import { isUnfinished, type Kubelet, kubelet } from './kubelet.ts';
import type { ObjectStore } from './object-store.ts';
import { type Pod, timestamp } from './objects.ts';
import { isTerminating, scheduledCondition } from './pods.ts';

/** Scheduler and kubelets: where pods go, how they come to run, and how they end. */
export type NodeAgents = Pick<Kubelet, 'restartContainer'> & {
  /** A node for a pod of this name, or '' while no node takes any. */
  place(podName: string): string;
  /** Brings every pod that is not what it shall be one step nearer to it. */
  step(atMs: number): void;
};

export function nodeAgents(options: {
  store: ObjectStore;
  seed: number;
  hasImage: (image: string) => boolean;
}): NodeAgents {
  const { store, seed } = options;
  const { advance, restartContainer } = kubelet(options);
  const unfinished = new Map<string, { namespace: string | undefined; name: string }>();
  /** Names of the nodes that take pods, until a node changes. */
  let taking: readonly string[] | null = null;

  store.subscribe(({ kind, type, object }) => {
    if (kind === 'Node') taking = null;
    if (kind !== 'Pod' || object.kind !== 'Pod') return;
    const { uid, namespace, name } = object.metadata;
    if (type !== 'DELETED' && isUnfinished(object)) unfinished.set(uid, { namespace, name });
    else unfinished.delete(uid);
  });

  return {
    place,
    restartContainer,
    step(atMs) {
      for (const { namespace, name } of [...unfinished.values()]) {
        const pod = store.get('Pod', namespace, name);
        if (!pod) continue;
        if (pod.spec.nodeName === '' && !isTerminating(pod)) schedule(pod, atMs);
        else advance(pod, atMs);
      }
    },
  };

  function place(podName: string): string {
    taking ??= store
      .list('Node')
      .filter(({ spec }) => spec.unschedulable !== true)
      .map(({ metadata }) => metadata.name);
    return taking[hash32(`${seed}/${podName}`) % taking.length] ?? '';
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
}
