import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { type Receiver, receiver } from '../../../electron/connectors/receiver/receiver.ts';
import { oneSecretForAll } from '../../../electron/connectors/receiver/sender-book.ts';
import type { ClusterControl, Connector } from '../../../electron/connectors/source.ts';
import { caseOf } from '../../../electron/host/case-of.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { incidentRepository } from '../../../electron/store/incident-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore, type Store } from '../../../electron/store/open-store.ts';
import { timeline } from '../../../electron/timeline/timeline.ts';
import type { ChangeEvent, Observation } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { type SteppedDrill, startMs, steppedDrill } from './stepped-drill.ts';

let drill: SteppedDrill;
let cluster: Connector & { control: ClusterControl };
let events: Receiver;
let store: Store;
const heard: Observation[] = [];

beforeEach(async () => {
  drill = await steppedDrill(3);
  const { sandbox, time } = drill;
  const { url: server, token, caData } = sandbox.kubernetes;
  const connector = kubernetes({
    id: 'cluster',
    name: 'Cluster',
    clock: time.clock,
    access: { server, token, caData },
  });
  if (!connector.control) throw new Error('the cluster can be changed');
  cluster = { ...connector, control: connector.control };
  heard.length = 0;
  events = receiver({
    id: 'events',
    name: 'Pipelines',
    place,
    senders: [oneSecretForAll('the-token', place.takes)],
    clock: time.clock,
  });
  events.changes.stream({ onObservations: (more) => void heard.push(...more), onState: () => {} });
  store = openStore(join(newDataDir(), dataFiles.drill), migrations);
});
afterEach(async () => {
  await drill.sandbox.close();
  await events.close();
  store.close();
});

const calm = () => AbortSignal.timeout(20_000);
const isChange = (one: { kind: string }): one is ChangeEvent => one.kind === 'change';
const place = { host: '127.0.0.1', port: 0, takes: ['events'] as const };
const feed = async () => {
  const [url = ''] = (await events.open()).urls;
  return drill.sandbox.feedTo({ url, token: 'the-token' });
};

async function backfilled(source: Connector): Promise<Observation[]> {
  const toMs = drill.time.clock.now();
  return (await source.changes?.backfill({ fromMs: toMs - 10_800_000, toMs }, calm())) ?? [];
}

/** What would be ranked in an incident whose timeline was filled in this order. */
function candidatesOf(name: string, ...deliveries: Observation[][]) {
  const incident = IncidentId.parse(name);
  incidentRepository(store.db).save({
    id: incident,
    realm: 'drill',
    title: name,
    severity: 'sev2',
    status: 'open',
    commander: 'mina',
    openedMs: startMs,
    closedMs: null,
    fromMs: startMs - 10_800_000,
    services: [],
    drill: null,
  });
  const facts = timeline({
    repository: eventRepository(store.db),
    clock: drill.time.clock,
    publish: () => {},
  });
  for (const delivery of deliveries) facts.add(incident, delivery);
  const held = facts.ofIncident(incident);
  const window = { fromMs: startMs - 10_800_000, toMs: drill.time.clock.now() };
  const { changes } = caseOf({ window, events: held, series: [], topology: { services: [], calls: [] } });
  return { held: held.filter(isChange), ids: changes.map(({ id }) => id).sort() };
}

it('every deploy and setting of the history arrives once, and no candidate is doubled', async () => {
  const { counts } = await feed();
  const read = await backfilled(cluster);
  const told = await backfilled(events);
  expect(counts()).toEqual({ taken: told.length, waiting: 0, givenUp: 0 });

  // The cluster dates in whole seconds.
  const fromMs = Math.floor(Math.min(...told.map(({ atMs }) => atMs)) / 1_000) * 1_000;
  const recent = read.filter(isChange).filter(({ atMs }) => atMs >= fromMs);
  const expected = recent.filter(({ change }) => change === 'deploy' || change === 'config');
  expect(told.map(({ key }) => key).sort()).toEqual(expected.map(({ key }) => key).sort());
  expect(told.length).toBeGreaterThan(15);
  expect(drill.sandbox.answer.changes.filter((key) => told.some((one) => one.key === key))).toEqual(
    drill.sandbox.answer.changes,
  );

  const alone = candidatesOf('alone', read);
  expect(candidatesOf('read-first', read, told).ids).toEqual(alone.ids);
  expect(candidatesOf('told-first', told, read).ids).toEqual(alone.ids);
  const both = candidatesOf('together', [...told, ...read], read, told);
  expect(both.ids).toEqual(alone.ids);
  for (const deploy of both.held.filter(({ key }) =>
    told.some((one) => one.key === key && one.kind === 'change' && one.change === 'deploy'),
  )) {
    expect(deploy).toMatchObject({ source: 'Cluster', actor: expect.any(String) });
    expect(deploy.labels).toMatchObject({
      environment: 'production',
      artifact: expect.stringMatching(/^pkg:oci\//),
    });
    expect(deploy.diff?.length).toBeGreaterThan(0);
    expect(deploy.detail).toMatch(/Link: https:\/\/ci\.shop\.example\//);
  }
});

it('a rollback by hand is told once, under the key of the cluster', async () => {
  await feed();
  const before = heard.length;
  const newest = heard.filter(isChange).findLast(({ change }) => change === 'deploy');
  const [, namespace = '', name = '', revision = ''] =
    /^deploy:(.+)\/(.+)@(\d+)$/.exec(newest?.key ?? '') ?? [];
  const revisions = await cluster.cluster?.revisions({ namespace, name }, calm());
  const [, previous] = revisions ?? [];
  const held = await cluster.cluster?.deployment({ namespace, name }, calm());
  const done = await cluster.control.rollTo(
    { namespace, name },
    {
      revision: previous?.revision ?? 0,
      expected: { uid: held?.uid ?? '', templateDigest: held?.templateDigest ?? '' },
    },
    { intent: 'int-1', dryRun: false },
    calm(),
  );
  expect(done.kind).toBe('applied');
  await drill.time.advance(60_000);

  const since = heard.slice(before).filter(isChange);
  const byHand = since.filter(({ service }) => service === name);
  const rollback = byHand.find(({ change }) => change === 'deploy');
  expect(rollback).toMatchObject({
    key: `deploy:${namespace}/${name}@${Number(revision) + 1}`,
    title: expect.stringContaining(`${name} rolled back to`),
  });
  expect(new Set(since.map(({ key }) => key)).size).toBe(since.length);

  const read = (await backfilled(cluster)).filter(isChange);
  const deploys = ({ held }: ReturnType<typeof candidatesOf>) =>
    held
      .filter(({ change }) => change === 'deploy')
      .map(({ key }) => key)
      .sort();
  const both = candidatesOf('both', since, read, heard);
  expect(deploys(both)).toEqual(deploys(candidatesOf('read', read)));
  expect(both.held.find(({ key }) => key === rollback?.key)).toMatchObject({ source: 'Cluster' });
});

it('the same seed tells the same', async () => {
  await feed();
  await drill.time.advance(30_000);
  const first = heard.slice();
  await drill.sandbox.close();
  await events.close();
  drill = await steppedDrill(3);
  events = receiver({
    id: 'events',
    name: 'Pipelines',
    place,
    senders: [oneSecretForAll('the-token', place.takes)],
    clock: drill.time.clock,
  });
  heard.length = 0;
  events.changes.stream({ onObservations: (more) => void heard.push(...more), onState: () => {} });
  await feed();
  await drill.time.advance(30_000);
  expect(heard).toEqual(first);
  expect(first.length).toBeGreaterThan(15);
});
