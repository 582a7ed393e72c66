import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import type { ClusterControl, Connector } from '../../../../electron/connectors/source.ts';
import { type Received, sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
afterEach(() => server?.close());

const calm = () => new AbortController().signal;
const ref = { namespace: 'shop', name: 'checkout-config' };
const intent = { intent: 'int-0042', dryRun: false };
const meta = (more: object = {}) => ({
  name: 'checkout-config',
  namespace: 'shop',
  uid: 'c1',
  resourceVersion: '77',
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});
const configMap = (data?: Record<string, string>, more: object = {}) => ({
  metadata: meta(more),
  ...(data ? { data } : {}),
});

/** A server that holds one object and answers the write as the test says. */
async function holding(
  object: object,
  answer: (request: Received, response: ServerResponse) => void,
): Promise<Connector & { control: ClusterControl }> {
  server = await tinyServer((request, response) =>
    request.method === 'PATCH' ? answer(request, response) : sendJson(response, object),
  );
  const connector = kubernetes({ id: 'k', name: 'k', access: { server: server.url, token: 'tok-geheim' } });
  if (!connector.control) throw new Error('a cluster can be changed');
  return { ...connector, control: connector.control };
}
const writes = () => server?.received.filter(({ method }) => method !== 'GET') ?? [];
const sent = () => JSON.parse(writes()[0]?.body ?? 'null');
const expected = (value: string | null) => ({ uid: 'c1', value });

describe('a key of a ConfigMap', () => {
  it('is set by one JSON patch that the server refuses unless object and value are the planned ones', async () => {
    const { control } = await holding(configMap({ 'a.b': '4', other: 'x' }), (_request, response) =>
      sendJson(response, configMap({ 'a.b': '40', other: 'x' })),
    );
    const change = { key: 'a.b', to: '40', expected: expected('4') };
    expect(await control.setConfigKey(ref, change, intent, calm())).toMatchObject({ kind: 'applied' });
    expect(writes()).toHaveLength(1);
    expect(writes()[0]?.url).toBe('/api/v1/namespaces/shop/configmaps/checkout-config?fieldManager=int-0042');
    expect(writes()[0]?.headers['content-type']).toBe('application/json-patch+json');
    expect(sent()).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'c1' },
      { op: 'test', path: '/data/a.b', value: '4' },
      { op: 'replace', path: '/data/a.b', value: '40' },
    ]);
  });

  it('is taken away where it was not set before', async () => {
    const { control } = await holding(configMap({ a: '4' }), (_request, response) =>
      sendJson(response, configMap()),
    );
    const change = { key: 'a', to: null, expected: expected('4') };
    expect(await control.setConfigKey(ref, change, intent, calm())).toMatchObject({ kind: 'applied' });
    expect(sent().at(-1)).toEqual({ op: 'remove', path: '/data/a' });
  });

  it.each<[string, Record<string, string> | undefined, object]>([
    ['beside others', { b: '1' }, { op: 'add', path: '/data/a', value: '4' }],
    ['where there is no data at all', undefined, { op: 'add', path: '/data', value: { a: '4' } }],
  ])('is added %s only to the very version that was read', async (_case, data, add) => {
    const { control } = await holding(configMap(data), (_request, response) =>
      sendJson(response, configMap({ ...data, a: '4' })),
    );
    const change = { key: 'a', to: '4', expected: expected(null) };
    expect(await control.setConfigKey(ref, change, intent, calm())).toMatchObject({ kind: 'applied' });
    expect(sent().slice(1)).toEqual([{ op: 'test', path: '/metadata/resourceVersion', value: '77' }, add]);
  });

  it.each<[string, object]>([
    ['another value', configMap({ a: '5' })],
    ['no value', configMap({})],
    ['another object of that name', configMap({ a: '4' }, { uid: 'c2' })],
    ['what is asked for already', configMap({ a: '40' })],
  ])('is not sent at all where there is %s by now', async (_case, object) => {
    const { control } = await holding(object, (_request, response) => sendJson(response, object));
    const change = { key: 'a', to: '40', expected: expected('4') };
    expect(await control.setConfigKey(ref, change, intent, calm())).toMatchObject({ kind: 'not-applied' });
    expect(writes()).toEqual([]);
  });

  it.each([
    [422, 'not-applied'],
    [409, 'not-applied'],
    [403, 'not-applied'],
    [500, 'unknown'],
    [504, 'unknown'],
  ])('is sent once whatever comes back: %i is %s', async (code, kind) => {
    const { control } = await holding(configMap({ a: '4' }), (_request, response) =>
      sendJson(response, { kind: 'Status', code, message: 'words of the server, Bearer tok-geheim' }, code),
    );
    const change = { key: 'a', to: '40', expected: expected('4') };
    const result = await control.setConfigKey(ref, change, intent, calm());
    expect(result).toMatchObject({ kind, because: expect.stringContaining('words of the server') });
    expect(JSON.stringify(result)).not.toContain('geheim');
    expect(writes()).toHaveLength(1);
  });

  it('is of unknown fate when the answer does not show it', async () => {
    const { control } = await holding(configMap({ a: '4' }), (_request, response) =>
      sendJson(response, configMap({ a: '4' })),
    );
    const change = { key: 'a', to: '40', expected: expected('4') };
    expect(await control.setConfigKey(ref, change, intent, calm())).toMatchObject({ kind: 'unknown' });
  });

  it('changes nothing in a trial run', async () => {
    const { control } = await holding(configMap({ a: '4' }), (_request, response) =>
      sendJson(response, configMap({ a: '40' })),
    );
    const change = { key: 'a', to: '40', expected: expected('4') };
    await control.setConfigKey(ref, change, { ...intent, dryRun: true }, calm());
    expect(writes()[0]?.url).toContain('dryRun=All');
  });
});

