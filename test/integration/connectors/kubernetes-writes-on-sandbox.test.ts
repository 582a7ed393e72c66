import { afterEach, beforeEach, expect, it } from 'vitest';
import { restartWorkload } from '../../../electron/actions/restart-workload.ts';
import { revertConfig } from '../../../electron/actions/revert-config.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { type Ports, systemsOf } from '../../../electron/connectors/source.ts';
import { type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';
import { type Subject, server as simulated } from '../../unit/sandbox/kubernetes-server.ts';

const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const everything: Subject = { user: 'everything', rules: [all] };
const calm = () => new AbortController().signal;
const options = { intent: 'prop-7', atMs: Date.parse('2026-03-01T12:00:00Z'), dryRun: false };

let cluster: ReturnType<typeof simulated>;
let http: TinyServer;
let ports: Ports['cluster'];
/** Runs when a write has arrived and is not applied yet. */
let beforeWrite: () => void;

beforeEach(async () => {
  beforeWrite = () => {};
  cluster = simulated({ subject: everything });
  http = await tinyServer((request, response) => {
    if (request.method === 'PATCH') beforeWrite();
    const { status, body } = cluster.request(request.method, request.url, {
      type: request.headers['content-type'] ?? '',
      ...(request.body === '' ? {} : { body: JSON.parse(request.body) }),
    });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const connector = kubernetes({ id: 'k', name: 'k', access: { server: http.url, token: 't' } });
  const { cluster: found } = systemsOf(connector);
  if (!found) throw new Error('a cluster can be read and changed');
  ports = found;
});
afterEach(() => http.close());

const ref = { namespace: 'shop', name: 'web-config' };
const held = async () => (await ports.reader.configMap(ref, calm())).data;
const writes = () => http.received.filter(({ method }) => method === 'PATCH');
const setBehindItsBack = (data: Record<string, string>) => {
  const path = '/api/v1/namespaces/shop/configmaps/web-config';
  const { status } = cluster.request('PATCH', path, { type: 'application/merge-patch+json', body: { data } });
  if (status !== 200) throw new Error(`the sandbox answers ${status}`);
};

it.each<[string, string, string | null]>([
  ['a key that is there', 'pool.size', '40'],
  ['a key that was not set', 'pool.size', null],
  ['a key of an odd name', 'a.b_c-d', 'x'],
])('sets a ConfigMap back on an API server that checks the conditions: %s', async (_case, key, to) => {
  setBehindItsBack({ [key]: '4' });
  const before = await held();
  const reach = revertConfig.reach({ cluster: ports });
  const input = { cluster: 'k', ...ref, key, to };
  const plan = await reach?.plan(input, calm());
  expect(plan?.blastRadius).toMatchObject({
    class: 'deployment',
    sentence: expect.stringContaining('1 workload with 4 pods read it: web (as variables)'),
  });
  const seen = plan?.seen ?? {};
  expect(await reach?.preflight(input, seen, calm())).toEqual({ kind: 'unchanged' });
  expect(await reach?.execute(input, seen, options, calm())).toMatchObject({ kind: 'applied' });
  expect((await held())[key] ?? null).toBe(to);

  const way = revertConfig.backOut(input, seen)?.input;
  const back = await reach?.plan(way, calm());
  expect(await reach?.execute(way, back?.seen ?? {}, options, calm())).toMatchObject({ kind: 'applied' });
  expect(await held()).toEqual(before);
  expect(writes()).toHaveLength(2);
});

it.each<[string, Record<string, string>, string | null]>([
  ['the value', { 'pool.size': '4' }, '40'],
  ['a key that was not there', {}, '40'],
])('is refused by the server when somebody else sets %s first', async (_case, data, to) => {
  setBehindItsBack(data);
  const reach = revertConfig.reach({ cluster: ports });
  const input = { cluster: 'k', ...ref, key: 'pool.size', to };
  const plan = await reach?.plan(input, calm());
  beforeWrite = () => setBehindItsBack({ 'pool.size': '7' });
  expect(await reach?.execute(input, plan?.seen ?? {}, options, calm())).toMatchObject({
    kind: 'not-applied',
  });
  expect((await held())['pool.size']).toBe('7');
  expect(writes()).toHaveLength(1);
});

it('restarts a Deployment, and takes the mark away again', async () => {
  const at = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
  const before = await ports.reader.workload(at, calm());
  const reach = restartWorkload.reach({ cluster: ports });
  const input = { cluster: 'k', ...at };
  const plan = await reach?.plan(input, calm());
  expect(plan).toMatchObject({ reversible: true });
  const seen = plan?.seen ?? {};
  expect(await reach?.execute(input, seen, options, calm())).toMatchObject({ kind: 'applied' });
  expect((await ports.reader.workload(at, calm())).restartedAt).toBe('2026-03-01T12:00:00Z');
  const way = restartWorkload.backOut(input, seen)?.input;
  const back = await reach?.plan(way, calm());
  expect(await reach?.execute(way, back?.seen ?? {}, options, calm())).toMatchObject({ kind: 'applied' });
  const after = await ports.reader.workload(at, calm());
  expect(after).toMatchObject({ restartedAt: null, templateDigest: before.templateDigest });
});
