import type { ObjectStore } from './object-store.ts';
import { ownerReference } from './pods.ts';
import { templateHash } from './template-hash.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from './workloads.ts';

export const revisionLabel = 'controller-revision-hash';

/** The revision of a workload's present template: an old template gets its old revision back, under the next number. */
export function revisionOfTemplate(
  store: ObjectStore,
  owner: DaemonSet | StatefulSet,
  atMs: number,
): ControllerRevision {
  const { name, namespace, uid } = owner.metadata;
  const hash = templateHash(owner.spec.template);
  const known = store.ownedBy('ControllerRevision', uid);
  const newest = Math.max(0, ...known.map(({ revision }) => revision));
  const matching = known.find(({ metadata }) => metadata.labels?.[revisionLabel] === hash);
  if (matching?.revision === newest) return matching;
  if (matching) return store.put<'ControllerRevision'>({ ...matching, revision: newest + 1 }, atMs);
  return store.put<'ControllerRevision'>(
    {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...owner.spec.selector.matchLabels, [revisionLabel]: hash },
        ...(owner.metadata.annotations ? { annotations: owner.metadata.annotations } : {}),
        ownerReferences: [ownerReference(owner)],
      },
      data: { spec: { template: { ...owner.spec.template, $patch: 'replace' } } },
      revision: newest + 1,
    },
    atMs,
  );
}
