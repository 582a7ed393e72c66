import { request as tlsRequest } from 'node:https';
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faultOf, jsonType, rollBack, type SteppedDrill, steppedDrill } from './stepped-drill.ts';

let drill: SteppedDrill;
const open = async () => {
  drill = await steppedDrill(10);
};
const close = () => drill.sandbox.close();

const deployments = '/apis/apps/v1/namespaces/shop/deployments';
/** Scaled by people alone: no autoscaler answers what a test does to it. */
const partner = `${deployments}/partner-api`;
const get = async <T = unknown>(path: string): Promise<T> =>
  (await drill.kubernetes('GET', path)).json() as T;
type Versioned = { metadata: { resourceVersion: string; generation: number } };
const patch = (path: string, body: unknown, type: Parameters<typeof jsonType>[0] = 'merge-patch') =>
  drill.kubernetes('PATCH', path, { headers: jsonType(type), body: JSON.stringify(body) });

type Watched = {
  type: string;
  object: { kind: string; code?: number; metadata: { name: string; resourceVersion: string } };
};

/** A watch, and what it has told so far. */
async function watching(
  path: string,
): Promise<{ seen: Watched[]; stop: () => void; settled: () => Promise<void> }> {
  const { url, token, caData } = drill.sandbox.kubernetes;
  const seen: Watched[] = [];
  return new Promise((resolve, reject) => {
    const outgoing = tlsRequest(
      `${url}${path}`,
      { ca: Buffer.from(caData, 'base64'), headers: { authorization: `Bearer ${token}` } },
      (incoming) => {
        incoming.setEncoding('utf8');
        let rest = '';
        incoming.on('data', (part: string) => {
          const lines = (rest + part).split('\n');
          rest = lines.pop() ?? '';
          seen.push(...lines.map((line) => JSON.parse(line) as Watched));
        });
        incoming.on('error', () => {});
        // What was written before the next request was answered has arrived by then.
        const settled = async () => {
          await drill.kubernetes('GET', '/version');
          await new Promise((next) => setTimeout(next, 20));
        };
        resolve({ seen, stop: () => outgoing.destroy(), settled });
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('who shows no token, or a wrong one,', () => {
  beforeAll(open);
  afterAll(close);

  it.each([null, '', 'wrong', 'Bearer'])('gets a Status and nothing else (%j)', async (token) => {
    for (const path of ['/version', '/api/v1/pods', partner, '/nowhere']) {
      const reply = await drill.kubernetes('GET', path, { token });
      expect(reply.status).toBe(401);
      expect(reply.json()).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        reason: 'Unauthorized',
        message: 'Unauthorized',
      });
    }
    const write = await drill.kubernetes('PATCH', partner, {
      token,
      headers: jsonType('merge-patch'),
      body: '{"spec":{"replicas":0}}',
    });
    expect(write.status).toBe(401);
    expect(await get(partner)).not.toMatchObject({ spec: { replicas: 0 } });
  });
});

describe('what the server refuses', () => {
  beforeAll(open);
  afterAll(close);

  it.each<[string, string, string, unknown, Record<string, string>, number, string, RegExp]>([
    [
      'an object that is not there',
      'GET',
      `${deployments}/nobody`,
      null,
      {},
      404,
      'NotFound',
      /^deployments\.apps "nobody" not found$/,
    ],
    [
      'a path that is not there',
      'GET',
      '/apis/apps/v2/deployments',
      null,
      {},
      404,
      'NotFound',
      /could not find the requested resource/,
    ],
    [
      'a path that cannot be decoded',
      'GET',
      '/api/v1/namespaces/%E0%A4%A/pods',
      null,
      {},
      404,
      'NotFound',
      /could not find/,
    ],
    [
      'a name without its namespace',
      'GET',
      '/apis/apps/v1/deployments/partner-api',
      null,
      {},
      404,
      'NotFound',
      /could not find/,
    ],
    [
      'a deletion',
      'DELETE',
      partner,
      null,
      {},
      403,
      'Forbidden',
      /^deployments\.apps "partner-api" is forbidden: User "system:serviceaccount:countersign:countersign" cannot delete resource/,
    ],
    ['the deletion of all', 'DELETE', deployments, null, {}, 403, 'Forbidden', /cannot deletecollection/],
    [
      'a creation',
      'POST',
      '/api/v1/namespaces/shop/pods',
      {},
      { 'content-type': 'application/json' },
      403,
      'Forbidden',
      /cannot create resource "pods"/,
    ],
    [
      'a patch of a budget',
      'PATCH',
      '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/cart',
      {},
      jsonType('merge-patch'),
      403,
      'Forbidden',
      /cannot patch resource "poddisruptionbudgets"/,
    ],
    [
      'a method that is none of its own',
      'OPTIONS',
      partner,
      null,
      {},
      405,
      'MethodNotAllowed',
      /does not allow this method/,
    ],
    [
      'a patch of an unknown type',
      'PATCH',
      partner,
      {},
      { 'content-type': 'text/plain' },
      415,
      'UnsupportedMediaType',
      /application\/json-patch\+json, application\/merge-patch\+json, application\/strategic-merge-patch\+json/,
    ],
    ['a patch without type', 'PATCH', partner, {}, {}, 415, 'UnsupportedMediaType', /unknown format/],
    ['a patch that is a list', 'PATCH', partner, [], jsonType('merge-patch'), 422, 'Invalid', /is invalid/],
    [
      'fewer than no replicas',
      'PATCH',
      partner,
      { spec: { replicas: -1 } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /^Deployment\.apps "partner-api" is invalid: spec\.replicas: Invalid value: -1: must be greater than or equal to 0$/,
    ],
    [
      'half a replica',
      'PATCH',
      partner,
      { spec: { replicas: 1.5 } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /spec\.replicas/,
    ],
    [
      'more than there is room for',
      'PATCH',
      `${partner}/scale`,
      { spec: { replicas: 100_000 } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /spec\.replicas/,
    ],
    [
      'a container without image',
      'PATCH',
      partner,
      { spec: { template: { spec: { containers: [{ name: 'partner-api', image: '' }] } } } },
      jsonType('strategic-merge-patch'),
      422,
      'Invalid',
      /containers\[0\]\.image: Required value/,
    ],
    [
      'no containers',
      'PATCH',
      partner,
      { spec: { template: { spec: { containers: [] } } } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /spec\.template\.spec\.containers: Required value/,
    ],
    [
      'labels its selector does not find',
      'PATCH',
      partner,
      { spec: { template: { metadata: { labels: { app: 'x' } } } } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /does not match template/,
    ],
    [
      'another selector',
      'PATCH',
      partner,
      { spec: { selector: { matchLabels: { app: 'x' } } } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /spec\.selector: .*field is immutable/,
    ],
    [
      'another name',
      'PATCH',
      partner,
      { metadata: { name: 'shopfront' } },
      jsonType('merge-patch'),
      400,
      'BadRequest',
      /does not match the name on the URL/,
    ],
    [
      'a version that has passed',
      'PATCH',
      partner,
      { metadata: { resourceVersion: '7' }, spec: { replicas: 2 } },
      jsonType('merge-patch'),
      409,
      'Conflict',
      /the object has been modified; please apply your changes to the latest version and try again$/,
    ],
    [
      'a dry run of something else',
      'PATCH',
      `${partner}?dryRun=Some`,
      { spec: { replicas: 2 } },
      jsonType('merge-patch'),
      422,
      'Invalid',
      /^PatchOptions\.meta\.k8s\.io "" is invalid: dryRun: Unsupported value: "Some": supported values: "All"$/,
    ],
    [
      'a selector it cannot read',
      'GET',
      `${deployments}?labelSelector=a+b+c`,
      null,
      {},
      400,
      'BadRequest',
      /unable to parse requirement/,
    ],
    [
      'a field it does not index',
      'GET',
      `${deployments}?fieldSelector=spec.replicas%3D3`,
      null,
      {},
      400,
      'BadRequest',
      /field label not supported: spec\.replicas/,
    ],
    [
      'a watch from no version',
      'GET',
      `${deployments}?watch=1&resourceVersion=soon`,
      null,
      {},
      400,
      'BadRequest',
      /invalid resource version/,
    ],
  ])('%s', async (_case, method, path, body, headers, status, reason, message) => {
    const before = await get(partner);
    const reply = await drill.kubernetes(method, path, {
      headers,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    expect(reply.json()).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      code: status,
      reason,
      message: expect.stringMatching(message),
    });
    expect(reply.status).toBe(status);
    expect(await get(partner)).toEqual(before);
  });

  it('a body without end, and goes on', async () => {
    const body = JSON.stringify({ metadata: { annotations: { long: 'x'.repeat(4 * 1024 * 1024) } } });
    const reply = await drill
      .kubernetes('PATCH', partner, { headers: jsonType('merge-patch'), body })
      .catch((error: unknown) => error);
    if (!(reply instanceof Error)) expect(reply).toMatchObject({ status: 413 });
    expect(await get(partner)).not.toHaveProperty('metadata.annotations.long');
  });
});

describe('a patch', () => {
  beforeEach(open);
  afterEach(close);

  it('raises the generation when it changes the spec, and names its manager', async () => {
    const before = await get<Versioned>(partner);
    const reply = await patch(`${partner}?fieldManager=countersign`, { spec: { replicas: 9 } });
    const after = reply.json() as { metadata: Record<string, never> };
    expect(reply.status).toBe(200);
    expect(after).toMatchObject({
      spec: { replicas: 9 },
      metadata: { generation: before.metadata.generation + 1 },
    });
    expect(after.metadata['managedFields']).toEqual([
      expect.objectContaining({
        manager: 'countersign',
        operation: 'Update',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      }),
    ]);
    await drill.time.advance(60_000);
    expect(await get(partner)).toMatchObject({ status: { replicas: 9, readyReplicas: 9 } });
  });

  it('of an annotation leaves the generation alone', async () => {
    const before = await get<Versioned>(partner);
    await patch(partner, { metadata: { annotations: { note: 'looked at' } } }, 'strategic-merge-patch');
    const after = await get(partner);
    expect(after).toMatchObject({
      metadata: {
        annotations: { note: 'looked at' },
        generation: before.metadata.generation,
      },
    });
  });

  it('that changes nothing is no new version', async () => {
    const before = await get(partner);
    expect((await patch(partner, { spec: { paused: null } })).json()).toEqual(before);
  });

  it('cannot touch status, uid or creation time', async () => {
    const before = await get(partner);
    await patch(partner, {
      status: { readyReplicas: 99 },
      metadata: { creationTimestamp: '2020-01-01T00:00:00Z', generation: 99 },
    });
    expect(await get(partner)).toEqual(before);
  });

  it('as a dry run answers what would be, and changes nothing', async () => {
    const before = await get(partner);
    const reply = await patch(`${partner}?dryRun=All`, { spec: { replicas: 9 } });
    expect(reply.json()).toMatchObject({ spec: { replicas: 9 } });
    await drill.time.advance(30_000);
    expect(await get(partner)).toEqual(before);
  });

  it('under the version just read goes through, and only once', async () => {
    const { metadata, spec } = await get<Versioned & { spec: { replicas: number } }>(partner);
    const body = {
      metadata: { resourceVersion: metadata.resourceVersion },
      spec: { replicas: spec.replicas + 1 },
    };
    expect((await patch(partner, body)).status).toBe(200);
    expect((await patch(partner, body)).status).toBe(409);
  });

  it('of the scale is a scale', async () => {
    const scale = await get(`${partner}/scale`);
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'partner-api' },
    });
    expect((await patch(`${partner}/scale`, { spec: { replicas: 5 } })).json()).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 5 },
    });
    expect(await get(partner)).toMatchObject({ spec: { replicas: 5 } });
  });

  it('to the template before takes the ReplicaSet of then back under a new revision', async () => {
    const { namespace, name, revision } = faultOf(drill);
    await rollBack(drill);
    const deployment = await get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
    expect(deployment).toMatchObject({
      metadata: { annotations: { 'deployment.kubernetes.io/revision': String(revision + 1) } },
    });
  });
});

describe('a watch', () => {
  beforeEach(open);
  afterEach(close);

  it('from nowhere tells what is there, and then what changes', async () => {
    const { seen, settled, stop } = await watching(
      `${deployments}?watch=1&fieldSelector=metadata.name%3Dpartner-api`,
    );
    await settled();
    expect(seen.map(({ type, object }) => [type, object.metadata.name])).toEqual([['ADDED', 'partner-api']]);
    await patch(partner, { spec: { replicas: 9 } });
    await patch(`${deployments}/cart`, { spec: { replicas: 9 } });
    await settled();
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen.slice(1).map(({ type, object }) => `${type} ${object.metadata.name}`))).toEqual(
      new Set(['MODIFIED partner-api']),
    );
    stop();
  });

  it('from a version tells what happened since, with rising versions', async () => {
    const { metadata } = await get<Versioned>('/api/v1/pods');
    await rollBack(drill);
    await drill.time.advance(120_000);
    const { seen, settled, stop } = await watching(
      `/api/v1/pods?watch=true&resourceVersion=${metadata.resourceVersion}`,
    );
    await settled();
    expect(new Set(seen.map(({ type }) => type))).toEqual(new Set(['ADDED', 'MODIFIED', 'DELETED']));
    const versions = seen.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
    expect(versions[0]).toBeGreaterThan(Number(metadata.resourceVersion));
    stop();
  });

  it('tells of an object that enters its selection, or leaves it', async () => {
    const { metadata } = await get<Versioned>(deployments);
    const path = `${deployments}?watch=1&labelSelector=looked-at&resourceVersion=${metadata.resourceVersion}`;
    const { seen, settled, stop } = await watching(path);
    await patch(partner, { metadata: { labels: { 'looked-at': 'yes' } } });
    await patch(partner, { metadata: { labels: { 'looked-at': null } } });
    await settled();
    expect(seen.map(({ type }) => type).filter((type) => type !== 'MODIFIED')).toEqual(['ADDED', 'DELETED']);
    stop();
  });

  it('from a version long gone is told to list again', async () => {
    const { seen, settled } = await watching('/api/v1/events?watch=1&resourceVersion=1');
    await settled();
    expect(seen).toEqual([
      { type: 'ERROR', object: expect.objectContaining({ kind: 'Status', code: 410, reason: 'Expired' }) },
    ]);
  });

  it('gets bookmarks when it asks for them, and moves on without anyone asking', async () => {
    const path = '/api/v1/configmaps?watch=1&allowWatchBookmarks=true&resourceVersion=';
    const { metadata } = await get<Versioned>('/api/v1/configmaps');
    const { seen, settled, stop } = await watching(`${path}${metadata.resourceVersion}`);
    await drill.time.advance(10_000);
    await settled();
    expect(seen.map(({ type, object }) => `${type} ${object.kind}`)).toEqual([
      'BOOKMARK ConfigMap',
      'BOOKMARK ConfigMap',
    ]);
    stop();
  });
});

describe('the ordinary client library', () => {
  beforeEach(open);
  afterEach(close);

  function clients(): KubeConfig {
    const { url, token, caData } = drill.sandbox.kubernetes;
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: 'sandbox', server: url, caData }],
      users: [{ name: 'drill', token }],
      contexts: [{ name: 'drill', cluster: 'sandbox', user: 'drill' }],
      currentContext: 'drill',
    });
    return config;
  }

  it('lists, patches, reviews and watches', async () => {
    const config = clients();
    const apps = config.makeApiClient(AppsV1Api);
    const core = config.makeApiClient(CoreV1Api);
    const { items } = await apps.listDeploymentForAllNamespaces();
    const { services } = drill.sandbox.scenario.topology;
    expect(items.length).toBe(services.filter(({ kind }) => kind === 'service').length);
    const pods = await core.listNamespacedPod({ namespace: 'payments', labelSelector: 'app=payments' });
    expect(pods.items.every((pod) => pod.status?.phase === 'Running')).toBe(true);
    expect((await core.listNode()).items.length).toBeGreaterThan(2);
    expect((await core.listNamespace()).items.map(({ metadata }) => metadata?.name)).toEqual(
      expect.arrayContaining(['shop', 'payments', 'platform']),
    );

    const told: string[] = [];
    const stop = await new Watch(config).watch(
      '/apis/apps/v1/namespaces/shop/deployments',
      { fieldSelector: 'metadata.name=media-none' },
      (type) => told.push(type),
      () => {},
    );
    const dry = await apps.patchNamespacedDeployment(
      {
        name: 'cart',
        namespace: 'shop',
        body: { spec: { replicas: 6 } },
        dryRun: 'All',
        fieldManager: 'test',
      },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    expect(dry.spec?.replicas).toBe(6);
    const scale = await apps.patchNamespacedDeploymentScale(
      { name: 'cart', namespace: 'shop', body: { spec: { replicas: 5 } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    expect(scale.spec?.replicas).toBe(5);
    stop.abort();

    const review = config.makeApiClient(AuthorizationV1Api);
    const allowed = async (verb: string, resource: string, subresource = '') => {
      const resourceAttributes = {
        verb,
        resource,
        subresource,
        group: resource === 'deployments' ? 'apps' : '',
        namespace: 'shop',
      };
      return (await review.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })).status
        ?.allowed;
    };
    expect(await allowed('patch', 'deployments')).toBe(true);
    expect(await allowed('patch', 'deployments', 'scale')).toBe(true);
    expect(await allowed('delete', 'deployments')).toBe(false);
    expect(await allowed('get', 'pods', 'log')).toBe(true);
    expect(await allowed('create', 'pods', 'eviction')).toBe(true);
    expect(await allowed('create', 'pods', 'exec')).toBe(false);
    expect(await allowed('list', 'secrets')).toBe(false);
    await expect(apps.deleteNamespacedDeployment({ name: 'cart', namespace: 'shop' })).rejects.toMatchObject({
      code: 403,
    });
  });
});
