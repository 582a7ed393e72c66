import type { NodeAgents } from './node-agents.ts';
import type { ObjectStore } from './object-store.ts';
import type { Pod, PodTemplate } from './objects.ts';
import { isReady, isTerminating, newPod } from './pods.ts';
import { revisionLabel, revisionOfTemplate } from './revisions.ts';
import { terminate } from './terminate.ts';
import type { ControllerRevision, StatefulSet } from './workloads.ts';

/**
 * The StatefulSet controller with ordered pods: each is made when all before it are ready, a new template takes the
 * place of the old one from the last pod down to the partition, one at a time.
 */
export function statefulSetController(options: { store: ObjectStore; nodes: Pick<NodeAgents, 'place'> }) {
  const { store, nodes } = options;

  return (set: StatefulSet, atMs: number): number | null => {
    const update = revisionOfTemplate(store, set, atMs);
    const pods = podsOf(set);
    const { replicas } = set.spec;
    const surplus = pods.findLast((pod) => ordinalOf(pod) >= replicas);
    const missing = Array.from({ length: replicas }, (_, ordinal) => ordinal).find(
      (ordinal) => !pods.some((pod) => ordinalOf(pod) === ordinal),
    );
    const settled = pods.every(isReady);
    if (missing !== undefined) {
      const before = pods.filter((pod) => ordinalOf(pod) < missing);
      if (before.every(isReady)) create(set, missing, update, atMs);
    } else if (surplus) {
      if (settled || !isReady(surplus)) leave(surplus, atMs);
    } else roll(set, pods, settled, hashOf(update), atMs);
    report(set, update, atMs);
    const isDone = podsOf(set).length === replicas && podsOf(set).every(isReady);
    return isDone ? null : atMs;
  };

  function podsOf(set: StatefulSet): Pod[] {
    return store.ownedBy('Pod', set.metadata.uid).sort((one, other) => ordinalOf(one) - ordinalOf(other));
  }

  function create(set: StatefulSet, ordinal: number, update: ControllerRevision, atMs: number): void {
    const revision = ordinal >= partitionOf(set) ? update : (currentRevision(set) ?? update);
    const { $patch: _patch, ...data } = revision.data.spec.template;
    const name = `${set.metadata.name}-${ordinal}`;
    const template: PodTemplate = {
      ...data,
      metadata: {
        ...data.metadata,
        labels: {
          ...data.metadata.labels,
          'apps.kubernetes.io/pod-index': String(ordinal),
          [revisionLabel]: hashOf(revision),
          'statefulset.kubernetes.io/pod-name': name,
        },
      },
    };
    store.put<'Pod'>(newPod(set, template, name, nodes.place(`${set.metadata.uid}/${name}`), atMs), atMs);
  }

  /** The last pod of an old revision goes, when all are ready or it is itself what is not. */
  function roll(set: StatefulSet, pods: readonly Pod[], settled: boolean, hash: string, atMs: number): void {
    if (set.spec.updateStrategy.type === 'OnDelete') return;
    const old = pods.findLast(
      (pod) => ordinalOf(pod) >= partitionOf(set) && pod.metadata.labels?.[revisionLabel] !== hash,
    );
    if (old && (settled || !isReady(old))) leave(old, atMs);
  }

  /** Its successor has the same name, and comes when it is gone. */
  function leave(pod: Pod, atMs: number): void {
    if (!isTerminating(pod)) terminate(store, pod, atMs);
  }

  function currentRevision(set: StatefulSet): ControllerRevision | undefined {
    return store.get('ControllerRevision', set.metadata.namespace, set.status.currentRevision ?? '');
  }

  function report(set: StatefulSet, update: ControllerRevision, atMs: number): void {
    const pods = podsOf(set);
    const ready = pods.filter(isReady).length;
    const of = (hash: string) => pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === hash).length;
    const updated = of(hashOf(update));
    const complete = updated === pods.length && ready === pods.length && pods.length === set.spec.replicas;
    const current = complete ? update : (currentRevision(set) ?? update);
    const status: StatefulSet['status'] = {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      ...(ready > 0 ? { readyReplicas: ready } : {}),
      availableReplicas: ready,
      currentReplicas: of(hashOf(current)),
      updatedReplicas: updated,
      currentRevision: current.metadata.name,
      updateRevision: update.metadata.name,
      collisionCount: 0,
    };
    if (JSON.stringify(status) === JSON.stringify(set.status)) return;
    store.put<'StatefulSet'>({ ...set, status }, atMs);
  }
}

const ordinalOf = ({ metadata }: Pod): number =>
  Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));

const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[revisionLabel] ?? '';

const partitionOf = ({ spec }: StatefulSet): number => spec.updateStrategy.rollingUpdate?.partition ?? 0;
