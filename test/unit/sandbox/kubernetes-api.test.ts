import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../electron/sandbox/cluster/accounts.ts';
import { type Subject, server } from './kubernetes-server.ts';

const pods = '/api/v1/namespaces/shop/pods';
const web = '/apis/apps/v1/namespaces/shop/deployments/web';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

type Named = { metadata: { name: string } };
type List = { items: Named[]; metadata: { continue?: string; remainingItemCount?: number } };
const names = (body: unknown) => (body as List).items.map(({ metadata }) => metadata.name);
const metaOf = (body: unknown) => (body as List).metadata;

const holding = (...rules: PolicyRule[]): Subject => ({ user: 'someone', rules });

describe('a list in pages', () => {
  it('is the list, whatever happens between the pages', () => {
    const { request, run } = server();
    const whole = names(request('GET', pods).body);
    const first = request('GET', `${pods}?limit=2`).body;
    expect(metaOf(first).remainingItemCount).toBe(whole.length - 2);
    const seen = [...names(first)];
    request('PATCH', `${web}/scale`, {
      body: { spec: { replicas: 1 } },
      type: 'application/merge-patch+json',
    });
    run(60);
    expect(names(request('GET', pods).body).length).toBeLessThan(whole.length);
    for (let token = metaOf(first).continue; token; ) {
      const { body } = request('GET', `${pods}?limit=2&continue=${token}`);
      seen.push(...names(body));
      token = metaOf(body).continue;
    }
    expect(seen).toEqual(whole);
  });

  it('does not say how many follow when it filters', () => {
    const { request } = server();
    const meta = metaOf(request('GET', `${pods}?limit=1&labelSelector=app%3Dweb`).body);
    expect(meta.continue).toBeTruthy();
    expect(meta).not.toHaveProperty('remainingItemCount');
  });

  it('is gone when its version is, with a token to go on as things are now', () => {
    const { request, store } = server({ logLength: 20 });
    const first = request('GET', `${pods}?limit=2`).body;
    const node = store.list('Node')[0];
    if (!node) throw new Error('no node');
    for (let count = 0; count < 40; count++) store.put<'Node'>(node, 0);
    const gone = request('GET', `${pods}?limit=2&continue=${metaOf(first).continue}`);
    expect(gone).toMatchObject({ status: 410, body: { kind: 'Status', reason: 'Expired', code: 410 } });
    expect(gone.body['message']).toMatch(
      /^The provided continue parameter is too old to display a consistent/,
    );
    const rest = request('GET', `${pods}?continue=${metaOf(gone.body).continue}`);
    expect([...names(first), ...names(rest.body)]).toEqual(names(request('GET', pods).body));
  });

  it.each([
    ['limit=x', 400, /strconv\.ParseInt: parsing "x": invalid syntax/],
    ['continue=x', 400, /continue key is not valid/],
    [
      'continue=x&resourceVersion=48300',
      400,
      /specifying resource version is not allowed when using continue/,
    ],
    ['resourceVersion=99999999', 504, /^Too large resource version: 99999999, current: \d+$/],
    ['resourceVersionMatch=Nearly', 400, /Unsupported value: "Nearly"/],
  ])('is refused when asked for with %s', (query, status, message) => {
    const { request } = server();
    const reply = request('GET', `${pods}?${query}`);
    expect(reply).toMatchObject({ status, body: { kind: 'Status', code: status } });
    expect(reply.body['message']).toMatch(message);
  });
});

