import type { Observation } from '../../../../shared/vocabulary/event.ts';
import type { SourceFact } from '../../delivered.ts';
import { asSent } from '../as-sent.ts';
import type { ClusterApi } from '../cluster-api.ts';
import { type Following, follow } from '../follow.ts';
import { sentObject } from '../sent-object.ts';
import type { Seen, WatchedKind } from './watched-kind.ts';

export type WatchingPorts = Pick<Following<unknown>, 'api' | 'random' | 'pause' | 'onState' | 'onUnseen'> & {
  seen(): Seen;
  /** What the first list tells of the day before it. */
  onPast(found: SourceFact[]): void;
  /** What happened since, whether it was watched or found when a broken watch was taken up again. */
  onHappened(found: SourceFact[]): void;
};

/** One kind as it is watched, whatever is remembered of its objects. */
export type Watching = {
  title: string;
  path: string;
  follow(ports: WatchingPorts, signal: AbortSignal): Promise<void>;
  /** What the cluster still holds of the last day, asked for now. */
  past(api: ClusterApi, seen: Seen, signal: AbortSignal): Promise<SourceFact[]>;
};

/**
 * Watches a kind by comparing each object with what is remembered of it. INVARIANT: what is told is the difference between two
 * states that the server gave, so that after a break, however long, nothing that shows is missed, and nothing is told twice
 * because the server sent an object again.
 */
export function watching<Item, Facts>(kind: WatchedKind<Item, Facts>): Watching {
  const { title, path, schema } = kind;
  type Listed = { key: string; facts: Facts; found: SourceFact[] };

  /** With the object as it was sent, put into words where one of the facts is kept. */
  const withSent = (found: readonly Observation[], item: Item, object: unknown): SourceFact[] => {
    if (found.length === 0) return [];
    const may = kind.mayShow?.(item);
    const raw = () => sentObject(object, may);
    return found.map((one) => ({ ...one, raw }));
  };

  /** Of the objects of a list no more is held than is remembered and told of them. */
  const listed = (tell: (key: string, facts: Facts) => Observation[]) =>
    asSent(schema, (item, object): Listed[] => {
      const facts = kind.factsOf(item);
      if (facts === null) return [];
      const key = keyOf(item);
      return [{ key, facts, found: withSent(tell(key, facts), item, object) }];
    });

  return {
    title,
    path,

    follow({ seen, onPast, onHappened, ...rest }, signal) {
      let known: Map<string, Facts> | null = null;
      return follow<Item, Listed[]>(
        {
          ...rest,
          path,
          schema,
          listed: listed((key, facts) =>
            known === null ? kind.past(facts, seen()) : kind.between(known.get(key) ?? null, facts, seen()),
          ),
          onList(items) {
            const all = items.flat();
            const now = new Map(all.map(({ key, facts }) => [key, facts]));
            const found = all.flatMap((one) => one.found);
            if (known === null) onPast(found);
            else {
              const gone = [...known].filter(([key]) => !now.has(key));
              // What is gone was not sent.
              const ended = gone.flatMap(([, facts]) => kind.between(facts, null, seen()));
              onHappened([...found, ...ended.map((one) => ({ ...one, raw: null }))]);
            }
            known = now;
          },
          onChange(type, item, object) {
            known ??= new Map();
            const key = keyOf(item);
            const facts = kind.factsOf(item);
            const before = known.get(key) ?? null;
            if (type === 'DELETED' || facts === null) {
              known.delete(key);
              if (before !== null) onHappened(withSent(kind.between(before, null, seen()), item, object));
              return;
            }
            known.set(key, facts);
            onHappened(withSent(kind.between(before, facts, seen()), item, object));
          },
        },
        signal,
      );
    },

    async past(api, seen, signal) {
      const { items } = await api.list(
        listed((_key, facts) => kind.past(facts, seen)),
        path,
        signal,
      );
      return items.flat().flatMap(({ found }) => found);
    },
  };
}

/** Every object of the API has a name, and most have a namespace. */
function keyOf(item: unknown): string {
  const { metadata } = item as { metadata: { namespace: string; name: string } };
  return `${metadata.namespace}/${metadata.name}`;
}
