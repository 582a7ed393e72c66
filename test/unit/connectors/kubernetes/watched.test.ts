import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { VersionExpired } from '../../../../electron/connectors/kubernetes/cluster-api.ts';
import type { Observation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { followed, nowMs, written } from '../../../fixtures/watched-objects.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function following(path: string, objects: object[], options?: { maySee?: boolean }) {
  const one = followed(path, objects, options);
  stops.push(one.stop);
  await eventually('the watch', () => one.opened() > 0);
  return one;
}

/** What is told of one object that was so and becomes so. */
async function told(
  path: string,
  before: object | null,
  after: object,
  type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'MODIFIED',
  options?: { maySee?: boolean },
): Promise<Observation[]> {
  const one = await following(path, before ? [before] : [], options);
  one.send(type, after);
  // The server may send an object again, whether anything changed or not.
  if (type !== 'DELETED') one.send('MODIFIED', after);
  return one.happened;
}

const at = '2026-03-01T11:59:00Z';
const data = (fields: Record<string, unknown>) => ({ 'f:data': fields });
const configMaps = '/api/v1/configmaps';
const config = (values: Record<string, string>, version = 1, by?: Parameters<typeof written>[2]) =>
  written({ name: 'checkout-config', labels: { app: 'checkout' }, version }, { data: values }, by);

describe('a config map', () => {
  it('that is edited is a change with its difference, its writer and its time', async () => {
    const edit = { manager: 'kubectl-edit', at, fields: data({ 'f:pool.size': {} }) };
    expect(
      await told(
        configMaps,
        config({ 'pool.size': '40', mode: 'a' }),
        config({ 'pool.size': '4', mode: 'a' }, 2, edit),
      ),
    ).toEqual([
      {
        kind: 'change',
        change: 'config',
        key: `config:shop/ConfigMap/checkout-config@${at}`,
        atMs: Date.parse(at),
        service: 'checkout',
        title: 'ConfigMap checkout-config changed: pool.size 40 → 4 by kubectl-edit',
        actor: 'kubectl-edit',
        source: 'k',
        labels: { namespace: 'shop', object: 'ConfigMap/checkout-config' },
        diff: [{ path: 'pool.size', before: '40', after: '4' }],
      },
    ]);
  });

  it('keeps secrets to itself, and shows that they changed', async () => {
    const [change] = await told(
      configMaps,
      config({ 'db.password': 'hunter1', url: 'x' }),
      config({ 'db.password': 'hunter2', url: 'postgres://a:hunter2@db/x' }, 2),
    );
    expect(JSON.stringify(change)).not.toMatch(/hunter/);
    expect(change).toMatchObject({
      diff: [
        { path: 'db.password', before: '(hidden)', after: '(hidden)' },
        { path: 'url', before: 'x', after: 'postgres://(hidden)@db/x' },
      ],
    });
  });

  it('names the line of a file that changed, and neither shows nor overlooks a password in it', async () => {
    const yaml = (password: string, size: number) => `db:\n  password: ${password}\n  size: ${size}\n`;
    const [one] = await told(
      configMaps,
      config({ 'app.yaml': yaml('hunter1', 40) }),
      config({ 'app.yaml': yaml('hunter1', 4) }, 2),
    );
    expect(one?.title).toContain('ConfigMap checkout-config changed: app.yaml, line 3: size: 40 → size: 4');
    const [other] = await told(
      configMaps,
      config({ 'app.yaml': yaml('hunter1', 40) }),
      config({ 'app.yaml': yaml('hunter2', 40) }, 2),
    );
    expect(other).toMatchObject({
      title: expect.stringContaining('app.yaml, a hidden value'),
      diff: [{ before: yaml('(hidden)', 40), after: yaml('(hidden)', 40) }],
    });
    expect(JSON.stringify([one, other])).not.toMatch(/hunter/);
  });

  it('shows keys and digests alone where values may not be seen', async () => {
    const [change] = await told(
      configMaps,
      config({ mode: 'fast' }),
      config({ mode: 'slow' }, 2),
      'MODIFIED',
      { maySee: false },
    );
    expect(JSON.stringify(change)).not.toMatch(/fast|slow/);
    expect(change).toMatchObject({
      diff: [
        { path: 'mode', before: expect.stringMatching(/^sha256:/), after: expect.stringMatching(/^sha256:/) },
      ],
    });
  });

  it.each([
    ['is created', null, config({ a: '1' }), 'ADDED', 'was created'],
    ['is deleted', config({ a: '1' }), config({ a: '1' }), 'DELETED', 'was deleted'],
  ] as const)('that %s is a change', async (_case, before, after, type, words) => {
    expect(await told(configMaps, before, after, type)).toMatchObject([
      { title: expect.stringContaining(words) },
    ]);
  });

  it('that only says who leads tells nothing', async () => {
    const lease = (value: string) =>
      written(
        { name: 'leader', annotations: { 'control-plane.alpha.kubernetes.io/leader': value } },
        { data: { a: value } },
      );
    expect(await told(configMaps, lease('one'), lease('other'))).toEqual([]);
  });
});

