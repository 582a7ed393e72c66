import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import type { Observation } from '../../../shared/vocabulary/event.ts';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type Cluster, startCluster } from '../../fixtures/real-cluster.ts';
import { demandEvidence } from '../../fixtures/sent-fact.ts';
import { openShop, revisionOf, rollOut } from './shop.ts';

const calm = () => AbortSignal.timeout(10_000);
const configMap = '/api/v1/namespaces/shop/configmaps/web-config';
const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await openShop(cluster);
}, 120_000);
afterAll(() => cluster?.close());

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Given = Partial<Parameters<typeof kubernetes>[0]> & { url?: string; token?: string };

function connect({ url = cluster.url, token = cluster.adminToken, ...more }: Given = {}): Connector {
  const access = { server: url, token, caData: cluster.caData };
  return kubernetes({ id: 'k', name: 'Cluster', access, ...more });
}

async function listen(connector: Connector) {
  const heard: Observation[] = [];
  let up = false;
  const stop = connector.changes?.stream({
    onObservations: (observations) => heard.push(...observations),
    onState: (state) => {
      up = state.up;
    },
  });
  ends.push(() => stop?.());
  await eventually('the stream', () => up);
  return { heard, isUp: () => up, titles: () => heard.map(({ title }) => title) };
}

const backfill = async (connector: Connector) => {
  const toMs = Date.now();
  return (await connector.changes?.backfill({ fromMs: toMs - 3_600_000, toMs }, calm())) ?? [];
};

it('is tested with its version and what can be seen', async () => {
  expect(await connect().test(calm())).toMatchObject({
    ok: true,
    version: expect.stringMatching(/^v1\.\d+/),
    sees: expect.arrayContaining(['rollouts', 'events', 'may roll back deployments']),
  });
  const said = (await connect().test(calm())).sees.join('\n');
  for (const version of ['autoscaling/v2', 'gateway.networking.k8s.io/v1']) {
    const { status } = await cluster.ask('GET', `/apis/${version}`);
    expect(said.includes(`(${version})`)).toBe(status === 404);
  }
  const wrong = await connect({ token: 'of nobody' }).test(calm());
  expect(wrong).toMatchObject({ ok: false, sentence: expect.stringMatching(/401|Unauthorized/) });
});

it('hears each change once, with its difference and who made it, and rebuilds the same afterwards', async () => {
  const connector = connect();
  const { heard, titles } = await listen(connector);
  const revision = await rollOut(cluster, 'shop/web:1.1.0');
  await cluster.patch(deployment, { spec: { replicas: 5 } }, 'kubectl-edit');
  await cluster.patch(configMap, { data: { 'pool.size': '2' } }, 'kubectl-edit');
  await cluster.patch('/api/v1/nodes/node-1', { spec: { unschedulable: true } }, 'kubectl-cordon');
  await eventually('all of it', () => titles().some((title) => title.includes('node-1')));
  await eventually('the scale', () => titles().some((title) => title.includes('3 to 5')));

  expect(heard.find(({ key }) => key === `deploy:shop/web@${revision}`)).toMatchObject({
    title: `web 1.1.0 rolled out (revision ${revision})`,
    diff: [{ path: 'containers.web.image', before: 'shop/web:1.0.0', after: 'shop/web:1.1.0' }],
  });
  expect(heard.find(({ title }) => title.includes('pool.size'))).toMatchObject({
    actor: 'kubectl-edit',
    diff: [{ path: 'pool.size', before: '20', after: '2' }],
  });
  expect(heard.find(({ title }) => title.includes('3 to 5'))).toMatchObject({ actor: 'kubectl-edit' });

  demandEvidence(heard as never);
  expect(new Set(heard.map(({ key }) => key)).size).toBe(heard.length);
  const rebuilt = new Set((await backfill(connector)).map(({ key }) => key));
  for (const { key, title } of heard) expect(rebuilt, title).toContain(key);
});

it('misses nothing and doubles nothing while the server is killed, and remembers no change from before', async () => {
  const proxy = await cuttingProxy({ port: cluster.port });
  ends.push(() => proxy.close());
  const connector = connect({ url: `https://127.0.0.1:${proxy.port}` });
  const { heard, isUp } = await listen(connector);

  proxy.cut();
  await eventually('the cut', () => !isUp());
  const made: string[] = [];
  for (const image of ['shop/web:2.0.0', 'shop/web:2.1.0'])
    made.push(`deploy:shop/web@${await rollOut(cluster, image)}`);
  await cluster.patch(configMap, { data: { 'pool.size': '50' } }, 'kubectl-edit');
  // A server that is new knows nothing of versions before it began: a watch from there is answered with 410.
  await cluster.killAndStartAgain();
  await cluster.patch(configMap, { data: { 'pool.size': '60' } }, 'kubectl-edit');
  proxy.mend();
  await eventually('the stream', isUp, 60_000);
  const after = `deploy:shop/web@${await rollOut(cluster, 'shop/web:2.2.0')}`;
  await eventually('what came after', () => heard.some(({ key }) => key === after));
  await eventually('the config map', () => heard.some(({ title }) => title.includes('pool.size')));

  const keys = heard.map(({ key }) => key);
  for (const key of [...made, after]) expect(keys.filter((one) => one === key)).toEqual([key]);
  expect(heard.find(({ title }) => title.includes('pool.size'))).toMatchObject({
    diff: [{ path: 'pool.size', after: '60' }],
  });
  expect(new Set(keys).size).toBe(keys.length);
});

it('sees of a cluster what its credentials see, and says what it does not', async () => {
  await cluster.apply(
    [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'narrow', namespace: 'operations' } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'narrow', namespace: 'shop' },
        rules: [
          {
            apiGroups: ['', 'apps'],
            resources: [
              'deployments',
              'replicasets',
              'statefulsets',
              'controllerrevisions',
              'events',
              'pods',
            ],
            verbs: ['get', 'list', 'watch'],
          },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'narrow', namespace: 'shop' },
        subjects: [{ kind: 'ServiceAccount', name: 'narrow', namespace: 'operations' }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'narrow' },
      },
    ]
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
  const token = await cluster.tokenOf('operations', 'narrow');
  const connector = connect({ token, namespaces: ['shop'] });
  const { sees } = await connector.test(calm());
  expect(sees.join('\n')).toMatch(/does not see .*configmaps/);
  expect(sees.join('\n')).toContain('may not roll back deployments');

  const { heard } = await listen(connector);
  await cluster.patch(configMap, { data: { 'pool.size': '70' } }, 'kubectl-edit');
  const revision = await rollOut(cluster, 'shop/web:3.0.0');
  await eventually('the rollout', () => heard.some(({ key }) => key === `deploy:shop/web@${revision}`));
  expect(heard.filter(({ title }) => title.includes('pool.size'))).toEqual([]);

  const outside = connect({ token, namespaces: ['elsewhere'] });
  expect(await outside.test(calm())).toMatchObject({ ok: false });
  expect(await revisionOf(cluster)).toBe(revision);
});