describe('a representation', () => {
  it('as a table has a cell for every column, and of each object its metadata or all or nothing', () => {
    const { request } = server();
    for (const [include, kind] of [
      ['', 'PartialObjectMetadata'],
      ['?includeObject=Object', 'Pod'],
      ['?includeObject=None', undefined],
    ] as const) {
      const { body } = request('GET', `${pods}${include}`, { accept: table });
      expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
      const { columnDefinitions, rows } = body as {
        columnDefinitions: object[];
        rows: { cells: unknown[]; object?: { kind: string } }[];
      };
      expect(rows.length).toBeGreaterThan(4);
      for (const row of rows) {
        expect(row.cells).toHaveLength(columnDefinitions.length);
        expect(row.object?.kind).toBe(kind);
      }
    }
  });

  it('as metadata alone has no spec', () => {
    const { request } = server();
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { body } = request('GET', pods, { accept });
    expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect((body as { items: object[] }).items[0]).not.toHaveProperty('spec');
  });

  it('that the server cannot give is refused', () => {
    const { request } = server();
    expect(request('GET', pods, { accept: 'application/vnd.kubernetes.protobuf' })).toMatchObject({
      status: 406,
      body: {
        reason: 'NotAcceptable',
        message: expect.stringMatching(/^only the following media types are accepted/),
      },
    });
  });
});

describe('a watch', () => {
  it('names the columns of its tables once', () => {
    const { watch } = server();
    const told = watch(`${pods}?watch=1`, table);
    expect(told.length).toBeGreaterThan(4);
    const defined = told.map(({ object }) => (object['columnDefinitions'] as object[] | null)?.length ?? 0);
    expect(defined[0]).toBeGreaterThan(4);
    expect(new Set(defined.slice(1))).toEqual(new Set([0]));
  });

  it('with initial events marks where they end, and goes on with bookmarks', () => {
    const { watch, bookmark, store } = server();
    const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
    const told = watch(`${pods}?${query}`);
    bookmark();
    const [marked, later] = told
      .filter(({ type }) => type === 'BOOKMARK')
      .map(({ object }) => object['metadata']);
    expect(told.at(-2)?.object['metadata']).toBe(marked);
    expect(marked).toMatchObject({ annotations: { 'k8s.io/initial-events-end': 'true' } });
    expect(later).toEqual({ resourceVersion: String(store.version()), creationTimestamp: null });
  });

  it('from a version that is not yet is refused', () => {
    const { request } = server();
    expect(request('GET', `${pods}?watch=1&resourceVersion=99999999`)).toMatchObject({
      status: 504,
      body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
    });
  });
});

describe('an eviction', () => {
  const evict = (name: string, more = {}) => ({
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'shop' }, ...more },
  });
  const webPods = (request: ReturnType<typeof server>['request']) =>
    names(request('GET', `${pods}?labelSelector=app%3Dweb`).body);

  it('takes one pod, and no second before the first is replaced', () => {
    const { request, run, store } = server();
    const [one = '', two = ''] = webPods(request);
    const path = (name: string) => `${pods}/${name}/eviction`;
    expect(request('POST', path(one), evict(one))).toEqual({
      status: 201,
      body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    });
    expect(store.get('Pod', 'shop', one)?.metadata).toMatchObject({
      deletionTimestamp: '2026-03-01T12:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    expect(request('POST', path(one), evict(one)).status).toBe(201);
    expect(request('POST', path(two), evict(two))).toEqual({
      status: 429,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        reason: 'TooManyRequests',
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget web needs 3 healthy pods and has 3 currently',
            },
          ],
        },
        code: 429,
      },
    });
    expect(store.get('Pod', 'shop', two)).toBeDefined();
    run(30);
    expect(webPods(request)).toHaveLength(4);
    expect(store.get('Pod', 'shop', one)).toBeUndefined();
    expect(request('POST', path(two), evict(two)).status).toBe(201);
  });

  it('as a dry run is answered and not done', () => {
    const { request, store } = server();
    const [one = ''] = webPods(request);
    const before = store.get('PodDisruptionBudget', 'shop', 'web');
    const options = evict(one, { deleteOptions: { dryRun: ['All'] } });
    expect(request('POST', `${pods}/${one}/eviction`, options).status).toBe(201);
    expect(request('POST', `${pods}/${one}/eviction?dryRun=All`, evict(one)).status).toBe(201);
    expect(store.get('Pod', 'shop', one)).toBeDefined();
    expect(store.get('PodDisruptionBudget', 'shop', 'web')).toBe(before);
  });

  it('of another pod than it names, or of another life of it, is refused', () => {
    const { request } = server();
    const [one = ''] = webPods(request);
    expect(request('POST', `${pods}/${one}/eviction`, evict('other'))).toMatchObject({
      status: 400,
      body: { message: 'name in URL does not match name in Eviction object' },
    });
    const options = evict(one, { deleteOptions: { preconditions: { uid: 'another' } } });
    expect(request('POST', `${pods}/${one}/eviction`, options)).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message: expect.stringMatching(
          /the UID in the precondition \(another\) does not match the UID in record/,
        ),
      },
    });
    expect(request('POST', `${pods}/nobody/eviction`, evict('nobody'))).toMatchObject({ status: 404 });
  });

  it('of a pod on a cordoned node puts its successor on another', () => {
    const { request, run, store } = server();
    const [one = ''] = webPods(request);
    const node = store.get('Pod', 'shop', one)?.spec.nodeName;
    const type = 'application/merge-patch+json';
    for (const { metadata } of store.list('Node'))
      request('PATCH', `/api/v1/nodes/${metadata.name}`, { body: { spec: { unschedulable: true } }, type });
    request('POST', `${pods}/${one}/eviction`, evict(one));
    run(60);
    const pending = store.list('Pod', 'shop').filter(({ spec }) => spec.nodeName === '');
    expect(pending).toHaveLength(1);
    expect(pending[0]?.status.conditions[0]).toMatchObject({ status: 'False', reason: 'Unschedulable' });
    const free = store.list('Node').find(({ metadata }) => metadata.name !== node)?.metadata.name;
    request('PATCH', `/api/v1/nodes/${free}`, { body: { spec: { unschedulable: false } }, type });
    run(60);
    const name = pending[0]?.metadata.name ?? '';
    expect(store.get('Pod', 'shop', name)).toMatchObject({
      spec: { nodeName: free },
      status: { phase: 'Running' },
    });
  });
});