const replicas = { 'f:spec': { 'f:replicas': {} } };
const deployment = (count: number, by?: Parameters<typeof written>[2]) =>
  written({ labels: { app: 'checkout' } }, { spec: { replicas: count } }, by);

it.each([
  ['a person', { manager: 'kubectl', at, fields: replicas, subresource: 'scale' }, 'kubectl'],
  [
    'the autoscaler',
    { manager: 'kube-controller-manager', at, fields: replicas, subresource: 'scale' },
    'HorizontalPodAutoscaler',
  ],
])('a workload scaled by %s is a change of scale in their name', async (_case, by, actor) => {
  expect(await told('/apis/apps/v1/deployments', deployment(3), deployment(5, by))).toMatchObject([
    {
      change: 'scale',
      service: 'checkout',
      actor,
      title: `checkout scaled from 3 to 5 replicas by ${actor}`,
      diff: [{ path: 'replicas', before: '3', after: '5' }],
    },
  ]);
});

const node = (more: { ready?: string; at?: string; unschedulable?: boolean; pressure?: boolean } = {}) =>
  written(
    { name: 'node-a1', namespace: '' },
    {
      spec: more.unschedulable
        ? {
            unschedulable: true,
            taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: at }],
          }
        : {},
      status: {
        conditions: [
          {
            type: 'Ready',
            status: more.ready ?? 'True',
            reason: 'KubeletReady',
            lastTransitionTime: more.at ?? '2026-01-01T00:00:00Z',
          },
          { type: 'MemoryPressure', status: more.pressure ? 'True' : 'False', lastTransitionTime: at },
        ],
      },
    },
  );
const pod = (containers: object[], status: object = {}) =>
  written(
    { name: 'checkout-6d9f7c5b8d-x2x7q', owner: 'ReplicaSet' },
    { status: { phase: 'Running', containerStatuses: containers, ...status } },
  );
const killed = { reason: 'OOMKilled', exitCode: 137, finishedAt: at };
const ingress = (weight: string) =>
  written(
    { annotations: { 'external-dns.alpha.kubernetes.io/aws-weight': weight }, labels: { app: 'checkout' } },
    { spec: {} },
  );
const route = (one: number, other: number) =>
  written(
    {},
    {
      spec: {
        rules: [
          {
            backendRefs: [
              { name: 'checkout', weight: one },
              { name: 'checkout-canary', weight: other },
            ],
          },
        ],
      },
    },
  );
const scaler = (most: number) =>
  written(
    {},
    { spec: { scaleTargetRef: { kind: 'Deployment', name: 'checkout' }, minReplicas: 2, maxReplicas: most } },
  );
const service = (version: string) =>
  written({}, { spec: { selector: { app: 'checkout', version }, ports: [{ port: 80 }] } });
