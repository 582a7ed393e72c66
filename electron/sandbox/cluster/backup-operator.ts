import type { ObjectStore } from './object-store.ts';
import type { Pod } from './objects.ts';
import { isHeldBack, isReady, isTerminating, withGate } from './pods.ts';

/** The label of a Job that says which StatefulSet it copies. */
export const backupLabel = 'backup.postgres.example/server';

const gate = 'backup.postgres.example/serving';

/**
 * What an operator of databases does around a base backup: the last replica is taken out of service while it is copied, so
 * that the StatefulSet is a pod short for as long as the Job runs.
 */
export function backupOperator(store: ObjectStore): { step(atMs: number): void } {
  let isWatching = true;
  store.subscribe(({ kind }) => {
    if (kind === 'Job' || kind === 'Pod') isWatching = true;
  });

  function hold(pod: Pod, held: boolean, atMs: number): void {
    if (isTerminating(pod) || held === isHeldBack(pod) || (held && !isReady(pod))) return;
    store.put<'Pod'>(withGate(pod, gate, !held, atMs), atMs);
  }

  return {
    step(atMs) {
      if (!isWatching) return;
      isWatching = false;
      for (const job of store.list('Job')) {
        const { namespace, labels } = job.metadata;
        const server = labels?.[backupLabel];
        const set = server === undefined ? undefined : store.get('StatefulSet', namespace, server);
        if (!set) continue;
        const last = store.get('Pod', namespace, `${server}-${set.spec.replicas - 1}`);
        if (last) hold(last, job.status.completionTime === undefined, atMs);
      }
    },
  };
}
