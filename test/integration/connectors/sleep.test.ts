import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import { unleash } from '../../../electron/connectors/unleash/unleash.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { postEvent } from '../../../electron/sandbox/cluster/post-event.ts';
import { flagBook } from '../../../electron/sandbox/flags/flag-book.ts';
import { serveOnLoopback } from '../../../electron/sandbox/http/loopback.ts';
import { refusals, unleashApi } from '../../../electron/sandbox/unleash/api.ts';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { sourceDesk } from '../../../electron/timeline/source-desk.ts';
import { timeline } from '../../../electron/timeline/timeline.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { kubernetesOnNetwork } from '../sandbox/kubernetes-on-network.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const startMs = Date.parse('2026-03-01T12:00:00Z');
const flagToken = '*:*.c0ffee0123456789';
const incident = IncidentId.parse('inc-1');

it('reads after a sleep what each source did meanwhile, once, though the network comes back late', async () => {
  const time = steppedClock((error) => {
    throw error;
  }, startMs);
  const { clock } = time;
  const cluster = await kubernetesOnNetwork({ remembers: 25 });
  stops.push(cluster.close);
  const access = cluster.access('operator').kubernetes;
  const book = flagBook({ seed: 1 });
  const handler = unleashApi({ flags: book, advance: clock.now });
  const flagServer = await serveOnLoopback({ token: flagToken, bareToken: true, handler, refusals, logger });
  stops.push(flagServer.close);
  const networks = await Promise.all(
    [access.url, flagServer.url].map((url) => cuttingProxy({ port: Number(new URL(url).port) })),
  );
  stops.push(() => Promise.all(networks.map((network) => network.close())));
  const [clusterPort, flagPort] = networks.map(({ port }) => port);
  const connectors: Connector[] = [
    kubernetes({
      id: 'cluster',
      name: 'Cluster',
      clock,
      random: () => 0,
      access: {
        server: `https://127.0.0.1:${clusterPort}`,
        token: access.token,
        caData: access.caData,
      },
    }),
    unleash({
      id: 'flags',
      name: 'Flags',
      clock,
      everyMs: 20,
      url: `http://127.0.0.1:${flagPort}`,
      authorization: flagToken,
    }),
  ];

  const db = new Database(':memory:');
  stops.push(() => db.close());
  for (const { sql } of migrations) db.exec(sql);
  db.pragma('foreign_keys = OFF');
  const told: string[] = [];
  const facts = timeline({
    repository: eventRepository(db),
    clock,
    publish(event) {
      if (event.name === 'timeline.added') told.push(...event.events.map(({ key }) => key));
    },
  });
  const sentences = new Set<string>();
  const desk = sourceDesk({
    realm: 'real',
    clock,
    logger,
    onAlerts: async () => {},
    onMissed: () => {},
    onObservations: (some) => void facts.add(incident, some),
    onStatus() {
      for (const { name, state, sentence } of desk.statuses()) sentences.add(`${name} ${state}: ${sentence}`);
    },
    onAttached: () => {},
  });
  stops.push(desk.close);
  for (const connector of connectors) await desk.attach(connector);
  await eventually('that all are up', () => desk.statuses().every(({ state }) => state === 'up'));

  for (const network of networks) network.cut();
  await eventually('that all are down', () => desk.statuses().every(({ state }) => state === 'down'));
  const happened: string[] = [];
  for (let minute = 1; minute <= 20; minute++) {
    const atMs = startMs + minute * 60_000;
    for (let times = 0; times < 2; times++) {
      const { metadata } = postEvent(cluster.store, {
        atMs,
        seed: 2 * minute + times,
        type: 'Normal',
        reason: 'Rerouted',
        message: `traffic ${minute}`,
        about: { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'shop' },
        component: 'mesh',
        annotations: { 'countersign.dev/change': 'traffic', 'countersign.dev/service': 'web' },
      });
      happened.push(`traffic:shop/${metadata.name}`);
    }
    const flag = 'checkout.new-cart';
    happened.push(`flag:default/${flag}@${book.setRollout({ flag, percent: minute, by: 'mara', atMs })}`);
  }
  await time.advance(20 * 60_000);
  desk.wake({ fromMs: startMs, toMs: clock.now() });
  await eventually('that it is known what is missing', () =>
    [...sentences].some((one) => one.startsWith('Cluster down')),
  );
  for (const network of networks) network.mend();
  await eventually('that all were read', () =>
    desk
      .statuses()
      .every(({ sentence }) =>
        sentence.includes('What happened while this machine slept, 20 min, was read.'),
      ),
  );
  await eventually('all of it', () => happened.every((key) => told.includes(key))).catch(() => undefined);
  expect(told.filter((key) => happened.includes(key)).toSorted()).toEqual(happened.toSorted());
  expect([...sentences].some((one) => one.startsWith('Cluster connecting: '))).toBe(true);
  await time.advance(6 * 60_000);
  await eventually('that it is not said for ever', () =>
    desk.statuses().every(({ sentence }) => !sentence.includes('slept')),
  );
});
