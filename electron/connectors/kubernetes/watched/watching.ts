import type { Observation } from '../../../../shared/vocabulary/event.ts';
import type { ClusterApi } from '../cluster-api.ts';
import { type Following, follow } from '../follow.ts';
import type { Seen, WatchedKind } from './watched-kind.ts';

export type WatchingPorts = Pick<Following<unknown>, 'api' | 'random' | 'onState' | 'onUnseen'> & {
  seen(): Seen;
  /** What the first list tells of the day before it. */
  onPast(found: Observation[]): void;
  /** What happened since, whether it was watched or found when a broken watch was taken up again. */
  onHappened(found: Observation[]): void;
};

/** One kind as it is watched, whatever is remembered of its objects. */
export type Watching = {
  title: string;
  path: string;
  follow(ports: WatchingPorts, signal: AbortSignal): Promise<void>;
  /** What the cluster still holds of the last day, asked for now. */
  past(api: ClusterApi, seen: Seen, signal: AbortSignal): Promise<Observation[]>;
};

/**
 * Watches a kind by comparing each object with what is remembered of it. INVARIANT: what is told is the difference between two
 * states that the server gave, so that after a break, however long, nothing that shows is missed, and nothing is told twice
 * because the server sent an object again.
 */
export function watching<Item, Facts>(kind: WatchedKind<Item, Facts>): Watching {
  const { title, path, schema } = kind;
  const keyed = (items: readonly Item[]): Map<string, Facts> =>
    new Map(
      items.flatMap((item) => {
        const facts = kind.factsOf(item);
        return facts === null ? [] : [[keyOf(item), facts] as const];
      }),
    );

  return {
    title,
    path,

    follow({ seen, onPast, onHappened, ...rest }, signal) {
      let known: Map<string, Facts> | null = null;
      return follow<Item>(
        {
          ...rest,
          path,
          schema,
          onList(items) {
            const now = keyed(items);
            if (known === null) {
              onPast([...now.values()].flatMap((facts) => kind.past(facts, seen())));
            } else {
              const keys = new Set([...known.keys(), ...now.keys()]);
              const before = known;
              onHappened(
                [...keys].flatMap((key) =>
                  kind.between(before.get(key) ?? null, now.get(key) ?? null, seen()),
                ),
              );
            }
            known = now;
          },
          onChange(type, item) {
            known ??= new Map();
            const key = keyOf(item);
            const facts = kind.factsOf(item);
            const before = known.get(key) ?? null;
            if (type === 'DELETED' || facts === null) {
              known.delete(key);
              if (before !== null) onHappened(kind.between(before, null, seen()));
              return;
            }
            known.set(key, facts);
            onHappened(kind.between(before, facts, seen()));
          },
        },
        signal,
      );
    },

    async past(api, seen, signal) {
      const { items } = await api.list(schema, path, signal);
      return [...keyed(items).values()].flatMap((facts) => kind.past(facts, seen));
    },
  };
}

/** Every object of the API has a name, and most have a namespace. */
function keyOf(item: unknown): string {
  const { metadata } = item as { metadata: { namespace: string; name: string } };
  return `${metadata.namespace}/${metadata.name}`;
}
