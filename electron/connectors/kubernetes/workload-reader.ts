import type { WorkloadRef, WorkloadState } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readKept } from './kept-reader.ts';
import { tierOf } from './marks.ts';
import { ownedBy } from './ownership.ts';
import { workloadPath } from './paths.ts';
import { templateDigest } from './pod-template.ts';
import { Workload } from './resources.ts';

/** The mark that `kubectl rollout restart` leaves in a pod template; any change of it replaces the pods. */
export const restartMark = 'kubectl.kubernetes.io/restartedAt';

export async function readWorkload(
  api: ClusterApi,
  ref: WorkloadRef,
  signal: AbortSignal,
): Promise<WorkloadState> {
  const { metadata, spec, status } = await api.get(Workload, workloadPath(ref), signal);
  const { [restartMark]: mark, ...annotations } = spec.template.metadata.annotations ?? {};
  return {
    uid: metadata.uid,
    desiredReplicas: spec.replicas ?? 1,
    readyReplicas: status.readyReplicas ?? 0,
    paused: spec.paused,
    templateDigest: templateDigest({
      ...spec.template,
      metadata: { ...spec.template.metadata, annotations },
    }),
    restartedAt: mark ?? null,
    rolls: (spec.strategy?.type ?? spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate',
    serviceTier: tierOf(metadata.labels),
    ...ownedBy(metadata),
    ...(await readKept(api, { kind: ref.kind, metadata, spec }, signal)),
  };
}