describe('a write', () => {
  const merge = { type: 'application/merge-patch+json' };

  it('deletes a pod for whom may, and not as a dry run', () => {
    const rule = { verbs: ['delete', 'deletecollection', 'list'], apiGroups: [''], resources: ['pods'] };
    const { request, run, store } = server({ subject: holding(rule) });
    const one = store.list('Pod', 'shop').find(({ metadata }) => metadata.labels?.['app'] === 'web');
    const name = one?.metadata.name ?? '';
    expect(request('DELETE', `${pods}/${name}?dryRun=All`)).toMatchObject({
      status: 200,
      body: { kind: 'Pod' },
    });
    expect(store.get('Pod', 'shop', name)).toBeDefined();
    expect(request('DELETE', `${pods}/${name}?dryRun=Some`)).toMatchObject({
      status: 422,
      body: {
        message: expect.stringMatching(/^DeleteOptions\.meta\.k8s\.io "" is invalid: dryRun: Unsupported/),
      },
    });
    expect(request('DELETE', `${pods}/${name}?gracePeriodSeconds=0`).status).toBe(200);
    expect(store.get('Pod', 'shop', name)).toBeUndefined();
    expect(request('DELETE', pods)).toMatchObject({ status: 405, body: { reason: 'MethodNotAllowed' } });
    run(30);
    expect(names(request('GET', `${pods}?labelSelector=app%3Dweb`).body)).toHaveLength(4);
  });

  it('suspends a CronJob, which then makes no more Jobs', () => {
    const { request, run, store } = server();
    const jobs = () => store.list('Job', 'shop').map(({ metadata }) => metadata.name);
    run(30);
    const before = jobs();
    const cron = '/apis/batch/v1/namespaces/shop/cronjobs/shop-db-backup';
    expect(request('PATCH', cron, { ...merge, body: { spec: { suspend: true } } })).toMatchObject({
      status: 200,
      body: { spec: { suspend: true }, metadata: { generation: 2 } },
    });
    run(1_500);
    expect(jobs()).toEqual(before);
    request('PATCH', cron, { ...merge, body: { spec: { suspend: false } } });
    run(1_500);
    expect(jobs().length).toBeGreaterThan(before.length);
    expect(store.list('Job', 'shop').at(-1)?.status).toMatchObject({ succeeded: 1 });
  });

  it('of a StatefulSet keeps what is below its partition, and refuses what decides on names', () => {
    const { request, run, store } = server();
    const path = '/apis/apps/v1/namespaces/shop/statefulsets/shop-db';
    const rollingUpdate = { partition: 2 };
    const template = { metadata: { annotations: { restarted: 'yes' } } };
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate };
    request('PATCH', path, { ...merge, body: { spec: { updateStrategy, template } } });
    run(120);
    const restarted = store
      .list('Pod', 'shop')
      .filter(({ metadata }) => metadata.annotations?.['restarted'] === 'yes')
      .map(({ metadata }) => metadata.name);
    expect(restarted).toEqual(['shop-db-2']);
    expect(store.get('StatefulSet', 'shop', 'shop-db')?.status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      updatedReplicas: 1,
      currentReplicas: 2,
    });
    expect(request('PATCH', path, { ...merge, body: { spec: { serviceName: 'other' } } })).toMatchObject({
      status: 422,
      body: {
        message: expect.stringMatching(
          /^StatefulSet\.apps "shop-db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', /,
        ),
      },
    });
  });

  it('of an object that was changed since is a conflict, as PATCH and as PUT', () => {
    const { request } = server();
    const { body } = request('GET', web);
    const stale = { ...body, metadata: { ...(body['metadata'] as object), labels: { mine: 'yes' } } };
    request('PATCH', web, { ...merge, body: { metadata: { labels: { theirs: 'yes' } } } });
    for (const reply of [
      request('PUT', web, { body: stale }),
      request('PATCH', web, { ...merge, body: stale }),
      request('PUT', `${web}/scale`, {
        body: { metadata: (stale as { metadata: object }).metadata, spec: { replicas: 2 } },
      }),
    ]) {
      expect(reply).toEqual({
        status: 409,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message:
            'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
          reason: 'Conflict',
          details: { name: 'web', group: 'apps', kind: 'deployments' },
          code: 409,
        },
      });
    }
  });
});

