import type { ObjectStore } from './object-store.ts';
import type { Pod, PodTemplate } from './objects.ts';
import { isReady, isTerminating, newPod } from './pods.ts';
import { revisionLabel, revisionOfTemplate } from './revisions.ts';
import { suffixOf } from './template-hash.ts';
import { terminate } from './terminate.ts';
import type { DaemonSet } from './workloads.ts';

/** The DaemonSet controller: a pod on every node, cordoned ones too; a new template replaces one node's pod at a time. */
export function daemonSetController(options: { store: ObjectStore; seed: number }) {
  const { store, seed } = options;
  const podsMade = new Map<string, number>();

  return (set: DaemonSet, atMs: number): number | null => {
    const revision = revisionOfTemplate(store, set, atMs);
    const hash = revision.metadata.labels?.[revisionLabel] ?? '';
    const wanted = store.list('Node').map(({ metadata }) => metadata.name);
    const taken = new Set(podsOf(set).map(({ spec }) => spec.nodeName));
    for (const node of wanted) if (!taken.has(node)) create(set, hash, node, atMs);
    const pods = podsOf(set);
    const broken = pods.find((pod) => !isReady(pod) && !isTerminating(pod) && !isUpdated(pod, hash));
    const old = broken ?? (pods.every(isReady) ? pods.find((pod) => !isUpdated(pod, hash)) : undefined);
    if (old && set.spec.updateStrategy.type === 'RollingUpdate') terminate(store, old, atMs);
    report(set, hash, wanted.length, atMs);
    return podsOf(set).every(isReady) ? null : atMs;
  };

  function podsOf(set: DaemonSet): Pod[] {
    return store.ownedBy('Pod', set.metadata.uid);
  }

  function create(set: DaemonSet, hash: string, node: string, atMs: number): void {
    const { name, uid } = set.metadata;
    const ordinal = (podsMade.get(uid) ?? 0) + 1;
    podsMade.set(uid, ordinal);
    const { template } = set.spec;
    const labels = { ...template.metadata.labels, [revisionLabel]: hash };
    const labelled: PodTemplate = { ...template, metadata: { ...template.metadata, labels } };
    const podName = `${name}-${suffixOf(`${seed}/${name}/${ordinal}`, 5)}`;
    store.put<'Pod'>(newPod(set, labelled, podName, node, atMs), atMs);
  }

  function report(set: DaemonSet, hash: string, desired: number, atMs: number): void {
    const pods = podsOf(set);
    const ready = pods.filter(isReady).length;
    const updated = pods.filter((pod) => isUpdated(pod, hash)).length;
    const status: DaemonSet['status'] = {
      observedGeneration: set.metadata.generation ?? 1,
      desiredNumberScheduled: desired,
      currentNumberScheduled: pods.length,
      numberMisscheduled: 0,
      numberReady: ready,
      updatedNumberScheduled: updated,
      ...(ready > 0 ? { numberAvailable: ready } : {}),
      ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
    };
    if (JSON.stringify(status) === JSON.stringify(set.status)) return;
    store.put<'DaemonSet'>({ ...set, status }, atMs);
  }
}

const isUpdated = ({ metadata }: Pod, hash: string) => metadata.labels?.[revisionLabel] === hash;
