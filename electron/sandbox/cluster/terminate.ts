import type { ObjectStore } from './object-store.ts';
import { type Pod, timestamp } from './objects.ts';
import { isTerminating } from './pods.ts';

/** What the API server fills in where a pod says nothing. */
const defaultGraceSeconds = 30;

/**
 * Begins the end of a pod, as a DELETE of it does: it is marked with the time by which it has to be gone, and the kubelet
 * takes it away once its containers have stopped. A pod that runs nowhere, or without any grace, is gone at once. Asked
 * again, an end can only come sooner.
 */
export function terminate(store: ObjectStore, pod: Pod, atMs: number, graceSeconds?: number): Pod {
  const { namespace, name } = pod.metadata;
  const runs = pod.spec.nodeName !== '' && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
  const allowed = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
  if (!runs || allowed === 0) {
    store.remove('Pod', namespace, name);
    return pod;
  }
  const deletionTimestamp = timestamp(atMs + allowed * 1_000);
  if (isTerminating(pod) && Date.parse(pod.metadata.deletionTimestamp ?? '') <= Date.parse(deletionTimestamp))
    return pod;
  const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: allowed };
  return store.put<'Pod'>({ ...pod, metadata }, atMs);
}

/** When the end of a pod began: its deadline less its grace. */
export const terminatingSinceMs = ({ metadata }: Pod): number =>
  Date.parse(metadata.deletionTimestamp ?? '') - (metadata.deletionGracePeriodSeconds ?? 0) * 1_000;