describe('a role', () => {
  const secret = '/api/v1/namespaces/shop/secrets/web-credentials';
  const inCore = (verbs: string[], resources: string[], resourceNames?: string[]): PolicyRule => ({
    verbs,
    apiGroups: [''],
    resources,
    ...(resourceNames ? { resourceNames } : {}),
  });

  it('that names no Secrets gets none, whatever else it may', () => {
    const { request } = server();
    expect(request('GET', secret)).toEqual({
      status: 403,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          'secrets "web-credentials" is forbidden: User "system:serviceaccount:countersign:countersign" cannot get resource "secrets" in API group "" in the namespace "shop"',
        reason: 'Forbidden',
        details: { name: 'web-credentials', kind: 'secrets' },
        code: 403,
      },
    });
    for (const query of ['', '?watch=1']) {
      expect(request('GET', `/api/v1/secrets${query}`)).toMatchObject({
        status: 403,
        body: { message: expect.stringMatching(/resource "secrets" in API group "" at the cluster scope$/) },
      });
    }
  });

  it('that names one Secret gets that one, and not the list', () => {
    const { request } = server({
      subject: holding(inCore(['get', 'list'], ['secrets'], ['web-credentials'])),
    });
    expect(request('GET', secret)).toMatchObject({ status: 200, body: { kind: 'Secret', type: 'Opaque' } });
    expect(request('GET', '/api/v1/namespaces/shop/secrets').status).toBe(403);
    const one = '/api/v1/namespaces/shop/secrets?fieldSelector=metadata.name%3Dweb-credentials';
    expect(names(request('GET', one).body)).toEqual(['web-credentials']);
  });

  it('bound in one namespace holds in no other', () => {
    const user = 'system:serviceaccount:shop:reader';
    const { request } = server({ subject: { user, namespace: 'shop', rules: [inCore(['list'], ['pods'])] } });
    expect(request('GET', pods).status).toBe(200);
    expect(request('GET', '/api/v1/pods')).toMatchObject({
      status: 403,
      body: {
        message:
          'pods is forbidden: User "system:serviceaccount:shop:reader" cannot list resource "pods" in API group "" at the cluster scope',
      },
    });
    expect(request('GET', '/api/v1/namespaces/kube-system/pods').status).toBe(403);
  });

  it('is refused every verb it does not name, for every resource, and is told so beforehand', () => {
    const { request } = server();
    const verbs = [
      ['delete', 'DELETE', '/x'],
      ['deletecollection', 'DELETE', ''],
      ['create', 'POST', ''],
    ] as const;
    const { body } = request('GET', '/apis/apps/v1');
    const plurals = (body as { resources: { name: string }[] }).resources.map(({ name }) => name);
    expect(plurals).toContain('statefulsets');
    for (const plural of plurals.filter((name) => !name.includes('/'))) {
      for (const [verb, method, rest] of verbs) {
        const reply = request(method, `/apis/apps/v1/namespaces/shop/${plural}${rest}`);
        expect(reply).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
        expect(reply.body['message']).toContain(
          `User "system:serviceaccount:countersign:countersign" cannot ${verb} resource "${plural}"`,
        );
        const spec = { resourceAttributes: { verb, group: 'apps', resource: plural, namespace: 'shop' } };
        const review = request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
          body: { spec },
        });
        expect(review).toMatchObject({ status: 201, body: { status: { allowed: false } } });
      }
    }
  });

  it('does not reach past what it names into subresources', () => {
    const { request } = server({ subject: holding(inCore(['*'], ['pods'])) });
    expect(request('GET', `${pods}/web/log`)).toMatchObject({
      status: 403,
      body: {
        message: expect.stringMatching(
          /cannot get resource "pods\/log" in API group "" in the namespace "shop"$/,
        ),
      },
    });
  });

  it('is reviewed as it is', () => {
    const rule = inCore(['get'], ['secrets'], ['web-credentials']);
    const review: PolicyRule = {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['*'],
    };
    const { request } = server({
      subject: holding(rule, review, { verbs: ['get'], nonResourceURLs: ['/version'] }),
    });
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    expect(request('POST', path, { body: { spec: { namespace: 'shop' } } })).toMatchObject({
      status: 201,
      body: {
        kind: 'SelfSubjectRulesReview',
        status: {
          resourceRules: [rule, review],
          nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version'] }],
          incomplete: false,
        },
      },
    });
    expect(request('GET', '/version').status).toBe(200);
    expect(request('GET', '/api')).toMatchObject({
      status: 403,
      body: { message: 'forbidden: User "someone" cannot get path "/api"' },
    });
    const empty = request('POST', path.replace('rules', 'access'), { body: { spec: {} } });
    expect(empty).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
  });
});

