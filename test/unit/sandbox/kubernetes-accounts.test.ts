import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../electron/sandbox/cluster/accounts.ts';
import type { Identity } from '../../../electron/sandbox/http/loopback.ts';
import { accountOf } from '../../../electron/sandbox/kubernetes/tokens.ts';
import { server } from './kubernetes-server.ts';

const read = ['get', 'list', 'watch'];
const change = ['patch', 'update'];
const write = ['create', 'delete', 'deletecollection', ...change];
const verbs = [...read, ...write];

/** Verbs by `<resource>.<group>`; whatever is not here is refused. */
type Rights = Readonly<Record<string, readonly string[]>>;

const reader: Rights = {
  configmaps: read,
  events: read,
  namespaces: read,
  nodes: read,
  pods: read,
  'pods/log': read,
  services: read,
  'controllerrevisions.apps': read,
  'daemonsets.apps': read,
  'deployments.apps': read,
  'deployments/scale.apps': ['get'],
  'replicasets.apps': read,
  'statefulsets.apps': read,
  'statefulsets/scale.apps': ['get'],
  'horizontalpodautoscalers.autoscaling': read,
  'cronjobs.batch': read,
  'jobs.batch': read,
  'httproutes.gateway.networking.k8s.io': read,
  'ingresses.networking.k8s.io': read,
  'poddisruptionbudgets.policy': read,
};
const operator: Rights = {
  ...reader,
  configmaps: [...read, ...change],
  nodes: [...read, ...change],
  services: [...read, ...change],
  'pods/eviction': ['create'],
  'daemonsets.apps': [...read, ...change],
  'deployments.apps': [...read, ...change],
  'deployments/scale.apps': ['get', ...change],
  'statefulsets.apps': [...read, ...change],
  'statefulsets/scale.apps': ['get', ...change],
  'horizontalpodautoscalers.autoscaling': [...read, ...change],
  'cronjobs.batch': [...read, ...change],
  'httproutes.gateway.networking.k8s.io': [...read, ...change],
  'ingresses.networking.k8s.io': [...read, ...change],
};
const colleague: Rights = {
  configmaps: verbs,
  events: verbs,
  namespaces: read,
  pods: verbs,
  'pods/log': read,
  'pods/eviction': ['create'],
  secrets: verbs,
  serviceaccounts: verbs,
  'serviceaccounts/token': ['create'],
  services: verbs,
  'controllerrevisions.apps': read,
  'daemonsets.apps': verbs,
  'deployments.apps': verbs,
  'deployments/scale.apps': verbs,
  'replicasets.apps': verbs,
  'statefulsets.apps': verbs,
  'statefulsets/scale.apps': verbs,
  'horizontalpodautoscalers.autoscaling': verbs,
  'cronjobs.batch': verbs,
  'jobs.batch': verbs,
  'httproutes.gateway.networking.k8s.io': verbs,
  'ingresses.networking.k8s.io': verbs,
  'poddisruptionbudgets.policy': verbs,
};

type Listed = { name: string; namespaced: boolean };
type Request = ReturnType<typeof server>['request'];

/** Every resource and subresource that the server says it has. */
function everything(request: Request): (Listed & { group: string; prefix: string })[] {
  const { groups } = request('GET', '/apis').body as {
    groups: { name: string; preferredVersion: { groupVersion: string } }[];
  };
  const lists = [
    { group: '', prefix: '/api/v1' },
    ...groups.map(({ name, preferredVersion }) => ({
      group: name,
      prefix: `/apis/${preferredVersion.groupVersion}`,
    })),
  ];
  return lists.flatMap(({ group, prefix }) =>
    (request('GET', prefix).body as { resources: Listed[] }).resources.map((each) => ({
      ...each,
      group,
      prefix,
    })),
  );
}

const methods: Readonly<Record<string, readonly [string, boolean, string]>> = {
  get: ['GET', true, ''],
  list: ['GET', false, ''],
  watch: ['GET', false, '?watch=1&resourceVersion=99999999'],
  create: ['POST', false, ''],
  patch: ['PATCH', true, ''],
  update: ['PUT', true, ''],
  delete: ['DELETE', true, ''],
  deletecollection: ['DELETE', false, ''],
};

