import { afterEach, describe, expect, it } from 'vitest';
import { actions } from '../../../electron/actions/all.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { systemsOf } from '../../../electron/connectors/source.ts';
import { neededRights } from '../../../electron/host/least-privilege/needed-rights.ts';
import { reviewCredential } from '../../../electron/host/least-privilege/review-credential.ts';
import { READER, WRITER } from '../../../electron/host/least-privilege/roles.ts';
import { writeRoles } from '../../../electron/host/least-privilege/write-roles.ts';
import type { Identity } from '../../../electron/sandbox/http/loopback.ts';
import { resources } from '../../../electron/sandbox/kubernetes/resources.ts';
import { clusterWithRoles } from '../../fixtures/cluster-with-roles.ts';
import { editEnvelope, envelopeFolder } from '../../fixtures/envelope-folder.ts';

type Served = Awaited<ReturnType<typeof clusterWithRoles>>;
let cluster: Served | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** Not where the accounts of every drill are: the reader there has the same name, and sees the whole cluster. */
const ACCOUNTS = 'operations';
const READS = `system:serviceaccount:${ACCOUNTS}:${READER}`;
const WRITES = `system:serviceaccount:${ACCOUNTS}:${WRITER}`;
const calm = () => AbortSignal.timeout(10_000);
const yaml = () =>
  writeRoles({ envelopeDir: 'resources/envelope', namespaces: ['shop'], accountNamespace: ACCOUNTS });

async function withRoles(...given: Parameters<typeof clusterWithRoles>): Promise<Served> {
  cluster = await clusterWithRoles(...given);
  cluster.apply(yaml());
  return cluster;
}

const METHODS: Record<string, string> = {
  get: 'GET',
  list: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};
const OF_ONE = new Set(['get', 'update', 'patch', 'delete']);

