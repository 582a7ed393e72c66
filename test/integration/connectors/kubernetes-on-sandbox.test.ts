import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SourceFact } from '../../../electron/connectors/delivered.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import type {
  ClusterControl,
  ClusterReader,
  Connector,
  DeploymentState,
} from '../../../electron/connectors/source.ts';
import type { SteppedClock } from '../../../electron/platform/clock.ts';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import type { ChangeObservation, Observation } from '../../../shared/vocabulary/event.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';
import { demandEvidence } from '../../fixtures/sent-fact.ts';

const calm = () => new AbortController().signal;

let time: SteppedClock;
let sandbox: Sandbox;
let connector: Connector;
let cluster: ClusterReader;
let control: ClusterControl;
const stops: (() => void)[] = [];

beforeEach(async () => {
  ({ sandbox, time } = await steppedSandbox(7));
  const { url, token, caData } = sandbox.kubernetes;
  connector = kubernetes({
    id: 'drill-cluster',
    name: 'Drill cluster',
    access: { server: url, token, caData },
    clock: time.clock,
  });
  if (!connector.cluster || !connector.control) throw new Error('a cluster can be read and changed');
  cluster = connector.cluster;
  control = connector.control;
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await sandbox.close();
});

const backfill = async (hours = 2): Promise<SourceFact[]> => {
  const toMs = time.clock.now();
  return (await connector.changes?.backfill({ fromMs: toMs - hours * 3_600_000, toMs }, calm())) ?? [];
};

function listen() {
  const heard: Observation[] = [];
  const states: boolean[] = [];
  const stop = connector.changes?.stream({
    onObservations: (observations) => heard.push(...observations),
    onState: ({ up }) => states.push(up),
  });
  if (stop) stops.push(stop);
  return { heard, states };
}

/** The Deployment behind the trouble, with the revision of the fault. */
function culprit() {
  const [key = ''] = sandbox.answer.changes;
  const [, namespace = '', name = '', revision = ''] = /^deploy:(.+)\/(.+)@(\d+)$/.exec(key) ?? [];
  return { key, ref: { namespace, name }, revision: Number(revision) };
}

it('finds the change behind the trouble among the others, under the key that is ranked', async () => {
  const observations = await backfill();
  demandEvidence(observations);
  const changes = observations.filter((one) => one.kind === 'change');
  expect(new Set(observations.map(({ key }) => key)).size).toBe(observations.length);
  expect(observations.map(({ atMs }) => atMs)).toEqual(
    observations.map(({ atMs }) => atMs).sort((a, b) => a - b),
  );
  expect(new Set(changes.map(({ change }) => change)).size).toBeGreaterThan(2);

  const { key, ref, revision } = culprit();
  const fault = changes.find((one) => one.key === key);
  expect(fault).toMatchObject({ change: 'deploy', service: ref.name, labels: { namespace: ref.namespace } });
  expect(fault?.title).toBe(`${ref.name} ${fault?.labels?.['version']} rolled out (revision ${revision})`);
  expect(fault?.actor).toEqual(expect.any(String));
  expect(fault?.diff?.[0]?.path).toBe(`containers.${ref.name}.image`);
  expect(fault?.diff?.[0]?.before).not.toBe(fault?.diff?.[0]?.after);
});

it('gives nothing from outside the window', async () => {
  const toMs = time.clock.now() - 86_400_000 * 365;
  expect(await connector.changes?.backfill({ fromMs: toMs - 3_600_000, toMs }, calm())).toEqual([]);
});

it('rolls back in one write, and the roll-back arrives as a change of its own, dated when it was made', async () => {
  const { heard, states } = listen();
  await eventually('what the source tells', () => states.includes(true));
  const { ref, revision } = culprit();
  const before = await cluster.deployment(ref, calm());
  expect(before.revision).toBe(revision);
  const [, previous] = await cluster.revisions(ref, calm());
  if (!previous) throw new Error('an earlier revision is held');

  await time.advance(60_000);
  const rolledMs = time.clock.now();
  const result = await control.rollTo(
    ref,
    rollTo(previous.revision, before),
    { intent: 'int-1', dryRun: false },
    calm(),
  );
  expect(result).toMatchObject({ kind: 'applied' });
  await time.advance(30_000);

  const after = await cluster.deployment(ref, calm());
  expect(after).toMatchObject({
    uid: before.uid,
    images: previous.images,
    templateDigest: previous.templateDigest,
  });
  expect(after.revision).toBeGreaterThan(revision);
  const key = `deploy:${ref.namespace}/${ref.name}@${after.revision}`;
  await eventually('what the source tells', () => heard.some((one) => one.key === key));
  const change = heard.find((one): one is ChangeObservation => one.key === key && one.kind === 'change');
  expect(change?.title).toContain('rolled back to');
  expect(Math.abs((change?.atMs ?? 0) - rolledMs)).toBeLessThan(60_000);
  expect(change?.diff?.[0]?.path).toBe(`containers.${ref.name}.image`);
  expect(heard.filter((one) => one.key === key)).toHaveLength(1);

  const found = (await backfill()).find((one) => one.key === key);
  expect(found?.title).toBe(change?.title);
  expect(Math.abs((found?.atMs ?? 0) - rolledMs)).toBeLessThan(60_000);
  expect((await cluster.revisions(ref, calm()))[0]?.changeCause).toBe(previous.changeCause);
});

