import { uuidOf } from '../random.ts';
import { type Kind, type KubernetesObject, type ObjectMeta, type Objects, timestamp } from './objects.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';
/** `before` is null for what was just created; a deleted object carries the version of its deletion. */
export type LoggedChange = {
  version: number;
  type: ChangeType;
  kind: Kind;
  before: KubernetesObject | null;
  object: KubernetesObject;
};

/** What the store fills in itself may be left out. */
type DraftMeta = Pick<ObjectMeta, 'name' | 'namespace' | 'generation' | 'labels' | 'annotations'> &
  Pick<ObjectMeta, 'ownerReferences' | 'managedFields' | 'deletionTimestamp' | 'deletionGracePeriodSeconds'> &
  Partial<Pick<ObjectMeta, 'uid' | 'creationTimestamp'>> & { generateName?: string };
export type Draft<K extends Kind> = Omit<Objects[K], 'metadata'> & { metadata: DraftMeta };

export type ObjectStore = {
  get<K extends Kind>(kind: K, namespace: string | undefined, name: string): Objects[K] | undefined;
  /** Ordered by namespace and name, as etcd lists. */
  list<K extends Kind>(kind: K, namespace?: string): Objects[K][];
  ownedBy<K extends Kind>(kind: K, ownerUid: string): Objects[K][];
  /** Creates or replaces; gives the object its next resource version. */
  put<K extends Kind>(draft: Draft<K>, atMs: number): Objects[K];
  remove(kind: Kind, namespace: string | undefined, name: string): void;
  /** The version of the last change. */
  version(): number;
  /** When something was last written. */
  writtenMs(): number;
  /** Changes of a kind after a version; null when the log no longer reaches back that far. */
  changesSince(version: number, kind: Kind): LoggedChange[] | null;
  subscribe(listener: (change: LoggedChange) => void): () => void;
};

const firstVersion = 48_211;

/**
 * What etcd and the API server's watch cache are to a cluster: objects under one rising version, and a log of the last
 * changes that watches start from. Versions and uids depend on the order of writes alone.
 */
export function objectStore(seed: number, logLength = 4_000): ObjectStore {
  const tables = new Map<Kind, Map<string, KubernetesObject>>();
  /** Names of each kind in order, and of each kind in a namespace, until one comes or goes. */
  const sorted = new Map<string, string[]>();
  const owned = new Map<string, Map<string, KubernetesObject>>();
  const log: LoggedChange[] = [];
  const listeners = new Set<(change: LoggedChange) => void>();
  let version = firstVersion;
  let writtenMs = 0;
  let forgottenUpTo = firstVersion;

  function tableOf(kind: Kind): Map<string, KubernetesObject> {
    const table = tables.get(kind) ?? new Map<string, KubernetesObject>();
    tables.set(kind, table);
    return table;
  }

  function index(object: KubernetesObject, key: string, present: boolean): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const ownedKey = `${object.kind} ${owner.uid}`;
      const children = owned.get(ownedKey) ?? new Map<string, KubernetesObject>();
      owned.set(ownedKey, children);
      if (present) children.set(key, object);
      else children.delete(key);
    }
  }

  function forgetOrder(kind: Kind, namespace: string | undefined): void {
    sorted.delete(`${kind} `);
    sorted.delete(`${kind} ${namespace ?? ''}/`);
  }

  function record(type: ChangeType, before: KubernetesObject | null, object: KubernetesObject): void {
    const change = { version, type, kind: object.kind, before, object };
    log.push(change);
    if (log.length > logLength * 1.25) {
      const dropped = log.splice(0, log.length - logLength);
      forgottenUpTo = dropped.at(-1)?.version ?? forgottenUpTo;
    }
    for (const listener of listeners) listener(change);
  }

  return {
    get: <K extends Kind>(kind: K, namespace: string | undefined, name: string) =>
      tableOf(kind).get(keyOf(namespace, name)) as Objects[K] | undefined,

    list<K extends Kind>(kind: K, namespace?: string) {
      const table = tableOf(kind);
      const within = namespace === undefined ? '' : `${namespace}/`;
      const which = `${kind} ${within}`;
      const keys =
        sorted.get(which) ??
        [...table.keys()]
          .filter((key) => key.startsWith(within))
          .sort((one, other) => (one < other ? -1 : 1));
      sorted.set(which, keys);
      return keys.map((key) => table.get(key) as Objects[K]);
    },

    ownedBy: <K extends Kind>(kind: K, ownerUid: string) =>
      [...(owned.get(`${kind} ${ownerUid}`)?.values() ?? [])] as Objects[K][],

    put<K extends Kind>(draft: Draft<K>, atMs: number) {
      const kind = draft.kind as Kind;
      const key = keyOf(draft.metadata.namespace, draft.metadata.name);
      const before = tableOf(kind).get(key);
      version += 1;
      writtenMs = atMs;
      const { name, namespace, ...rest } = draft.metadata;
      const metadata = {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...rest,
        uid: before?.metadata.uid ?? draft.metadata.uid ?? uuidOf(`${seed}/${kind}/${key}/${version}`),
        resourceVersion: String(version),
        creationTimestamp:
          before?.metadata.creationTimestamp ?? draft.metadata.creationTimestamp ?? timestamp(atMs),
      };
      const object = { ...draft, metadata } as Objects[K];
      tableOf(kind).set(key, object);
      if (!before) forgetOrder(kind, namespace);
      index(object, key, true);
      record(before ? 'MODIFIED' : 'ADDED', before ?? null, object);
      return object;
    },

    remove(kind, namespace, name) {
      const key = keyOf(namespace, name);
      const object = tableOf(kind).get(key);
      if (!object) return;
      tableOf(kind).delete(key);
      forgetOrder(kind, namespace);
      index(object, key, false);
      version += 1;
      record('DELETED', object, {
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(version) },
      } as KubernetesObject);
    },

    version: () => version,
    writtenMs: () => writtenMs,

    changesSince(since, kind) {
      if (since < forgottenUpTo) return null;
      return log.filter((change) => change.version > since && change.kind === kind);
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`;