describe('a body that is rubbish', () => {
  const review = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const type = 'application/vnd.kubernetes.protobuf';

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no envelope', Buffer.from('hello')],
    ['a length beyond its end', Buffer.from('k8s\0\x0a\x7f')],
    ['a number without end', Buffer.from([0x6b, 0x38, 0x73, 0, ...Array.from({ length: 12 }, () => 0xff)])],
    ['a wire type that is none', Buffer.from('k8s\0\x0e')],
  ])('is refused: %s', (_what, bytes) => {
    const { request } = server();
    expect(request('POST', review, { bytes, type })).toMatchObject({
      status: 400,
      body: { kind: 'Status', reason: 'BadRequest' },
    });
  });

  it('is read when it is none', () => {
    const { request } = server();
    const field = (number: number, value: Buffer) =>
      Buffer.concat([Buffer.from([number * 8 + 2, value.length]), value]);
    const version = field(1, Buffer.from('authorization.k8s.io/v1'));
    const kind = field(2, Buffer.from('SelfSubjectRulesReview'));
    const object = field(2, field(1, Buffer.from('shop')));
    const bytes = Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, Buffer.concat([version, kind])),
      field(2, object),
    ]);
    expect(request('POST', review, { bytes, type })).toMatchObject({
      status: 201,
      body: { status: { incomplete: false } },
    });
  });
});
