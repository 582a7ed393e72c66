import { afterEach, expect, it } from 'vitest';
import { VersionExpired } from '../../../../electron/connectors/kubernetes/cluster-api.ts';
import {
  asReplicaSet,
  ControllerRevision,
} from '../../../../electron/connectors/kubernetes/controller-revisions.ts';
import { journal } from '../../../../electron/connectors/kubernetes/journal.ts';
import { ReplicaSet } from '../../../../electron/connectors/kubernetes/resources.ts';
import { rolloutsOf } from '../../../../electron/connectors/kubernetes/rollouts.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { pod, replicaSet } from '../../../fixtures/kubernetes-objects.ts';
import { sentOf } from '../../../fixtures/sent-fact.ts';
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

const at = '2026-03-01T11:59:00Z';
const config = (mode: string, version: number) =>
  written({ name: 'checkout-config', version }, { data: { mode } });
const killed = { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: at } } };

it.each<[string, string, object, object, object]>([
  [
    'a config edit',
    '/api/v1/configmaps',
    config('fast', 1),
    config('slow', 2),
    { metadata: { name: 'checkout-config', resourceVersion: '2' }, data: { mode: 'slow' } },
  ],
  [
    'a scale',
    '/apis/apps/v1/deployments',
    written({}, { spec: { replicas: 3 } }),
    written({ version: 2 }, { spec: { replicas: 5, selector: { matchLabels: { app: 'checkout' } } } }),
    { spec: { replicas: 5, selector: { matchLabels: { app: 'checkout' } } } },
  ],
  [
    'a traffic move',
    '/apis/networking.k8s.io/v1/ingresses',
    written({ annotations: { 'nginx.ingress.kubernetes.io/canary-weight': '0' } }, { spec: {} }),
    written({ annotations: { 'nginx.ingress.kubernetes.io/canary-weight': '30' }, version: 2 }, { spec: {} }),
    { metadata: { annotations: { 'nginx.ingress.kubernetes.io/canary-weight': '30' } } },
  ],
  [
    'a lost node',
    '/api/v1/nodes',
    written({ name: 'n1', namespace: '' }, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    written(
      { name: 'n1', namespace: '', version: 2 },
      { status: { conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: at }] } },
    ),
    { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
  ],
  [
    'a kill for memory',
    '/api/v1/pods',
    written({ name: 'p' }, { status: {} }),
    written({ name: 'p', version: 2 }, { status: { containerStatuses: [{ name: 'app', ...killed }] } }),
    { status: { containerStatuses: [{ name: 'app', ...killed }] } },
  ],
])(
  '%s stands with the object that shows it, also when a broken watch is taken up again',
  async (_case, path, before, after, shown) => {
    const watched = await following(path, [before]);
    watched.facts.length = 0;
    watched.send('MODIFIED', after);
    expect(watched.facts.map(sentOf)).toMatchObject([shown]);

    const listed = await following(path, [before]);
    listed.facts.length = 0;
    listed.holds(after);
    listed.cut(new VersionExpired());
    await eventually('the second list', () => listed.facts.length > 0);
    expect(listed.facts.map(sentOf)).toMatchObject([shown]);
  },
);

it('a config edit that may not be seen stands with keys and digests', async () => {
  const watched = await following('/api/v1/configmaps', [config('fast', 1)], { maySee: false });
  watched.facts.length = 0;
  watched.send('MODIFIED', config('slow', 2));
  expect(watched.facts.map(sentOf)).toMatchObject([{ data: { mode: expect.stringMatching(/^sha256:/) } }]);
});

it('an object that is gone stands with its last state where that was sent, and with nothing where it was not', async () => {
  const sent = await following('/api/v1/configmaps', [config('fast', 1)]);
  sent.facts.length = 0;
  sent.send('DELETED', config('fast', 1));
  expect(sent.facts.map(sentOf)).toMatchObject([{ data: { mode: 'fast' } }]);

  const found = await following('/api/v1/configmaps', [config('fast', 1)]);
  found.facts.length = 0;
  found.holds();
  found.cut(new VersionExpired());
  await eventually('that it is gone', () => found.facts.length > 0);
  expect(found.facts).toMatchObject([{ title: expect.stringContaining('was deleted'), raw: null }]);
});

it('a rollout stands with the templates before and after, and shows the variables that changed alone', () => {
  const template = (image: string, pool: string) =>
    pod(image, { env: { POOL: pool, COLOUR: 'hunter2', DB_PASSWORD: `hunter${pool}` } });
  const withTemplate = (set: ReturnType<typeof replicaSet>, image: string, pool: string) =>
    ReplicaSet.parse({ ...set, spec: { ...set.spec, template: template(image, pool) } });
  const [, rollout] = rolloutsOf(
    [
      withTemplate(replicaSet({ revision: 6, created: '2026-02-20T08:00:00Z' }), 'c:6', '40'),
      withTemplate(replicaSet({ revision: 7, created: at }), 'c:7', '4'),
    ],
    { source: 'k', reusedAt: () => null },
  );
  if (!rollout) throw new Error('there are two rollouts');
  const of = (image: string, pool: string) => ({
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'app',
              image,
              env: [
                { name: 'POOL', value: pool },
                { name: 'COLOUR', value: '(hidden)' },
                { name: 'DB_PASSWORD', value: '(hidden)' },
              ],
            },
          ],
        },
      },
    },
  });
  expect(sentOf(rollout)).toMatchObject({
    after: { metadata: { annotations: { 'deployment.kubernetes.io/revision': '7' } }, ...of('c:7', '4') },
    before: of('c:6', '40'),
  });
});

it('a rollout of a StatefulSet stands with its ControllerRevisions as they are', () => {
  const revision = (number: number, image: string) =>
    asReplicaSet(
      ControllerRevision.parse({
        metadata: {
          name: `db-${number}`,
          namespace: 'shop',
          uid: `r${number}`,
          creationTimestamp: at,
          annotations: { note: 'x' },
          ownerReferences: [{ kind: 'StatefulSet', name: 'db', uid: 's', controller: true }],
        },
        revision: number,
        data: { spec: { template: { $patch: 'replace', ...pod(image) } } },
      }),
    ) ?? undefined;
  const sets = [revision(1, 'pg:16'), revision(2, 'pg:17')].flatMap((set) => set ?? []);
  const [, rollout] = rolloutsOf(sets, { source: 'k', reusedAt: () => null });
  if (!rollout) throw new Error('there are two rollouts');
  const { after, before } = sentOf(rollout) as { after: { metadata: object }; before: object };
  expect(after).toMatchObject({
    revision: 2,
    data: { spec: { template: { spec: { containers: [{ image: 'pg:17' }] } } } },
  });
  expect(after.metadata).toMatchObject({ annotations: { note: 'x' } });
  expect(JSON.stringify(after)).not.toContain('deployment.kubernetes.io');
  expect(before).toMatchObject({ revision: 1 });
});

it('holds what was sent for an incident that opens later, within a bound, and every fact', () => {
  const held = journal({ keptMs: 1_000, most: 1_000 });
  for (let nth = 0; nth < 100; nth++)
    held.add(
      [
        {
          kind: 'change',
          change: 'config',
          key: `k${nth}`,
          atMs: nowMs,
          service: null,
          title: 'x',
          source: 'k',
          raw: () => `"${'y'.repeat(199_998)}"`,
        },
      ],
      nowMs,
    );
  const all = held.all();
  expect(all).toHaveLength(100);
  expect(all.filter(({ raw }) => raw !== null)).toHaveLength(64);
  expect(all.at(-1)?.raw).not.toBeNull();
});