/** The same question, asked by doing it to something that is not there, and by asking whether one may. */
function ask(
  request: Request,
  as: Identity,
  each: ReturnType<typeof everything>[number],
  verb: string,
  namespace: string,
) {
  const [plural = '', subresource] = each.name.split('/');
  const [method = '', named = false, query = ''] = methods[verb] ?? [];
  // A namespace is within itself; other things of the whole cluster are within none.
  const within = each.namespaced || (plural === 'namespaces' && named) ? namespace : '';
  const scope = each.namespaced ? `/namespaces/${namespace}` : '';
  const name = plural === 'namespaces' ? namespace : 'nobody';
  const tail = subresource ? `/${name}/${subresource}` : named ? `/${name}` : '';
  const watch = verb === 'watch' && tail !== '';
  const path = `${each.prefix}${scope}/${plural}${tail}${watch ? '?watch=1&resourceVersion=99999999' : query}`;
  const reply = request(subresource && verb === 'list' ? 'GET' : method, path, { as, body: {} });
  const resourceAttributes = {
    verb,
    group: each.group,
    resource: plural,
    subresource,
    namespace: within,
    name: tail === '' ? '' : name,
  };
  const review = request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    as,
    body: { spec: { resourceAttributes: JSON.parse(JSON.stringify(resourceAttributes)) } },
  });
  const { allowed, reason } = review.body['status'] as { allowed: boolean; reason?: string };
  return { reply, allowed, reason };
}

describe.each([
  ['operator', 'shop', operator],
  ['operator', 'kube-system', operator],
  ['reader', 'shop', reader],
  ['reader', 'kube-system', reader],
  ['colleague', 'shop', colleague],
  ['colleague', 'kube-system', {}],
] as const)('the %s in %s', (which, namespace, rights: Rights) => {
  it('may do what its roles say, and is refused every other verb of every other resource', () => {
    const { request, store } = server();
    const as = accountOf(store, which);
    const asked: string[] = [];
    for (const each of everything(request)) {
      if (each.name.startsWith('selfsubject')) continue;
      const key = each.group === '' ? each.name : `${each.name}.${each.group}`;
      for (const verb of verbs) {
        // A path of a subresource names no collection: it is got, and never listed.
        if (each.name.includes('/') && ['list', 'deletecollection'].includes(verb)) continue;
        const bound = each.namespaced || (each.name === 'namespaces' && methods[verb]?.[1] === true);
        const may = (rights[key] ?? []).includes(verb) && (which !== 'colleague' || bound);
        const { reply, allowed, reason } = ask(request, as, each, verb, namespace);
        const what = `${verb} ${key}`;
        expect([what, reply.status !== 403, allowed]).toEqual([what, may, may]);
        asked.push(what);
        if (may) expect(reason).toMatch(/^RBAC: allowed by (ClusterRoleBinding|RoleBinding) "/);
        else
          expect(reply.body['message']).toContain(
            `User ${JSON.stringify(as.user)} cannot ${verb} resource ${JSON.stringify(each.name)} in API group ${JSON.stringify(each.group)} `,
          );
      }
    }
    for (const key of Object.keys(rights)) expect(asked).toContain(`${rights[key]?.[0]} ${key}`);
  });
});

describe('an account', () => {
  it('is refused in the words of the server', () => {
    const { request, store } = server();
    const path = '/apis/apps/v1/namespaces/shop/deployments/web';
    expect(request('PATCH', path, { as: accountOf(store, 'reader'), body: {} })).toEqual({
      status: 403,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          'deployments.apps "web" is forbidden: User "system:serviceaccount:countersign:countersign-reader" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
        reason: 'Forbidden',
        details: { name: 'web', group: 'apps', kind: 'deployments' },
        code: 403,
      },
    });
  });

  it('is told who it is and why it may', () => {
    const { request, store } = server();
    const as = accountOf(store, 'colleague');
    expect(
      request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { as, body: {} }),
    ).toMatchObject({
      status: 201,
      body: {
        kind: 'SelfSubjectReview',
        status: {
          userInfo: {
            username: 'system:serviceaccount:countersign:colleague',
            uid: store.get('ServiceAccount', 'countersign', 'colleague')?.metadata.uid,
            groups: ['system:serviceaccounts', 'system:serviceaccounts:countersign', 'system:authenticated'],
          },
        },
      },
    });
    const resourceAttributes = { verb: 'delete', resource: 'pods', namespace: 'shop' };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect(request('POST', path, { as, body: { spec: { resourceAttributes } } }).body['status']).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by RoleBinding "colleague/shop" of ClusterRole "edit" to ServiceAccount "colleague/countersign"',
    });
  });

  it('loses what a binding gave it with the binding', () => {
    const { request, store } = server();
    const as = accountOf(store, 'colleague');
    const pods = '/api/v1/namespaces/shop/pods';
    expect(request('GET', pods, { as }).status).toBe(200);
    store.remove('RoleBinding', 'shop', 'colleague');
    expect(request('GET', pods, { as }).status).toBe(403);
  });
});