const job = (more: object = {}, owner?: string) =>
  written(
    { name: 'migrate', labels: { app: 'checkout' }, ...(owner ? { owner } : {}) },
    { status: { startTime: at, ...more } },
  );

it.each<[string, string, object | null, object, object[]]>([
  [
    'a node that is lost',
    '/api/v1/nodes',
    node(),
    node({ ready: 'Unknown', at }),
    [{ change: 'infrastructure', title: expect.stringContaining('lost'), atMs: Date.parse(at) }],
  ],
  [
    'a node that comes back',
    '/api/v1/nodes',
    node({ ready: 'False' }),
    node({ at }),
    [{ title: 'Node node-a1 is ready again' }],
  ],
  [
    'a node that is cordoned',
    '/api/v1/nodes',
    node(),
    node({ unschedulable: true }),
    [{ title: expect.stringContaining('cordoned'), atMs: Date.parse(at) }],
  ],
  [
    'a node under pressure',
    '/api/v1/nodes',
    node(),
    node({ pressure: true }),
    [{ kind: 'signal', title: expect.stringContaining('memory pressure') }],
  ],
  [
    'a kill for memory',
    '/api/v1/pods',
    pod([{ name: 'app' }]),
    pod([{ name: 'app', lastState: { terminated: killed } }]),
    [{ kind: 'signal', service: 'o', labels: { trouble: 'oom-kill' }, atMs: Date.parse(at) }],
  ],
  [
    'a crash loop',
    '/api/v1/pods',
    pod([{ name: 'app' }]),
    pod([{ name: 'app', state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } } }]),
    [{ labels: { trouble: 'crash-loop' } }],
  ],
  [
    'an image that cannot be pulled',
    '/api/v1/pods',
    pod([]),
    pod([{ name: 'app', state: { waiting: { reason: 'ImagePullBackOff' } } }]),
    [{ labels: { trouble: 'image-pull' } }],
  ],
  [
    'an eviction',
    '/api/v1/pods',
    pod([]),
    pod([], { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
    [{ title: 'Evicted: low on memory', labels: { trouble: 'eviction' } }],
  ],
  [
    'a weight that moves',
    '/apis/networking.k8s.io/v1/ingresses',
    ingress('100'),
    ingress('50'),
    [{ change: 'traffic', diff: [{ path: 'weight', before: '100', after: '50' }] }],
  ],
  [
    'a route that moves',
    '/apis/gateway.networking.k8s.io/v1/httproutes',
    route(100, 0),
    route(90, 10),
    [
      {
        change: 'traffic',
        service: 'checkout',
        diff: [
          { before: '0', after: '10' },
          { path: 'spec.rules.0.backendRefs.checkout.weight', before: '100', after: '90' },
        ],
      },
    ],
  ],
  [
    'bounds of an autoscaler',
    '/apis/autoscaling/v2/horizontalpodautoscalers',
    scaler(10),
    scaler(4),
    [{ change: 'scale', service: 'checkout', diff: [{ path: 'maxReplicas', before: '10', after: '4' }] }],
  ],
  [
    'a service that leads elsewhere',
    '/api/v1/services',
    service('1'),
    service('2'),
    [{ change: 'traffic', diff: [{ path: 'selector.version', before: '1', after: '2' }] }],
  ],
  [
    'a job that somebody starts',
    '/apis/batch/v1/jobs',
    null,
    job(),
    [{ change: 'infrastructure', title: 'Job migrate started' }],
  ],
  ['a job that a schedule starts', '/apis/batch/v1/jobs', null, job({}, 'CronJob'), []],
  [
    'a job that fails',
    '/apis/batch/v1/jobs',
    job(),
    job({ conditions: [{ type: 'Failed', status: 'True', message: 'gave up', lastTransitionTime: at }] }),
    [{ kind: 'signal', title: 'Job migrate failed: gave up' }],
  ],
])('%s is told once', async (_case, path, before, after, expected) => {
  const found = await told(path, before, after, before === null ? 'ADDED' : 'MODIFIED');
  expect(found).toHaveLength(expected.length);
  expected.forEach((one, index) => {
    const { labels, diff, ...rest } = one as { labels?: object; diff?: object[] };
    expect(found[index]).toMatchObject(rest);
    if (labels) expect(found[index]?.labels).toMatchObject(labels);
    if (diff) expect(found[index]).toMatchObject({ diff });
  });
});

