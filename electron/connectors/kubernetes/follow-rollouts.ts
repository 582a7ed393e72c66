import type { z } from 'zod';
import { type Following, follow } from './follow.ts';
import { type ReplicaSet, workloadOwning } from './resources.ts';
import { type Rollout, rolloutsOf } from './rollouts.ts';

/** A collection that keeps one object a template. */
export type TemplateHistory<Item> = {
  path: string;
  schema: z.ZodType<Item>;
  /** The object in the shape of a ReplicaSet; null for what keeps something else. */
  templateOf(item: Item): ReplicaSet | null;
};

/** Follows the templates of workloads and tells each rollout as it begins. */
export function followRollouts<Item>(
  { path, schema, templateOf }: TemplateHistory<Item>,
  ports: Pick<Following<Item>, 'api' | 'random' | 'pause' | 'onState' | 'onUnseen'> & {
    source: string;
    now(): number;
    /** What the first list holds, of whatever age. */
    onPast(found: Rollout[]): void;
    onHappened(found: Rollout[]): void;
  },
  signal: AbortSignal,
): Promise<void> {
  const { source, now, onPast, onHappened, ...rest } = ports;
  const sets = new Map<string, ReplicaSet>();
  let isFirst = true;
  return follow<Item, Item>(
    {
      ...rest,
      path,
      schema,
      listed: schema,
      onList(items) {
        sets.clear();
        const listed = items.flatMap((item) => templateOf(item) ?? []);
        for (const set of listed) sets.set(set.metadata.uid, set);
        // Re-used by the time of the first list is long ago; in a later list it happened while nobody watched.
        const reusedMs = isFirst ? 0 : now();
        const found = rolloutsOf(listed, { source, reusedAt: () => reusedMs });
        if (isFirst) onPast(found);
        else onHappened(found);
        isFirst = false;
      },
      onChange(type, item) {
        const set = templateOf(item);
        if (set === null) return;
        if (type === 'DELETED') {
          sets.delete(set.metadata.uid);
          return;
        }
        sets.set(set.metadata.uid, set);
        onHappened(rolloutsOf(familyOf(set, sets), { source, reusedAt: now }));
      },
    },
    signal,
  );
}

/** What belongs to the same workload. */
function familyOf(set: ReplicaSet, sets: ReadonlyMap<string, ReplicaSet>): ReplicaSet[] {
  const owner = workloadOwning(set)?.uid;
  return [...sets.values()].filter((other) => workloadOwning(other)?.uid === owner);
}
