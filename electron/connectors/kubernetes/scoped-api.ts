import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import { asSent } from './as-sent.ts';
import type { ClusterApi, WatchEvent } from './cluster-api.ts';

/** Where a connection may look. */
export type ReadScope = {
  /** The namespaces that its credential has rights in; absent where it may list the whole cluster. */
  namespaces?: readonly string[] | undefined;
  /** Whether the envelope lets a namespace be read. */
  allows(namespace: string): boolean;
};

/** Collections that plans and rankings read in the cluster as a whole. */
const WIDE = /^(\/api\/v1|\/apis\/apps\/v1)\/(events|deployments|replicasets)$/;
/** Collections that are followed in the cluster as a whole; nodes are in no namespace. */
export const FOLLOWED =
  /^(\/api\/v1|\/apis\/(?:apps|batch|networking\.k8s\.io|gateway\.networking\.k8s\.io)\/v1|\/apis\/autoscaling\/v2)\/(configmaps|controllerrevisions|deployments|events|horizontalpodautoscalers|httproutes|ingresses|jobs|pods|replicasets|services|statefulsets)$/;
/** What is in a namespace, and the namespace itself. */
const IN_NAMESPACE = /\/namespaces\/([^/?]+)/;

/**
 * The API as far as the scope goes. What is listed and watched in the cluster as a whole is read namespace by namespace
 * where the credential is that narrow, and whatever lies outside is left out; a single object outside is refused.
 */
export function scopedApi(api: ClusterApi, scope: ReadScope, wide: RegExp = WIDE): ClusterApi {
  const demandInside = (path: string): void => {
    const namespace = decodeURIComponent(IN_NAMESPACE.exec(path)?.[1] ?? '');
    if (namespace !== '' && !isInside(scope, namespace)) throw outside(namespace);
  };
  /** A wide path as the paths to read instead, by namespace. */
  const parts = (path: string): Map<string, string> | null => {
    const [, root, collection] = wide.exec(path) ?? [];
    if (scope.namespaces === undefined || collection === undefined) return null;
    const inside = scope.namespaces.filter((namespace) => isInside(scope, namespace));
    return new Map(
      inside.map((name) => [name, `${root}/namespaces/${encodeURIComponent(name)}/${collection}`]),
    );
  };

  // Of a thousand events a second each would ask the envelope on disk.
  const brief: ReadScope = { ...scope, allows: remembered(scope.allows) };

  return {
    ...api,
    get(schema, path, signal) {
      demandInside(path);
      return api.get(schema, path, signal);
    },

    text(path, parameters, signal) {
      demandInside(path);
      return api.text(path, parameters, signal);
    },

    async list(schema, path, signal, only) {
      demandInside(path);
      const narrow = parts(path);
      if (narrow === null) {
        if (!wide.test(path)) return api.list(schema, path, signal, only);
        // By the object as it was sent: what is made of it may not say where it is.
        const told = asSent(schema, (item, object) => (isInside(brief, namespaceOf(object)) ? [item] : []));
        const whole = await api.list(told, path, signal, only);
        return { ...whole, items: whole.items.flat(1) };
      }
      const lists = await Promise.all(
        [...narrow].map(async ([name, part]) => ({ name, list: await api.list(schema, part, signal, only) })),
      );
      return {
        items: lists.flatMap(({ list }) => list.items),
        resourceVersion: together(lists.map(({ name, list }) => [name, list.resourceVersion])),
      };
    },

    async watch(path, from, listener, signal) {
      demandInside(path);
      const narrow = parts(path);
      if (narrow === null) {
        const onEvent = (event: WatchEvent) => {
          if (event.type === 'BOOKMARK' || !wide.test(path) || isInside(brief, namespaceOf(event.object)))
            listener.onEvent(event);
        };
        return api.watch(path, from, { ...listener, onEvent }, signal);
      }
      await watchAll(api, narrow, from, listener, signal);
    },
  };
}

/** One watch a namespace; together they are one that is open once all are, and that ends as soon as one does. */
async function watchAll(
  api: ClusterApi,
  parts: ReadonlyMap<string, string>,
  from: string,
  { onOpen, onEvent }: Parameters<ClusterApi['watch']>[2],
  signal: AbortSignal,
): Promise<void> {
  const versions = apart(from);
  const ending = new AbortController();
  let opened = 0;
  const watches = [...parts].map(async ([name, path]) => {
    const listener = {
      onOpen() {
        opened += 1;
        if (opened === parts.size) onOpen();
      },
      onEvent(event: WatchEvent) {
        const version = versionOf(event.object);
        if (version !== null) versions.set(name, version);
        onEvent({ ...event, version: together([...versions]) });
      },
    };
    try {
      await api.watch(path, versions.get(name) ?? '', listener, AbortSignal.any([signal, ending.signal]));
    } finally {
      ending.abort();
    }
  });
  const ended = await Promise.allSettled(watches);
  const failed = ended.find((one) => one.status === 'rejected' && !isAborted(one.reason, signal));
  if (failed?.status === 'rejected') throw failed.reason;
}

/** The others end because one did; that is not what went wrong. */
const isAborted = (reason: unknown, signal: AbortSignal) =>
  !signal.aborted && reason instanceof Failure && reason.code === 'cancelled';

const REMEMBERED_MS = 1_000;

/** The same answers for a moment: a scope that was narrowed holds for what comes a second later. */
function remembered(allows: ReadScope['allows']): ReadScope['allows'] {
  let answers = new Map<string, boolean>();
  let sinceMs = Number.NEGATIVE_INFINITY;
  return (namespace) => {
    const nowMs = performance.now();
    if (nowMs - sinceMs >= REMEMBERED_MS) {
      answers = new Map();
      sinceMs = nowMs;
    }
    const known = answers.get(namespace) ?? allows(namespace);
    answers.set(namespace, known);
    return known;
  };
}

function isInside({ namespaces, allows }: ReadScope, namespace: string): boolean {
  return (namespaces === undefined || namespaces.includes(namespace)) && allows(namespace);
}

const outside = (namespace: string) =>
  new Failure(
    'refused',
    `The namespace ${namespace} is outside of what may be read. The envelope (reads.namespaces) and the connection say which are.`,
  );

const Versions = z.record(z.string(), z.string());
const together = (versions: readonly (readonly [string, string])[]): string =>
  JSON.stringify(Object.fromEntries(versions));
const apart = (version: string): Map<string, string> =>
  new Map(Object.entries(Versions.parse(JSON.parse(version))));

/** Only what is asked for: a copy of a thousand objects a second would be much to throw away. */
const Placed = z.object({
  metadata: z.object({ namespace: z.string().default(''), resourceVersion: z.string().optional() }),
});
const namespaceOf = (object: unknown): string => Placed.safeParse(object).data?.metadata.namespace ?? '';
const versionOf = (object: unknown): string | null =>
  Placed.safeParse(object).data?.metadata.resourceVersion ?? null;