describe('a further token', () => {
  const path = (namespace: string, name = 'default') =>
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const asked = (expirationSeconds?: number) => ({
    spec: { ...(expirationSeconds ? { expirationSeconds } : {}) },
  });

  it('is for whoever may, of the account that was named, until it expires', () => {
    const { request, store, tokens, run } = server();
    const as = accountOf(store, 'colleague');
    const reply = request('POST', path('shop'), { as, body: asked(600) });
    expect(reply).toMatchObject({
      status: 201,
      body: {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        spec: { expirationSeconds: 600 },
        status: { expirationTimestamp: '2026-03-01T12:10:00Z' },
      },
    });
    const { token } = reply.body['status'] as { token: string };
    expect(tokens.identify(token)?.user).toBe('system:serviceaccount:shop:default');
    run(595);
    expect(tokens.identify(token)).not.toBeNull();
    run(5);
    expect(tokens.identify(token)).toBeNull();
  });

  it.each([
    ['an account of another namespace', path('countersign', 'countersign'), 'colleague', {}, 403],
    [
      'an account of its own, by one that only reads',
      path('countersign', 'countersign-reader'),
      'reader',
      {},
      403,
    ],
    ['an account that is none', path('shop', 'nobody'), 'colleague', {}, 404],
    ['too short a time', path('shop'), 'colleague', { expirationSeconds: 10 }, 422],
  ] as const)('is not for %s', (_what, to, which, spec, status) => {
    const { request, store } = server();
    const reply = request('POST', to, { as: accountOf(store, which), body: { spec } });
    expect(reply.status).toBe(status);
    if (status === 422)
      expect(reply.body['message']).toBe(
        'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
      );
  });

  it('as a dry run is none', () => {
    const { request, store } = server();
    const reply = request('POST', `${path('shop')}?dryRun=All`, {
      as: accountOf(store, 'colleague'),
      body: asked(),
    });
    expect(reply).toMatchObject({ status: 201, body: { status: { token: '' } } });
  });
});

