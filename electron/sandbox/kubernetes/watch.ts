import type { LoggedChange, ObjectStore } from '../cluster/object-store.ts';
import type { Kind, KubernetesObject } from '../cluster/objects.ts';
import type { Answer } from '../http/loopback.ts';
import type { Test } from './selectors.ts';
import { expired } from './status.ts';

const longestWatchSeconds = 3_600;

/** Watchers that asked for bookmarks, and how to send them one. */
export type Watches = {
  open(options: {
    kind: Kind;
    apiVersion: string;
    namespace: string | undefined;
    test: Test;
    query: URLSearchParams;
  }): Answer;
  /** Tells the watchers how far they are; a client that hears nothing for long takes the connection for dead. */
  bookmark(): void;
  closeAll(): void;
};

export function watches(store: ObjectStore): Watches {
  const bookmarks = new Set<() => void>();
  const enders = new Set<() => void>();

  return {
    bookmark() {
      for (const send of bookmarks) send();
    },
    closeAll() {
      for (const end of enders) end();
    },

    open({ kind, apiVersion, namespace, test, query }) {
      const isWanted = (object: KubernetesObject) =>
        (namespace === undefined || object.metadata.namespace === namespace) && test(object);
      const asked = query.get('resourceVersion') ?? '';
      const fromStart = asked === '' || asked === '0';
      const missed = fromStart ? [] : store.changesSince(Number(asked), kind);
      const newest = store.version();

      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
        start(send, end) {
          const write = (type: string, object: unknown) => send(`${JSON.stringify({ type, object })}\n`);
          if (missed === null) {
            write('ERROR', expired(Number(asked), newest).status);
            end();
            return () => {};
          }
          // A change of labels may carry an object into the selection or out of it.
          const deliver = ({ type, before, object }: LoggedChange) => {
            const was = before !== null && isWanted(before);
            const is = type !== 'DELETED' && isWanted(object);
            if (was || is) write(!was ? 'ADDED' : is ? 'MODIFIED' : 'DELETED', object);
          };

          if (fromStart) {
            for (const object of store.list(kind, namespace).filter(isWanted)) write('ADDED', object);
          }
          for (const change of missed) deliver(change);

          const unsubscribe = store.subscribe((change) => {
            if (change.kind === kind) deliver(change);
          });
          const sendBookmark = () =>
            write('BOOKMARK', {
              kind,
              apiVersion,
              metadata: { resourceVersion: String(store.version()), creationTimestamp: null },
            });
          if (query.get('allowWatchBookmarks') === 'true') bookmarks.add(sendBookmark);
          const seconds = Math.min(
            Number(query.get('timeoutSeconds') ?? longestWatchSeconds) || longestWatchSeconds,
            longestWatchSeconds,
          );
          const timer = setTimeout(end, seconds * 1_000);
          timer.unref();
          enders.add(end);
          return () => {
            clearTimeout(timer);
            unsubscribe();
            bookmarks.delete(sendBookmark);
            enders.delete(end);
          };
        },
      };
    },
  };
}
