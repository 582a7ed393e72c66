import type { LoggedChange, ObjectStore } from '../cluster/object-store.ts';
import type { Kind, KubernetesObject } from '../cluster/objects.ts';
import type { Answer } from '../http/loopback.ts';
import { bookmarkOf, type Representation, represent } from './represent.ts';
import type { Test } from './selectors.ts';
import { badRequest, expired, tooLargeVersion } from './status.ts';

const longestWatchSeconds = 3_600;

/** Connections that stay open, and what they are told as the world moves. */
export type Watches = {
  open(options: {
    kind: Kind;
    apiVersion: string;
    namespace: string | undefined;
    test: Test;
    query: URLSearchParams;
    form: Representation;
  }): Answer;
  /** Calls back at each step of the world until undone; `end` is called when all ends. */
  follow(step: () => void, end: () => void): () => void;
  /** Tells the watchers how far they are; a client that hears nothing for long takes the connection for dead. */
  bookmark(): void;
  closeAll(): void;
};

export function watches(store: ObjectStore): Watches {
  const steps = new Set<() => void>();
  const enders = new Set<() => void>();

  function follow(step: () => void, end: () => void): () => void {
    steps.add(step);
    enders.add(end);
    return () => {
      steps.delete(step);
      enders.delete(end);
    };
  }

  return {
    follow,
    bookmark() {
      for (const step of steps) step();
    },
    closeAll() {
      for (const end of enders) end();
    },

    open({ kind, apiVersion, namespace, test, query, form }) {
      const isWanted = (object: KubernetesObject) =>
        (namespace === undefined || object.metadata.namespace === namespace) && test(object);
      const { asked, fromStart, bookmarks, marksStart } = requestOf(query, store.version());
      const missed = fromStart ? [] : store.changesSince(asked, kind);
      const newest = store.version();

      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
        start(send, end) {
          const write = (type: string, object: unknown) => send(`${JSON.stringify({ type, object })}\n`);
          if (missed === null) {
            write('ERROR', expired(asked, newest).status);
            end();
            return () => {};
          }
          let first = true;
          const tell = (type: string, object: KubernetesObject) => {
            const nowMs = Math.max(store.writtenMs(), Date.parse(object.metadata.creationTimestamp));
            write(type, represent(form, object, nowMs, first));
            first = false;
          };
          // A change of labels may carry an object into the selection or out of it.
          const deliver = ({ type, before, object }: LoggedChange) => {
            const was = before !== null && isWanted(before);
            const is = type !== 'DELETED' && isWanted(object);
            if (was || is) tell(!was ? 'ADDED' : is ? 'MODIFIED' : 'DELETED', object);
          };
          const sendBookmark = (annotations?: Record<string, string>) =>
            write('BOOKMARK', bookmarkOf(form, kind, apiVersion, String(store.version()), annotations));

          if (fromStart) {
            for (const object of store.list(kind, namespace).filter(isWanted)) tell('ADDED', object);
          }
          if (marksStart) sendBookmark({ 'k8s.io/initial-events-end': 'true' });
          for (const change of missed) deliver(change);

          const unsubscribe = store.subscribe((change) => {
            if (change.kind === kind) deliver(change);
          });
          const unfollow = follow(() => {
            if (bookmarks) sendBookmark();
          }, end);
          const seconds = Math.min(
            Number(query.get('timeoutSeconds') ?? longestWatchSeconds) || longestWatchSeconds,
            longestWatchSeconds,
          );
          const timer = setTimeout(end, seconds * 1_000);
          timer.unref();
          return () => {
            clearTimeout(timer);
            unsubscribe();
            unfollow();
          };
        },
      };
    },
  };
}

/** From which version a watch wants to hear, and what besides changes. */
function requestOf(query: URLSearchParams, newest: number) {
  const version = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(version)) throw badRequest(`invalid resource version ${JSON.stringify(version)}`);
  const asked = Number(version);
  if (asked > newest) throw tooLargeVersion(asked, newest);
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const initial = query.get('sendInitialEvents') === 'true';
  return { asked, bookmarks, fromStart: asked === 0 || initial, marksStart: initial && bookmarks };
}