it('changes nothing in a trial run', async () => {
  const { ref } = culprit();
  const before = await cluster.deployment(ref, calm());
  const [, previous] = await cluster.revisions(ref, calm());
  const dryRun = { intent: 'int-2', dryRun: true };
  expect(await control.rollTo(ref, rollTo(previous?.revision ?? 0, before), dryRun, calm())).toMatchObject({
    kind: 'applied',
  });
  expect(
    await control.scaleTo(ref, scaleTo(before.desiredReplicas + 1, before), dryRun, calm()),
  ).toMatchObject({
    kind: 'applied',
  });
  await time.advance(30_000);
  expect(await cluster.deployment(ref, calm())).toEqual(before);
});

it('scales, and says from where to where', async () => {
  const { ref } = culprit();
  const before = await cluster.deployment(ref, calm());
  const wanted = before.desiredReplicas + 2;
  const result = await control.scaleTo(
    ref,
    scaleTo(wanted, before),
    { intent: 'int-3', dryRun: false },
    calm(),
  );
  expect(result).toEqual({
    kind: 'applied',
    sentence: `${ref.namespace}/${ref.name} wants ${wanted} replicas, was ${before.desiredReplicas}`,
  });
  expect((await cluster.deployment(ref, calm())).desiredReplicas).toBe(wanted);
});

it.each([
  [
    'a revision that is not held',
    async () => control.rollTo(culprit().ref, rollTo(4_711, await now()), once(), calm()),
    'no longer holds',
  ],
  [
    'the revision that runs',
    async () => control.rollTo(culprit().ref, rollTo(culprit().revision, await now()), once(), calm()),
    'already has',
  ],
  [
    'a Deployment that is not there',
    async () => control.rollTo({ namespace: 'shop', name: 'nobody' }, rollTo(1, await now()), once(), calm()),
    'Nothing was sent',
  ],
  [
    'scaling what is not there',
    async () =>
      control.scaleTo({ namespace: 'shop', name: 'nobody' }, scaleTo(1, await now()), once(), calm()),
    'Nothing was sent',
  ],
])('does not apply %s, and says why', async (_case, write, words) => {
  const result = await write();
  expect(result).toMatchObject({ kind: 'not-applied', because: expect.stringContaining(words) });
});

const once = () => ({ intent: 'int-4', dryRun: false });
const now = () => cluster.deployment(culprit().ref, calm());
const rollTo = (revision: number, { uid, templateDigest }: DeploymentState) => ({
  revision,
  expected: { uid, templateDigest },
});
const scaleTo = (replicas: number, { uid, desiredReplicas }: DeploymentState) => ({
  replicas,
  expected: { uid, replicas: desiredReplicas },
});

it('knows from the server what these credentials may do', async () => {
  const { ref } = culprit();
  expect(await cluster.may({ verb: 'patch', group: 'apps', resource: 'deployments' }, ref, calm())).toBe(
    true,
  );
  expect(
    await cluster.may({ verb: 'patch', group: 'apps', resource: 'deployments/scale' }, ref, calm()),
  ).toBe(true);
  expect(await cluster.may({ verb: 'get', group: '', resource: 'secrets' }, ref, calm())).toBe(false);
});

it('names the services with their namespace, tier and the nodes that their pods run on', async () => {
  const services = await cluster.topologyHints(calm());
  const { ref } = culprit();
  expect(services).toContainEqual({
    id: ref.name,
    namespace: ref.namespace,
    tier: expect.any(Number),
    nodes: expect.arrayContaining([expect.stringMatching(/^node-/)]),
  });
  expect(new Set(services.map(({ id }) => id)).size).toBe(services.length);
});

it('tests the connection with the version and what may be done', async () => {
  const test = await connector.test(calm());
  expect(test).toMatchObject({ ok: true, version: expect.stringMatching(/^v1\./) });
  expect(test.sees).toContain('may roll back deployments');
});

it('reaches the same cluster through a kubeconfig', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  const { url, token, caData } = sandbox.kubernetes;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: url, 'certificate-authority-data': caData } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'drill', context: { cluster: 'c', user: 'u' } }],
    'current-context': '',
  };
  const kubeconfigPath = join(folder, 'config');
  await writeFile(kubeconfigPath, JSON.stringify(config));
  const by = (context: string) => kubernetes({ id: 'k', name: 'k', access: { kubeconfigPath, context } });
  expect(await by('drill').test(calm())).toMatchObject({ ok: true });
  expect(await by('other').test(calm())).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('drill'),
  });
  await rm(folder, { recursive: true });
});

it('does not trust a server that the given authority does not vouch for', async () => {
  const { url, token } = sandbox.kubernetes;
  const stranger = kubernetes({ id: 'k', name: 'k', access: { server: url, token } });
  const test = await stranger.test(calm());
  expect(test).toMatchObject({ ok: false, sentence: expect.stringContaining('certificate') });
  await expect(stranger.cluster?.deployment(culprit().ref, calm())).rejects.toMatchObject({
    code: 'unreachable',
  });
});

it('says that it is down when the cluster vanishes', async () => {
  const { states } = listen();
  await eventually('what the source tells', () => states.includes(true));
  await sandbox.close();
  await eventually('what the source tells', () => states.at(-1) === false);
  await expect(backfill()).rejects.toMatchObject({ code: 'unreachable' });
});
