import type { ObjectStore } from './object-store.ts';
import { type Pod, timestamp } from './objects.ts';
import { isReady } from './pods.ts';
import { podsByLabel } from './pods-by-label.ts';
import type { HorizontalPodAutoscaler, PodDisruptionBudget } from './surroundings.ts';

/** The disruption controller: how many pods of a budget may go now. */
export function disruptionStatus(store: ObjectStore) {
  const podsWith = podsByLabel(store);
  return (budget: PodDisruptionBudget, atMs: number): null => {
    const { metadata, spec } = budget;
    const pods = podsWith(metadata.namespace, spec.selector.matchLabels);
    const expected = expectedOf(pods);
    const healthy = pods.filter(isReady).length;
    const share = (limit: number | string) =>
      typeof limit === 'number' ? limit : Math.ceil((Number.parseInt(limit, 10) * expected) / 100);
    const needed =
      spec.maxUnavailable === undefined
        ? share(spec.minAvailable ?? 1)
        : Math.max(0, expected - share(spec.maxUnavailable));
    const allowed = expected === 0 ? 0 : Math.max(0, healthy - needed);
    const before = budget.status.conditions?.[0];
    const holds = allowed > 0 ? 'True' : 'False';
    const since = before?.status === holds ? before['lastTransitionTime'] : timestamp(atMs);
    const status: PodDisruptionBudget['status'] = {
      observedGeneration: metadata.generation ?? 1,
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: needed,
      expectedPods: expected,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: holds,
          observedGeneration: metadata.generation ?? 1,
          lastTransitionTime: since,
          reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          message: '',
        },
      ],
    };
    if (JSON.stringify(status) !== JSON.stringify(budget.status))
      store.put<'PodDisruptionBudget'>({ ...budget, status }, atMs);
    return null;
  };

  /** What the controllers of the pods ask for, however many there are at the moment. */
  function expectedOf(pods: readonly Pod[]): number {
    const scales = new Map<string, number>();
    for (const { metadata } of pods) {
      const owner = metadata.ownerReferences?.[0];
      const stateful = store.get('StatefulSet', metadata.namespace, owner?.name ?? '');
      const set = store.get('ReplicaSet', metadata.namespace, owner?.name ?? '');
      const deployment = store.get(
        'Deployment',
        metadata.namespace,
        set?.metadata.ownerReferences?.[0]?.name ?? '',
      );
      const scaled = owner?.kind === 'StatefulSet' ? stateful : deployment;
      if (scaled) scales.set(scaled.metadata.uid, scaled.spec.replicas);
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  }
}

/** What an autoscaler sees of its target where nothing is known of its use: it scales nothing by itself. */
export function autoscalerStatus(store: ObjectStore) {
  return (scaler: HorizontalPodAutoscaler, atMs: number): null => {
    const { kind, name } = scaler.spec.scaleTargetRef;
    const { namespace } = scaler.metadata;
    const target =
      kind === 'StatefulSet'
        ? store.get('StatefulSet', namespace, name)
        : store.get('Deployment', namespace, name);
    if (!target) return null;
    const { currentReplicas, desiredReplicas } = scaler.status;
    const now = { currentReplicas: target.status.replicas ?? 0, desiredReplicas: target.spec.replicas };
    if (currentReplicas === now.currentReplicas && desiredReplicas === now.desiredReplicas) return null;
    const lastScaleTime =
      desiredReplicas === now.desiredReplicas || desiredReplicas === 0
        ? {}
        : { lastScaleTime: timestamp(atMs) };
    const status = { ...scaler.status, ...now, ...lastScaleTime };
    store.put<'HorizontalPodAutoscaler'>({ ...scaler, status }, atMs);
    return null;
  };
}
