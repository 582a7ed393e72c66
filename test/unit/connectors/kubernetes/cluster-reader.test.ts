import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import { deployment, replicaSet } from '../../../fixtures/kubernetes-objects.ts';
import { sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
afterEach(() => server?.close());

const calm = () => new AbortController().signal;
const ref = { namespace: 'shop', name: 'checkout' };

async function reading(answer: Parameters<typeof tinyServer>[0]) {
  server = await tinyServer(answer);
  const { cluster } = kubernetes({ id: 'k', name: 'k', access: { server: server.url, token: 'tok-geheim' } });
  if (!cluster) throw new Error('a cluster can be read');
  return cluster;
}

it('tells the facts of a Deployment', async () => {
  const cluster = await reading((_request, response) =>
    sendJson(response, deployment({ revision: 7, labels: { 'countersign.dev/tier': '1' } })),
  );
  expect(await cluster.deployment(ref, calm())).toMatchObject({
    uid: 'dep-1',
    generation: 9,
    revision: 7,
    images: ['registry.example/checkout:1.7.0'],
    desiredReplicas: 3,
    readyReplicas: 3,
    paused: false,
    serviceTier: 1,
    managedBy: null,
  });
});

it.each([
  ['argo-cd', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }],
  ['flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }],
  ['helm', { annotations: { 'meta.helm.sh/release-name': 'x' } }],
  ['argo-cd', { labels: { 'argocd.argoproj.io/instance': 'x', 'app.kubernetes.io/managed-by': 'Helm' } }],
])('sees that %s would revert an edit', async (managedBy, marks) => {
  const cluster = await reading((_request, response) =>
    sendJson(response, deployment({ revision: 7, ...marks })),
  );
  expect(await cluster.deployment(ref, calm())).toMatchObject({ managedBy });
});

it('gives the revisions that are held, newest first, in as many pages as the server likes', async () => {
  const sets = [6, 8, 7].map((revision) =>
    replicaSet({ revision, created: `2026-02-2${revision}T08:00:00Z` }),
  );
  const [first] = sets;
  if (!first) throw new Error('there is one');
  const foreign = {
    ...first,
    metadata: {
      ...first.metadata,
      uid: 'x',
      ownerReferences: [{ kind: 'Deployment', name: 'other', uid: 'dep-2' }],
    },
  };
  const cluster = await reading(({ url }, response) => {
    if (!url.includes('/replicasets')) return sendJson(response, deployment({ revision: 8 }));
    const page = Number(new URLSearchParams(url.split('?')[1]).get('continue') ?? 0);
    const more = page < 3 ? { continue: String(page + 1) } : {};
    return sendJson(response, {
      metadata: { resourceVersion: '1', ...more },
      items: [[...sets, foreign][page]],
    });
  });
  const revisions = await cluster.revisions(ref, calm());
  expect(revisions.map(({ revision }) => revision)).toEqual([8, 7, 6]);
  expect(revisions[0]?.diff).toEqual([
    {
      path: 'containers.app.image',
      before: 'registry.example/checkout:1.7.0',
      after: 'registry.example/checkout:1.8.0',
    },
  ]);
  expect(revisions[2]?.diff).toEqual([]);
});

it('starts a list anew when its pages have expired', async () => {
  const cluster = await reading(({ url }, response) => {
    if (url.includes('continue=')) return sendJson(response, { kind: 'Status', code: 410 }, 410);
    const more = url.includes('limit=') ? { continue: 'x' } : {};
    return sendJson(response, {
      metadata: { resourceVersion: '1', ...more },
      items: [deployment({ revision: 1 })],
    });
  });
  expect(await cluster.topologyHints(calm())).toEqual([{ id: 'checkout', namespace: 'shop', tier: null }]);
});

it('names the services without their nodes where pods may not be listed', async () => {
  const placed = {
    metadata: { name: 'checkout-6d9f7c5b8d-x2x7q', namespace: 'shop' },
    spec: { nodeName: 'n1' },
  };
  const answering = (mayList: boolean) =>
    reading(({ url }, response) => {
      const isPods = url.startsWith('/api/v1/pods');
      if (isPods && !mayList) return sendJson(response, { kind: 'Status', code: 403 }, 403);
      const items = isPods ? [placed] : [deployment({ revision: 1 })];
      return sendJson(response, { metadata: { resourceVersion: '1' }, items });
    });
  const hint = { id: 'checkout', namespace: 'shop', tier: null };
  expect(await (await answering(false)).topologyHints(calm())).toEqual([hint]);
  expect(await (await answering(true)).topologyHints(calm())).toEqual([{ ...hint, nodes: ['n1'] }]);
});

describe('what cannot be understood is a failure', () => {
  it.each([
    ['an object without a uid', { ...deployment({ revision: 1 }), metadata: { name: 'checkout' } }],
    [
      'a pod template without containers',
      { ...deployment({ revision: 1 }), spec: { template: { spec: {} } } },
    ],
    ['something else', { kind: 'Pod' }],
    ['nothing', null],
  ])('%s', async (_case, reply) => {
    const cluster = await reading((_request, response) => sendJson(response, reply));
    await expect(cluster.deployment(ref, calm())).rejects.toMatchObject({ code: 'bad_reply' });
  });

  it('a list with one such object in it, rather than a list without it', async () => {
    const cluster = await reading((_request, response) =>
      sendJson(response, { metadata: { resourceVersion: '1' }, items: [deployment({ revision: 1 }), {}] }),
    );
    await expect(cluster.topologyHints(calm())).rejects.toMatchObject({ code: 'bad_reply' });
  });

  it('what is not there, in the words of the server', async () => {
    const message = 'deployments.apps "checkout" not found';
    const cluster = await reading((_request, response) =>
      sendJson(response, { kind: 'Status', code: 404, message }, 404),
    );
    await expect(cluster.deployment(ref, calm())).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(message),
    });
  });
});

it('asks about a subresource and its group as the server knows them', async () => {
  const cluster = await reading((_request, response) =>
    sendJson(response, { status: { allowed: false } }, 201),
  );
  expect(
    await cluster.may({ verb: 'patch', group: 'apps', resource: 'deployments/scale' }, ref, calm()),
  ).toBe(false);
  expect(JSON.parse(server?.received[0]?.body ?? '').spec.resourceAttributes).toEqual({
    verb: 'patch',
    group: 'apps',
    resource: 'deployments',
    subresource: 'scale',
    namespace: 'shop',
    name: 'checkout',
  });
});

describe('the way in', () => {
  it('sends no token in clear text over a network', async () => {
    const connector = kubernetes({
      id: 'k',
      name: 'k',
      access: { server: 'http://10.1.2.3:8080', token: 'tok-geheim' },
    });
    expect(await connector.test(calm())).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('https://'),
    });
  });

  it('does not quote a kubeconfig that cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const kubeconfigPath = join(folder, 'config');
    await writeFile(kubeconfigPath, 'users: [{ name: u, user: { token: tok-geheim }\n  broken');
    const test = await kubernetes({ id: 'k', name: 'k', access: { kubeconfigPath } }).test(calm());
    await rm(folder, { recursive: true });
    expect(test).toMatchObject({ ok: false, sentence: expect.stringContaining('cannot be read') });
    expect(test.sentence).not.toContain('geheim');
  });
});