describe('whoever may create bindings', () => {
  const group = 'rbac.authorization.k8s.io';
  const access = `/apis/${group}/v1`;
  const bindings = `${access}/namespaces/shop/rolebindings`;
  const own: PolicyRule[] = [
    {
      verbs: ['create', 'delete', 'get'],
      apiGroups: [group],
      resources: ['rolebindings', 'roles', 'clusterroles'],
    },
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] },
  ];
  const holder = (...more: PolicyRule[]) => server({ subject: { user: 'jo', rules: [...own, ...more] } });
  const binding = (role: string, kind = 'ClusterRole') => ({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'mine', namespace: 'shop' },
    subjects: [{ kind: 'User', apiGroup: group, name: 'sam' }],
    roleRef: { apiGroup: group, kind, name: role },
  });
  const role = (rules: PolicyRule[]) => ({ metadata: { name: 'looks' }, rules });
  const roles = `${access}/namespaces/shop/roles`;

  it('grants what they hold, and takes it back', () => {
    const { request } = holder();
    const pods = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
    expect(request('POST', roles, { body: role([pods]) })).toMatchObject({
      status: 201,
      body: { kind: 'Role' },
    });
    expect(request('POST', roles, { body: role([pods]) })).toMatchObject({
      status: 409,
      body: { reason: 'AlreadyExists', message: 'roles.rbac.authorization.k8s.io "looks" already exists' },
    });
    expect(request('POST', bindings, { body: binding('looks', 'Role') }).status).toBe(201);
    const sam = { user: 'sam', groups: [] };
    expect(request('GET', '/api/v1/namespaces/shop/pods/nobody', { as: sam }).status).toBe(404);
    expect(request('GET', '/api/v1/namespaces/shop/pods', { as: sam }).status).toBe(403);
    expect(request('GET', '/api/v1/namespaces/kube-system/pods/nobody', { as: sam }).status).toBe(403);
    expect(request('DELETE', `${bindings}/mine`)).toMatchObject({ status: 200, body: { status: 'Success' } });
    expect(request('GET', '/api/v1/namespaces/shop/pods/nobody', { as: sam }).status).toBe(403);
  });

  it('cannot grant more than they hold, by a binding or by a role', () => {
    const { request, store } = holder();
    const reply = request('POST', bindings, { body: binding('countersign-reader') });
    expect(reply).toMatchObject({ status: 403, body: { reason: 'Forbidden', details: { name: 'mine' } } });
    const lines = String(reply.body['message']).split('\n');
    expect(lines[0]).toBe(
      'rolebindings.rbac.authorization.k8s.io "mine" is forbidden: user "jo" (groups=[]) is attempting to grant RBAC permissions not currently held:',
    );
    expect(lines).toContain('{APIGroups:[""], Resources:["pods"], Verbs:["watch"]}');
    expect(lines).toContain('{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list" "watch"]}');
    const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    for (const rules of [
      [all],
      [{ verbs: ['*'], apiGroups: [''], resources: ['pods'] }],
      [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }],
    ])
      expect(request('POST', roles, { body: role(rules) }).status).toBe(403);
    expect(store.get('RoleBinding', 'shop', 'mine')).toBeUndefined();
    expect(store.get('Role', 'shop', 'looks')).toBeUndefined();
    expect(request('POST', bindings, { body: binding('nobody') })).toMatchObject({
      status: 404,
      body: { message: 'clusterroles.rbac.authorization.k8s.io "nobody" not found' },
    });
  });

  it('can where they may bind that role, and no other', () => {
    const { request } = holder({
      verbs: ['bind'],
      apiGroups: [group],
      resources: ['clusterroles'],
      resourceNames: ['countersign-reader'],
    });
    expect(request('POST', bindings, { body: binding('edit') }).status).toBe(403);
    expect(request('POST', bindings, { body: binding('countersign-reader') }).status).toBe(201);
  });

  it('cannot pass a right on one object off as a right on all', () => {
    const { request } = holder({
      verbs: ['get'],
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['web-credentials'],
    });
    const secrets = { verbs: ['get'], apiGroups: [''], resources: ['secrets'] };
    expect(request('POST', roles, { body: role([secrets]) }).status).toBe(403);
    expect(
      request('POST', roles, { body: role([{ ...secrets, resourceNames: ['web-credentials'] }]) }).status,
    ).toBe(201);
  });

  it.each([
    [
      'without a name',
      { rules: [] },
      422,
      /metadata\.name: Required value: name or generateName is required/,
    ],
    [
      'in another namespace',
      { metadata: { name: 'x', namespace: 'kube-system' } },
      400,
      /namespace of the provided/,
    ],
    [
      'of rules without verbs',
      { metadata: { name: 'x' }, rules: [{ verbs: [] }] },
      422,
      /rules\[0\]\.verbs: Required value/,
    ],
    ['that is a list', [], 400, /must be of type Role/],
  ])('cannot create a role %s', (_what, body, status, message) => {
    const { request } = holder();
    const reply = request('POST', roles, { body });
    expect(reply.status).toBe(status);
    expect(reply.body['message']).toMatch(message);
  });
});
