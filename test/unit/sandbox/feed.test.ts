import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import type { ReplicaSet } from '../../../electron/sandbox/cluster/objects.ts';
import { openFeed } from '../../../electron/sandbox/feed/open-feed.ts';
import type { MadeChange } from '../../../electron/sandbox/simulation.ts';

const startMs = Date.parse('2026-03-02T14:00:00Z');
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Got = { headers: IncomingHttpHeaders; body: string };

/** A receiver that answers as it is told. */
async function receiving(answer: () => number | null = () => 202) {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      const status = answer();
      if (status !== null) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

const deployed = (service: string, revision: number, version: string): MadeChange => ({
  atMs: startMs - 60_000,
  id: `deploy:shop/${service}@${revision}`,
  entry: {
    offsetMs: 0,
    part: null,
    change: { kind: 'deploy', service, version, actor: 'mina', cause: 'a faster cache' },
  },
});

function world() {
  const store = objectStore(7);
  const made: MadeChange[] = [];
  const rollOut = (name: string, revision: number, version: string, atMs: number, hash = `h${revision}`) => {
    const labels = { app: name };
    const set = {
      apiVersion: 'apps/v1' as const,
      kind: 'ReplicaSet' as const,
      metadata: {
        name: `${name}-${hash}`,
        namespace: 'shop',
        annotations: { 'deployment.kubernetes.io/revision': String(revision) },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: `uid-${name}` }],
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name, image: `registry.shop.example/${name}:${version}` }] },
        },
      },
      status: { replicas: 1, observedGeneration: 1 },
    };
    store.put<'ReplicaSet'>(set as unknown as ReplicaSet, atMs);
  };
  const configure = (data: Record<string, string>, atMs: number) =>
    store.put<'ConfigMap'>(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cart-config', namespace: 'shop' }, data },
      atMs,
    );
  return { store, made, rollOut, configure, simulation: { store, made: () => made } };
}

const clockOf = () =>
  steppedClock((error) => {
    throw error;
  }, startMs);

async function feeding(
  url: string,
  {
    simulation,
    time = clockOf(),
    seed = 7,
  }: {
    simulation: ReturnType<typeof world>['simulation'];
    time?: ReturnType<typeof clockOf>;
    seed?: number;
  },
) {
  const feed = await openFeed({
    url,
    token: 'the-token',
    world: simulation,
    seed,
    clock: time.clock,
    logger: silentLogger,
  });
  stops.push(() => feed.close());
  return { feed, time };
}

type Event = {
  id: string;
  type: string;
  data: { customData?: Record<string, unknown> } & Record<string, unknown>;
};
const eventOf = ({ headers, body }: Got): Event =>
  headers['ce-id'] === undefined
    ? JSON.parse(body)
    : { id: String(headers['ce-id']), type: String(headers['ce-type']), data: JSON.parse(body) };

