import { z } from 'zod';
import { annotationNames, Meta, PodTemplate, type ReplicaSet } from './resources.ts';

/** How StatefulSets and DaemonSets keep their templates; other owners keep other things in it. */
export const ControllerRevision = z.object({
  metadata: Meta,
  revision: z.number().int(),
  data: z.looseObject({ spec: z.looseObject({ template: PodTemplate }).nullish() }).nullish(),
});
export type ControllerRevision = z.infer<typeof ControllerRevision>;

/** What `asReplicaSet` made of a ControllerRevision, put back as it was. */
export function asControllerRevision(set: ReplicaSet): Omit<ControllerRevision, 'data'> & { data: object } {
  const { [annotationNames.revision]: revision, ...annotations } = set.metadata.annotations;
  return {
    metadata: { ...set.metadata, annotations },
    revision: Number(revision),
    data: { spec: { template: set.spec.template } },
  };
}

/** The kinds that keep their history so. */
export type RevisedKind = 'StatefulSet' | 'DaemonSet';

/**
 * The same history in the shape in which a Deployment keeps it, so that it tells of rollouts in the same way: one object a
 * template, its revision rising each time it is used. Null for what is no pod template.
 */
export function asReplicaSet({ metadata, revision, data }: ControllerRevision): ReplicaSet | null {
  const template = data?.spec?.template;
  const owner = metadata.ownerReferences.find(
    ({ kind, controller }) => (kind === 'StatefulSet' || kind === 'DaemonSet') && controller !== false,
  );
  if (!template || !owner) return null;
  const { $patch: _strategy, ...own } = template as typeof template & { $patch?: unknown };
  return {
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [annotationNames.revision]: String(revision) },
    },
    spec: { template: own as PodTemplate },
  };
}