const dns = 'external-dns.alpha.kubernetes.io/aws-weight';
const ingress = (weight: string, more: object = {}) => ({
  metadata: meta({ name: 'shop', annotations: { [dns]: weight, ...more } }),
  spec: {
    rules: [
      {
        host: 'shop.example',
        http: { paths: [{ path: '/', backend: { service: { name: 'web', port: { number: 80 } } } }] },
      },
    ],
  },
});

it('shifts the weight of an Ingress by its annotation alone', async () => {
  const { control } = await holding(ingress('100'), (_request, response) =>
    sendJson(response, ingress('60')),
  );
  const change = { annotation: dns, to: '60', expected: expected('100') };
  const result = await control.setIngressWeight({ namespace: 'shop', name: 'shop' }, change, intent, calm());
  expect(result).toEqual({ kind: 'applied', sentence: 'shop/shop publishes the weight 60, was 100' });
  expect(writes()[0]?.url).toContain('/apis/networking.k8s.io/v1/namespaces/shop/ingresses/shop');
  const path = '/metadata/annotations/external-dns.alpha.kubernetes.io~1aws-weight';
  expect(sent()).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'c1' },
    { op: 'test', path, value: '100' },
    { op: 'replace', path, value: '60' },
  ]);
});

const template = (annotations: Record<string, string>, spec: object = {}) => ({
  metadata: { labels: { app: 'checkout' }, annotations },
  spec: { containers: [{ name: 'app', image: 'checkout:1', ...spec }] },
});
const workload = (facts: { annotations?: Record<string, string>; spec?: object; container?: object }) => ({
  metadata: meta({ name: 'checkout', labels: { 'countersign.dev/tier': '2' } }),
  spec: { replicas: 3, template: template(facts.annotations ?? {}, facts.container), ...facts.spec },
  status: { readyReplicas: 2 },
});

it('restarts a StatefulSet by the mark in its template, at the version that was read', async () => {
  const restartedAt = '2026-03-03T03:00:00Z';
  const { control } = await holding(workload({}), (_request, response) =>
    sendJson(response, workload({ annotations: { 'kubectl.kubernetes.io/restartedAt': restartedAt } })),
  );
  const change = { to: restartedAt, expected: expected(null) };
  const at = { namespace: 'shop', name: 'checkout', kind: 'StatefulSet' } as const;
  expect(await control.markRestart(at, change, intent, calm())).toMatchObject({ kind: 'applied' });
  expect(writes()[0]?.url).toContain('/apis/apps/v1/namespaces/shop/statefulsets/checkout');
  expect(sent().slice(1)).toEqual([
    { op: 'test', path: '/metadata/resourceVersion', value: '77' },
    {
      op: 'add',
      path: '/spec/template/metadata/annotations',
      value: { 'kubectl.kubernetes.io/restartedAt': restartedAt },
    },
  ]);
});

