import type { ObjectStore } from './object-store.ts';
import { isHeldBack, isReady, isTerminating, withGate } from './pods.ts';

/** The label of a Job that says which StatefulSet it copies. */
export const backupLabel = 'backup.postgres.example/server';

/** The readiness gate of database pods, and the condition of this operator's by which it holds. */
export const servingGate = 'backup.postgres.example/serving';

/**
 * What an operator of databases does: it opens the gate of each pod that serves, and around a base backup closes that of the
 * last replica, so that the StatefulSet is a pod short for as long as the Job runs.
 */
export function backupOperator(store: ObjectStore): { step(atMs: number): void } {
  let isWatching = true;
  store.subscribe(({ kind, object: { metadata } }) => {
    const isCopy = kind === 'Job' && metadata.labels?.[backupLabel] !== undefined;
    if (isCopy || (kind === 'Pod' && metadata.ownerReferences?.[0]?.kind === 'StatefulSet'))
      isWatching = true;
  });

  /** Names of the pods that are copied now. */
  function copied(): Set<string> {
    const names = new Set<string>();
    for (const { metadata, status } of store.list('Job')) {
      const server = metadata.labels?.[backupLabel];
      const set = server === undefined ? undefined : store.get('StatefulSet', metadata.namespace, server);
      if (set && status.completionTime === undefined)
        names.add(`${metadata.namespace}/${server}-${set.spec.replicas - 1}`);
    }
    return names;
  }

  return {
    step(atMs) {
      if (!isWatching) return;
      isWatching = false;
      const underCopy = copied();
      for (const set of store.list('StatefulSet')) {
        if (!set.spec.template.spec.readinessGates?.some(isOurs)) continue;
        for (const pod of store.ownedBy('Pod', set.metadata.uid)) {
          const serves = !underCopy.has(`${pod.metadata.namespace}/${pod.metadata.name}`);
          if (!isTerminating(pod) && (serves ? isHeldBack(pod) : isReady(pod)))
            store.put<'Pod'>(withGate(pod, servingGate, serves, atMs), atMs);
        }
      }
    },
  };
}

const isOurs = ({ conditionType }: { conditionType: string }): boolean => conditionType === servingGate;
