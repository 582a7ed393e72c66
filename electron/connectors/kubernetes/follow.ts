import type { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';
import { Refused } from '../../platform/http-reply.ts';
import { pause as onTimers, type Pause } from '../../platform/pause.ts';
import { type ClusterApi, VersionExpired, type WatchEvent } from './cluster-api.ts';

export type Following<Item, Listed = Item> = {
  api: ClusterApi;
  /** Of the collection, such as `/api/v1/events`. */
  path: string;
  schema: z.ZodType<Item>;
  /** What is made of each object of a list. Tens of thousands come at once, so it holds no more than it must. */
  listed: z.ZodType<Listed>;
  /** Everything there is: at the start, and again whenever the server no longer knows where we were. */
  onList(items: Listed[]): void;
  /** With the object as it was sent, of which the item is what is understood. */
  onChange(type: 'ADDED' | 'MODIFIED' | 'DELETED', item: Item, object: unknown): void;
  onState(state: { up: true } | { up: false; because: string }): void;
  /** The server does not serve it (404), or these credentials may not see it (403). Where absent, that is being down. */
  onUnseen?: ((because: string) => void) | undefined;
  /** 0 up to 1, for the jitter of pauses. */
  random: () => number;
  /** How it waits until it asks again. */
  pause?: Pause | undefined;
};

/**
 * Lists a collection and watches it from there on until the signal ends it (Kubernetes API concepts, "Efficient detection
 * of changes"). INVARIANT: a watch goes on from the last version that was seen, or starts over with a list, so that no
 * change falls between two connections.
 */
export async function follow<Item, Listed>(
  following: Following<Item, Listed>,
  signal: AbortSignal,
): Promise<void> {
  const { api, path, listed, onList, onState, random, pause = onTimers } = following;
  let version: string | null = null;
  let attempts = 0;
  while (!signal.aborted) {
    const startedMs = performance.now();
    try {
      if (version === null) {
        const list = await api.list(listed, path, signal);
        onList(list.items);
        version = list.resourceVersion;
      }
      await api.watch(
        path,
        version,
        {
          onOpen: () => onState({ up: true }),
          onEvent: (event) => {
            version = receive(event, following) ?? version;
          },
        },
        signal,
      );
      // A server ends a watch after some minutes, which is no trouble; one that ends it at once is not asked at once.
      attempts = performance.now() - startedMs < 1_000 ? attempts + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      attempts = performance.now() - startedMs < 30_000 ? attempts + 1 : 1;
      if (error instanceof VersionExpired) version = null;
      else if (following.onUnseen && isUnseen(error)) {
        following.onUnseen(error.message);
        // Rights are given and kinds are installed now and then.
        await pause(UNSEEN_MS, signal);
        continue;
      } else onState({ up: false, because: messageOf(error) });
    }
    if (attempts > 0) await pause(backOffMs(attempts, random()), signal);
  }
}

const UNSEEN_MS = 60_000;
const isUnseen = (error: unknown): error is Refused =>
  error instanceof Refused && (error.status === 403 || error.status === 404);

function receive<Item>(
  { type, object, version = versionOf(object) }: WatchEvent,
  { schema, path, onChange }: Pick<Following<Item>, 'schema' | 'path' | 'onChange'>,
): string | null {
  if (type === 'BOOKMARK') return version;
  const item = schema.safeParse(object);
  if (!item.success) {
    throw new Failure(
      'bad_reply',
      `Kubernetes sent a change under ${path} that cannot be understood.`,
      item.error,
    );
  }
  onChange(type, item.data, object);
  return version;
}

function versionOf(object: unknown): string | null {
  if (typeof object !== 'object' || object === null || !('metadata' in object)) return null;
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || !('resourceVersion' in metadata)) return null;
  return typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : null;
}

/** Half a second doubling up to half a minute, each between its half and its whole. */
export const backOffMs = (attempts: number, random: number): number =>
  Math.min(30_000, 500 * 2 ** Math.min(attempts - 1, 10)) * (0.5 + random / 2);