describe('a reader', () => {
  const reading = async (answer: (url: string) => object) => {
    server = await tinyServer((request, response) => sendJson(response, answer(request.url)));
    const { cluster } = kubernetes({ id: 'k', name: 'k', access: { server: server.url, token: 't' } });
    if (!cluster) throw new Error('a cluster can be read');
    return cluster;
  };
  const list = (items: object[]) => ({ metadata: { resourceVersion: '1' }, items });

  it('finds every workload that reads a ConfigMap, in every way it can be read', async () => {
    const named = (name: string, spec: object, more: object = {}) => ({
      ...workload({ container: spec }),
      metadata: meta({ name, labels: { 'countersign.dev/tier': '2' } }),
      ...more,
    });
    const configMapRef = { name: 'checkout-config' };
    const deployments = [
      named('by-all', { envFrom: [{ configMapRef }] }),
      named('by-key', {
        env: [{ name: 'A', valueFrom: { configMapKeyRef: { ...configMapRef, key: 'a' } } }],
      }),
      named('not', { envFrom: [{ configMapRef: { name: 'other' } }, { secretRef: configMapRef }] }),
      named('plain', { env: [{ name: 'A', value: 'checkout-config' }] }),
    ];
    const mounting = (volume: object) => ({
      spec: { replicas: 2, template: { spec: { containers: [], volumes: [{ name: 'v', ...volume }] } } },
    });
    const sets = [named('by-volume', {}, mounting({ configMap: configMapRef }))];
    const daemons = [
      named(
        'by-projection',
        {},
        {
          ...mounting({ projected: { sources: [{ secret: {} }, { configMap: configMapRef }] } }),
          status: { desiredNumberScheduled: 5 },
        },
      ),
    ];
    const cluster = await reading((url) =>
      list(url.includes('/deployments') ? deployments : url.includes('/statefulsets') ? sets : daemons),
    );
    const found = await cluster.readersOf(ref, calm());
    expect(found.map(({ kind, name, pods, as }) => [kind, name, pods, as])).toEqual([
      ['Deployment', 'by-all', 3, 'variables'],
      ['Deployment', 'by-key', 3, 'variables'],
      ['DaemonSet', 'by-projection', 5, 'files'],
      ['StatefulSet', 'by-volume', 2, 'files'],
    ]);
  });

  it('tells the weights of an Ingress, whom it serves and how important that is', async () => {
    const cluster = await reading((url) =>
      url.includes('/deployments')
        ? list([
            { ...workload({}), metadata: meta({ name: 'web', labels: { 'countersign.dev/tier': '1' } }) },
          ])
        : ingress('100', {
            'nginx.ingress.kubernetes.io/canary-weight': '20',
            'nginx.ingress.kubernetes.io/canary-weight-total': '1000',
          }),
    );
    expect(await cluster.ingress({ namespace: 'shop', name: 'shop' }, calm())).toEqual({
      uid: 'c1',
      hosts: ['shop.example'],
      backends: ['web'],
      weights: [
        { annotation: dns, value: '100', most: 255 },
        { annotation: 'nginx.ingress.kubernetes.io/canary-weight', value: '20', most: 1_000 },
      ],
      serviceTier: 1,
      managedBy: null,
      ownership: null,
    });
  });

  it('tells of a workload whether it rolls and whether it keeps data, and its template without the mark', async () => {
    const at = { namespace: 'shop', name: 'checkout', kind: 'Deployment' } as const;
    const told = async (facts: Parameters<typeof workload>[0]) => {
      const cluster = await reading((url) => (/jobs|pods/.test(url) ? list([]) : workload(facts)));
      const state = await cluster.workload(at, calm());
      await server?.close();
      return state;
    };
    const plain = await told({});
    expect(plain).toMatchObject({
      desiredReplicas: 3,
      readyReplicas: 2,
      restartedAt: null,
      rolls: true,
      keepsData: false,
      serviceTier: 2,
    });
    const marked = await told({ annotations: { 'kubectl.kubernetes.io/restartedAt': 'then' } });
    expect(marked).toMatchObject({ restartedAt: 'then', templateDigest: plain.templateDigest });
    expect(await told({ spec: { strategy: { type: 'Recreate' } } })).toMatchObject({ rolls: false });
    expect(await told({ spec: { updateStrategy: { type: 'OnDelete' } } })).toMatchObject({ rolls: false });
    expect(await told({ spec: { volumeClaimTemplates: [{}] } })).toMatchObject({ keepsData: true });
  });
});