describe('the past', () => {
  it('of a config map is that it was written to, when and by whom', async () => {
    const edit = { manager: 'argocd-controller', at, fields: data({ 'f:a': {} }) };
    const { past } = await following(configMaps, [config({ a: '1' }, 7, edit)]);
    expect(past).toMatchObject([
      {
        key: `config:shop/ConfigMap/checkout-config@${at}`,
        atMs: Date.parse(at),
        actor: 'argocd-controller',
        labels: { 'managed-by': 'argo-cd' },
      },
    ]);
    expect(past[0]).not.toHaveProperty('diff');
  });

  it('of replicas is told only where the scale itself was written', async () => {
    const applied = { manager: 'kubectl-client-side-apply', at, fields: replicas };
    const scaled = { manager: 'kubectl', at, fields: replicas, subresource: 'scale' };
    expect((await following('/apis/apps/v1/deployments', [deployment(3, applied)])).past).toEqual([]);
    expect((await following('/apis/apps/v1/deployments', [deployment(3, scaled)])).past).toMatchObject([
      { change: 'scale' },
    ]);
  });

  it('goes back a day and no further', async () => {
    const old = { manager: 'kubectl-edit', at: new Date(nowMs - 90_000_000).toISOString(), fields: data({}) };
    expect((await following(configMaps, [config({ a: '1' }, 7, old)])).past).toEqual([]);
  });

  it('has the same key as the same change had when it was watched', async () => {
    const edit = { manager: 'kubectl-edit', at, fields: data({ 'f:a': {} }) };
    const [watched] = await told(configMaps, config({ a: '1' }), config({ a: '2' }, 2, edit));
    const { past } = await following(configMaps, [config({ a: '2' }, 2, edit)]);
    expect(past.map(({ key }) => key)).toEqual([watched?.key]);
  });
});

it('loses and doubles nothing however often watches break, objects come again and states are skipped', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ value: fc.nat(5), how: fc.constantFrom('sent', 'sent twice', 'missed') }), {
        minLength: 1,
        maxLength: 8,
      }),
      async (steps) => {
        const one = await following(configMaps, [config({ v: '0' }, 1)]);
        let version = 1;
        let broken = false;
        for (const { value, how } of steps) {
          version += 1;
          const object = config({ v: String(value) }, version);
          one.holds(object);
          if (how === 'missed') broken = true;
          else if (!broken) {
            one.send('MODIFIED', object);
            if (how === 'sent twice') one.send('MODIFIED', object);
          }
          if (broken && how !== 'missed') {
            const before = one.opened();
            one.cut(new VersionExpired());
            await eventually('the next watch', () => one.opened() > before);
            broken = false;
          }
        }
        if (broken) {
          const before = one.opened();
          one.cut(new VersionExpired());
          await eventually('the next watch', () => one.opened() > before);
        }
        one.stop();
        // What is told is a chain from the first state to the last.
        const diffs = one.happened.map((change) => (change.kind === 'change' ? change.diff?.[0] : undefined));
        let value: string | null = '0';
        for (const diff of diffs) {
          expect(diff?.before).toBe(value);
          value = diff?.after ?? null;
        }
        expect(value).toBe(String(steps.at(-1)?.value));
        expect(new Set(one.happened.map(({ key }) => key)).size).toBe(one.happened.length);
      },
    ),
    { numRuns: 6 },
  ));