/** Every verb on everything that the server has, in a namespace: what it answers to whoever asks. */
function statuses(served: Served, identity: Identity, namespace: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { group, version, plural, namespaced, subresources } of resources) {
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const base = namespaced ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`;
    for (const [verb, method] of Object.entries(METHODS)) {
      const path = OF_ONE.has(verb) ? `${base}/nobody` : base;
      found.set(
        `${verb} ${group}/${plural}`,
        served.request(method, path, { as: identity, body: {} }).status,
      );
      for (const { name } of OF_ONE.has(verb) || verb === 'create' ? subresources : []) {
        const { status } = served.request(method, `${base}/nobody/${name}`, { as: identity, body: {} });
        found.set(`${verb} ${group}/${plural}/${name}`, status);
      }
    }
  }
  return found;
}

const allowedIn = (found: ReadonlyMap<string, number>) =>
  [...found].filter(([, status]) => status !== 403).map(([right]) => right);

describe('the roles that the default envelope needs', () => {
  it('allow what is needed, and every other verb on every other resource is answered with 403', async () => {
    const served = await withRoles();
    const needed = neededRights(actions);
    for (const [name, rights] of [
      [READER, needed.reader],
      [WRITER, needed.writer],
    ] as const) {
      const { identity } = served.account(name, ACCOUNTS);
      const all = [...rights.inNamespaces, ...rights.inCluster];
      const expected = new Set(all.map(({ verb, group, resource }) => `${verb} ${group}/${resource}`));
      const found = statuses(served, identity, 'shop');
      const known = [...found.keys()];
      expect(allowedIn(found).sort()).toEqual(known.filter((right) => expected.has(right)).sort());
      expect(expected.size).toBeGreaterThan(5);

      const elsewhere = new Set(
        rights.inCluster.map(({ verb, group, resource }) => `${verb} ${group}/${resource}`),
      );
      expect(
        allowedIn(statuses(served, identity, 'kube-system')).filter((right) => !elsewhere.has(right)),
      ).toEqual([]);
    }
  });

  it('let the reader have a token of the writer, and of nobody else', async () => {
    const served = await withRoles();
    const { identity } = served.account(READER, ACCOUNTS);
    const ask = (name: string) =>
      served.request('POST', `/api/v1/namespaces/${ACCOUNTS}/serviceaccounts/${name}/token`, {
        as: identity,
        body: { spec: { expirationSeconds: 600 } },
      }).status;
    expect(ask(WRITER)).toBe(201);
    expect(ask(READER)).toBe(403);
    expect(ask('colleague')).toBe(403);
  });
});

describe('an envelope that tells environments by the labels of namespaces', () => {
  const readWith = async (envelopeDir: string) => {
    cluster = await clusterWithRoles();
    cluster.apply(writeRoles({ envelopeDir, namespaces: ['shop'], accountNamespace: ACCOUNTS }));
    const { token } = cluster.account(READER, ACCOUNTS);
    const { cluster: reader } = kubernetes({
      id: 'prod',
      name: 'prod',
      access: { server: cluster.url, token },
      namespaces: ['shop'],
    });
    if (!reader) throw new Error('a cluster can be read');
    return (namespace: string) => reader.namespaceLabels(namespace, calm());
  };

  it('gets a role that reads them, in its own namespaces alone', async () => {
    const envelopeDir = envelopeFolder();
    const member = "namespaces: ['*']\n    namespaceLabels: { env: production }\n    clusters:";
    editEnvelope(envelopeDir, 'envelope.yaml', /namespaces: \['\*'\]\n {4}clusters:/, member);
    const labels = await readWith(envelopeDir);
    expect(await labels('shop')).toMatchObject({ 'kubernetes.io/metadata.name': 'shop' });
    await expect(labels('kube-system')).rejects.toMatchObject({ code: 'refused' });
    await expect(labels('../nodes')).rejects.toMatchObject({ code: 'refused' });
  });

  it('and any other gets one that does not: the server answers 403', async () => {
    const labels = await readWith('resources/envelope');
    await expect(labels('shop')).rejects.toThrow(/403|forbidden/);
  });
});

describe('a connection with a split credential', () => {
  const connected = (served: Served) =>
    kubernetes({
      id: 'prod',
      name: 'prod',
      access: { server: served.url, token: served.account(READER, ACCOUNTS).token },
      namespaces: ['shop'],
      writer: { serviceAccount: WRITER, namespace: ACCOUNTS },
    });

  it('reads with one account and writes with a token of the other, asked for at each write', async () => {
    const served = await withRoles();
    const connector = connected(served);
    const scale = actions.find(({ name }) => name === 'scale-workload');
    const reach = scale?.reach(systemsOf(connector));
    if (!reach) throw new Error('a cluster can be scaled');
    const { metadata } = served.store.list('Deployment', 'shop')[0] ?? { metadata: { name: '' } };
    const before =
      (await connector.cluster?.deployment({ namespace: 'shop', name: metadata.name }, calm()))
        ?.desiredReplicas ?? 0;
    const restart = actions.find(({ name }) => name === 'restart-workload')?.reach(systemsOf(connector));
    const input = { cluster: 'prod', kind: 'Deployment', namespace: 'shop', name: metadata.name };
    if (!restart) throw new Error('a cluster can be restarted');
    const plan = await restart.plan(input, calm());
    expect(before).toBeGreaterThan(0);
    served.received.length = 0;
    const options = { intent: 'prop-1', atMs: Date.parse('2026-03-01T12:00:00Z'), dryRun: false };
    expect(await restart.execute(input, plan.seen, options, calm())).toMatchObject({ kind: 'applied' });

    const writers = served.received.filter(({ user }) => user === WRITES);
    const readers = served.received.filter(({ user }) => user === READS);
    expect(readers.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /api/v1/namespaces/${ACCOUNTS}/serviceaccounts/${WRITER}/token`,
    ]);
    expect(writers.filter(({ method }) => method !== 'GET').map(({ method }) => method)).toEqual(['PATCH']);
  });

  it('waits for a disruption budget as whoever reads, and evicts with a token of its own', async () => {
    const served = await withRoles();
    const { control } = connected(served);
    const pod = served.store.list('Pod', 'shop').find(({ metadata }) => metadata.labels?.['app'] === 'web');
    const ref = { namespace: 'shop', name: pod?.metadata.name ?? '' };
    expect(await control?.budgetAllows(ref, calm())).toBe(true);
    expect(served.received.filter(({ user }) => user === WRITES)).toEqual([]);
    const expected = { uid: pod?.metadata.uid ?? '' };
    const options = { intent: 'prop-1', dryRun: false };
    expect(await control?.evict(ref, expected, options, calm())).toMatchObject({ kind: 'applied' });
    const writes = served.received.filter(({ user, method }) => user === WRITES && method !== 'GET');
    expect(writes.map(({ path }) => path)).toEqual([`/api/v1/namespaces/shop/pods/${ref.name}/eviction`]);
  });

  it('asks about rights to write as the account that would write', async () => {
    const served = await withRoles();
    const { cluster: reader } = connected(served);
    const right = { verb: 'patch', group: 'apps', resource: 'deployments' };
    expect(await reader?.may(right, { namespace: 'shop', name: 'web' }, calm())).toBe(true);
    expect(await reader?.may(right, { namespace: 'kube-system', name: 'web' }, calm())).toBe(false);
  });

  it('connects, follows changes and tests well with rights in its namespaces alone', async () => {
    const served = await withRoles();
    const connector = connected(served);
    expect(await connector.test(calm())).toMatchObject({ ok: true });
    expect(await connector.cluster?.topologyHints(calm())).not.toEqual([]);
    const up = await new Promise<boolean>((resolve) => {
      const stop = connector.changes?.stream({
        onObservations: () => {},
        onState: (state) => {
          resolve(state.up);
          stop?.();
        },
      });
    });
    expect(up).toBe(true);
  });

  it('is reviewed where a server does not tell who asks, and says that something stays untold', async () => {
    const unknown = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
    const served = await withRoles(({ path }) =>
      path.endsWith('/selfsubjectreviews')
        ? { status: 404, headers: { 'content-type': 'application/json' }, body: JSON.stringify(unknown) }
        : null,
    );
    const { cluster: reader, rights } = connected(served);
    if (!reader || !rights) throw new Error('a cluster tells of rights');
    expect(await rights.groups(calm())).toBeNull();
    expect(await reviewCredential({ cluster: reader, rights }, calm())).toMatchObject({
      groups: [],
      incomplete: true,
    });
  });

  it('sends nothing when it gets no token, and says why', async () => {
    const served = await withRoles(({ path }) =>
      path.endsWith('/token')
        ? {
            status: 500,
            headers: { 'content-type': 'application/json' },
            body: '{"message":"no signing key"}',
          }
        : null,
    );
    const result = await connected(served).control?.setConfigKey(
      { namespace: 'shop', name: 'any' },
      { key: 'a', to: 'b', expected: { uid: 'x', value: 'c' } },
      { intent: 'prop-1', dryRun: false },
      calm(),
    );
    expect(result).toMatchObject({
      kind: 'not-applied',
      because: expect.stringMatching(/Nothing was sent.*no signing key/),
    });
    expect(served.received.filter(({ user }) => user === WRITES)).toEqual([]);
  });

  it('lets the token reach no sentence, though the server quotes it in every form', async () => {
    const shown: string[] = [];
    const served = await withRoles((request) => {
      if (request.identity?.user !== WRITES) return null;
      const token = shown[0] ?? '';
      const forms = [
        token,
        encodeURIComponent(token),
        Buffer.from(token).toString('base64'),
        `Bearer ${token}`,
      ];
      return {
        status: 422,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: `refused for ${forms.join(' and ')}` }),
      };
    });
    const { mint } = served.tokens;
    served.tokens.mint = (...given) => {
      const token = mint(...given);
      shown.unshift(token);
      return token;
    };
    const connector = connected(served);
    const restart = actions.find(({ name }) => name === 'restart-workload')?.reach(systemsOf(connector));
    if (!restart) throw new Error('a cluster can be restarted');
    const { metadata } = served.store.list('Deployment', 'shop')[0] ?? { metadata: { name: '' } };
    const input = { cluster: 'prod', kind: 'Deployment', namespace: 'shop', name: metadata.name };
    const plan = await restart.plan(input, calm());
    const result = await restart.execute(
      input,
      plan.seen,
      { intent: 'prop-1', atMs: 0, dryRun: false },
      calm(),
    );
    const token = shown[0] ?? '';
    expect(token.length).toBeGreaterThan(20);
    const told = JSON.stringify(result);
    expect(told).toContain('refused for');
    expect(told).not.toContain(token);
    expect(told).not.toContain(Buffer.from(token).toString('base64'));
  });
});