describe('the feed', () => {
  it('tells the history on opening, in both modes by turns, with the token', async () => {
    const { got, url } = await receiving();
    const { made, simulation } = world();
    made.push(deployed('cart', 4, '1.4.0'), deployed('orders', 9, '2.0.1'));
    await feeding(url, { simulation });
    expect(got.map(({ headers }) => headers['content-type'])).toEqual([
      'application/cloudevents+json; charset=utf-8',
      'application/json',
    ]);
    for (const { headers } of got) expect(headers.authorization).toBe('Bearer the-token');
    const [first, second] = got.map(eventOf);
    expect(first).toMatchObject({
      specversion: '1.0',
      source: '/pipelines/cart',
      type: expect.stringMatching(/^dev\.cdevents\.service\.(deployed|upgraded)\.0\.2\.0$/),
      time: '2026-03-02T13:59:00.000Z',
      data: {
        context: { id: first?.id, timestamp: '2026-03-02T13:59:00.000Z' },
        subject: {
          id: 'cart',
          content: {
            environment: { id: 'production' },
            artifactId: expect.stringMatching(/^pkg:oci\/cart@sha256%3A[0-9a-f]{64}\?.*tag=1\.4\.0$/),
          },
        },
        customData: { namespace: 'shop', name: 'cart', revision: 4, actor: 'mina' },
      },
    });
    expect(second?.data.customData).toMatchObject({ name: 'orders', revision: 9 });
  });

  it('tells what comes as it comes, by the story or by hand, and a rollback as one', async () => {
    const { got, url } = await receiving();
    const { made, simulation, rollOut, configure } = world();
    rollOut('cart', 4, '1.4.0', startMs - 9_000);
    configure({ CACHE: '1' }, startMs - 9_000);
    const { time } = await feeding(url, { simulation });
    expect(got).toEqual([]);

    made.push(deployed('orders', 10, '2.0.2'));
    rollOut('orders', 10, '2.0.2', startMs + 2_000);
    rollOut('cart', 5, '1.4.1', startMs + 3_000);
    configure({ CACHE: '2', NEW: 'x' }, startMs + 4_000);
    await time.advance(5_000);
    rollOut('cart', 6, '1.4.0', startMs + 8_000, 'h4');
    rollOut('cart', 6, '1.4.0', startMs + 9_000, 'h4');
    configure({ NEW: 'x' }, startMs + 9_000);
    await time.advance(5_000);

    const told = got
      .map(eventOf)
      .map(({ type, data }) =>
        data.customData
          ? `${type.split('.')[3]?.replace('deployed', 'upgraded')} ${data.customData['name']}@${data.customData['revision']}`
          : `${data['field']}: ${data['before']} -> ${data['after']}`,
      );
    expect(told).toEqual([
      'upgraded orders@10',
      'upgraded cart@5',
      'CACHE: 1 -> 2',
      'NEW: undefined -> x',
      'rolledback cart@6',
      'CACHE: 2 -> undefined',
    ]);
  });

  it('names the same changes of the same drill the same, and those of another otherwise', async () => {
    const ids = async (seed: number) => {
      const { got, url } = await receiving();
      const { made, simulation } = world();
      made.push(deployed('cart', 4, '1.4.0'), deployed('orders', 9, '2.0.1'));
      await feeding(url, { simulation, seed });
      return got.map(eventOf).map(({ id }) => id);
    };
    expect(await ids(7)).toEqual(await ids(7));
    expect(new Set([...(await ids(7)), ...(await ids(8))]).size).toBe(4);
  });
});

describe('a receiver that does not take it', () => {
  it('gets it again later, ever more seldom, until it does', async () => {
    let status = 503;
    const { got, url } = await receiving(() => status);
    const { made, simulation } = world();
    made.push(deployed('cart', 4, '1.4.0'));
    const { feed, time } = await feeding(url, { simulation });
    const attempts = async (ms: number) => {
      const before = got.length;
      for (let passed = 0; passed < ms; passed += 5_000) {
        await time.advance(5_000);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return got.length - before;
    };
    expect([got.length, await attempts(60_000)]).toEqual([1, 2]);
    expect(await attempts(60_000)).toBe(1);
    expect(feed.counts()).toEqual({ taken: 0, waiting: 1, givenUp: 0 });
    status = 202;
    await attempts(300_000);
    expect(feed.counts()).toEqual({ taken: 1, waiting: 0, givenUp: 0 });
    expect(new Set(got.map((one) => eventOf(one).id)).size).toBe(1);
  });

  it('but refuses it, gets it no more', async () => {
    const { got, url } = await receiving(() => 400);
    const { made, simulation } = world();
    made.push(deployed('cart', 4, '1.4.0'));
    const { feed, time } = await feeding(url, { simulation });
    await time.advance(600_000);
    expect(got).toHaveLength(1);
    expect(feed.counts()).toEqual({ taken: 0, waiting: 0, givenUp: 1 });
  });

  it('and is silent, or not there, does not hold up the world', async () => {
    const silent = await receiving(() => null);
    for (const url of [silent.url, 'http://127.0.0.1:1/events']) {
      const { made, simulation } = world();
      made.push(deployed('cart', 4, '1.4.0'), deployed('orders', 9, '2.0.1'));
      const { feed, time } = await feeding(url, { simulation });
      const startedMs = performance.now();
      await time.advance(3_600_000);
      expect(performance.now() - startedMs).toBeLessThan(500);
      await feed.close();
      expect(feed.counts().taken).toBe(0);
    }
  });
});
