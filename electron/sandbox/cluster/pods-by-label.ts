import type { ObjectStore } from './object-store.ts';
import type { Pod } from './objects.ts';

/**
 * The pods of a namespace that carry all of some labels, in no particular order: kept by each label that was ever asked
 * for first, so that not every pod is looked at whenever one changes.
 */
export function podsByLabel(
  store: ObjectStore,
): (namespace: string | undefined, wanted: Readonly<Record<string, string>>) => Pod[] {
  const places = new Map<string, Map<string, Set<string>>>();

  function keep(label: string, { metadata }: Pod, isThere: boolean): void {
    const value = metadata.labels?.[label];
    const place = value === undefined ? undefined : placeOf(label, metadata.namespace, value);
    if (isThere) place?.add(metadata.name);
    else place?.delete(metadata.name);
  }

  function placeOf(label: string, namespace: string | undefined, value: string): Set<string> {
    const byValue = places.get(label) ?? new Map<string, Set<string>>();
    const key = `${namespace ?? ''}/${value}`;
    const found = byValue.get(key) ?? new Set<string>();
    byValue.set(key, found);
    places.set(label, byValue);
    return found;
  }

  store.subscribe(({ kind, type, before, object }) => {
    if (kind !== 'Pod') return;
    for (const label of places.keys()) {
      // What a pod is labelled with may be changed by hand.
      if (before) keep(label, before as Pod, false);
      if (type !== 'DELETED') keep(label, object as Pod, true);
    }
  });

  return (namespace, wanted) => {
    const labels = Object.entries(wanted);
    const [first] = labels;
    if (!first) return store.list('Pod', namespace);
    const [label, value] = first;
    if (!places.has(label)) for (const pod of store.list('Pod')) keep(label, pod, true);
    return [...placeOf(label, namespace, value)].flatMap((name) => {
      const pod = store.get('Pod', namespace, name);
      return pod && labels.every(([key, one]) => pod.metadata.labels?.[key] === one) ? pod : [];
    });
  };
}
