import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ClusterApi, WatchEvent } from '../../../../electron/connectors/kubernetes/cluster-api.ts';
import { scopedApi } from '../../../../electron/connectors/kubernetes/scoped-api.ts';
import { Failure } from '../../../../electron/platform/failure.ts';

const calm = () => new AbortController().signal;
const object = (namespace: string, name: string, resourceVersion = '1') => ({
  metadata: { namespace, name, resourceVersion },
});
const EVENTS = '/api/v1/events';

/** An API whose answers are the test's; what is asked is kept. */
function standIn() {
  const asked: string[] = [];
  const watched = new Map<
    string,
    { from: string; listener: Parameters<ClusterApi['watch']>[2]; end(error?: Error): void }
  >();
  const api = {
    async get(_schema: unknown, path: string) {
      asked.push(path);
      return {};
    },
    async list(schema: z.ZodType, path: string) {
      asked.push(path);
      const namespace = /namespaces\/([^/]+)/.exec(path)?.[1];
      const all = [object('shop', 'a'), object('web', 'b'), object('kube-system', 'c')];
      return {
        items: all
          .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
          .map((item) => schema.parse(item)),
        resourceVersion: `v-${namespace ?? 'all'}`,
      };
    },
    watch(path: string, from: string, listener: Parameters<ClusterApi['watch']>[2], signal: AbortSignal) {
      return new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Failure('cancelled', 'cancelled')));
        watched.set(path, { from, listener, end: (error) => (error ? reject(error) : resolve()) });
      });
    },
  } as unknown as ClusterApi;
  return { api, asked, watched };
}
const list = async (api: ClusterApi, path: string) => {
  const { items, resourceVersion } = await api.list(z.unknown(), path, calm());
  return {
    names: (items as ReturnType<typeof object>[]).map(({ metadata }) => metadata.name),
    resourceVersion,
  };
};

describe('an API within a scope', () => {
  it('lists the cluster as a whole and leaves out what the envelope closes', async () => {
    const { api, asked } = standIn();
    const scoped = scopedApi(api, { allows: (namespace) => namespace !== 'kube-system' });
    expect((await list(scoped, EVENTS)).names).toEqual(['a', 'b']);
    expect(asked).toEqual([EVENTS]);
  });

  it('lists namespace by namespace where the credential is that narrow', async () => {
    const { api, asked } = standIn();
    const scoped = scopedApi(api, { namespaces: ['shop', 'web'], allows: (name) => name !== 'web' });
    expect((await list(scoped, '/apis/apps/v1/deployments')).names).toEqual(['a']);
    expect(asked).toEqual(['/apis/apps/v1/namespaces/shop/deployments']);
  });

  it('refuses a single object outside with a sentence, and asks nobody', async () => {
    const { api, asked } = standIn();
    const scoped = scopedApi(api, { allows: (name) => name === 'shop' });
    const path = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps/x`;
    await expect(async () => scoped.get(z.unknown(), path('kube-system'), calm())).rejects.toThrow(
      /The namespace kube-system is outside of what may be read/,
    );
    await expect(async () => scoped.get(z.unknown(), path('kube%2Dsystem'), calm())).rejects.toThrow(
      /kube-system/,
    );
    await expect(async () => scoped.get(z.unknown(), '/api/v1/namespaces/web', calm())).rejects.toThrow(
      /web is outside/,
    );
    await expect(list(scoped, '/apis/apps/v1/namespaces/web/replicasets')).rejects.toThrow(/outside/);
    expect(asked).toEqual([]);
    await scoped.get(z.unknown(), path('shop'), calm());
    await scoped.get(z.unknown(), '/version', calm());
    expect(asked).toHaveLength(2);
  });

  it('watches every namespace from where its own list ended, as one watch', async () => {
    const { api, watched } = standIn();
    const scoped = scopedApi(api, { namespaces: ['shop', 'web'], allows: () => true });
    const { resourceVersion } = await list(scoped, EVENTS);
    const seen: WatchEvent[] = [];
    let opened = 0;
    const listener = {
      onOpen: () => {
        opened += 1;
      },
      onEvent: (event: WatchEvent) => void seen.push(event),
    };
    const ended = scoped.watch(EVENTS, resourceVersion, listener, calm());
    const shop = watched.get('/api/v1/namespaces/shop/events');
    const web = watched.get('/api/v1/namespaces/web/events');
    expect([shop?.from, web?.from]).toEqual(['v-shop', 'v-web']);
    shop?.listener.onOpen();
    expect(opened).toBe(0);
    web?.listener.onOpen();
    expect(opened).toBe(1);

    shop?.listener.onEvent({ type: 'ADDED', object: object('shop', 'n', '42') });
    const [event] = seen;
    expect(JSON.parse(event?.version ?? '')).toEqual({ shop: '42', web: 'v-web' });
    // It is kept as evidence, so it stays as it was sent.
    expect(event?.object).toEqual(object('shop', 'n', '42'));
    shop?.end();
    await ended;
  });

  it('fails as the watch that failed did, not as the others that ended for it', async () => {
    const { api, watched } = standIn();
    const scoped = scopedApi(api, { namespaces: ['shop', 'web'], allows: () => true });
    const { resourceVersion } = await list(scoped, EVENTS);
    const ended = scoped.watch(EVENTS, resourceVersion, { onOpen() {}, onEvent() {} }, calm());
    watched.get('/api/v1/namespaces/web/events')?.end(new Failure('unauthorized', 'the token has expired'));
    await expect(ended).rejects.toThrow('the token has expired');
  });
});
