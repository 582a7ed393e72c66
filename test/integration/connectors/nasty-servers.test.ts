import type { ServerResponse } from 'node:http';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { alertmanager } from '../../../electron/connectors/alertmanager/alertmanager.ts';
import { type Delivered, rawText } from '../../../electron/connectors/delivered.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import type { StandingAlerts } from '../../../electron/connectors/standing-alerts.ts';
import { scaledClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { tlsOf } from '../../../electron/platform/own-certificate.ts';
import { sourceDesk } from '../../../electron/timeline/source-desk.ts';
import { connectQuiet, quietKinds } from '../../fixtures/connect-quiet.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { expiredServer } from '../../fixtures/expired-server.ts';
import { quietAnswers } from '../../fixtures/metric-answers.ts';
import { faults, nastyServer } from '../../fixtures/nasty-server.ts';
import { steppedDesk } from '../../fixtures/stepped-desk.ts';
import { type Received, sendJson } from '../../fixtures/tiny-server.ts';

const stops: (() => unknown)[] = [];
afterAll(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0)) await stop();
});

/**
 * Many endless answers at once, each read up to 64 MB, would take as long as a read may: what is told would be the machine's
 * slowness. How much each kind really reads is tried one after another in endless-answers.test.ts.
 */
const maxBytes = 1_048_576;
/** Nothing here is about how fast this machine is. */
const LONG_MS = 90_000;
const startedAt = new Date().toISOString();
/** What each system holds, of which more comes to be while it cannot be read. */
type Held = { facts: string[] };
type Kind = {
  connect(url: string, id: string): Connector;
  answer(held: Held): (request: Received, response: ServerResponse) => void;
};

const kinds: Record<string, Kind> = {
  prometheus: {
    connect: (url, id) => prometheus({ id, name: id, url, authorization: null, maxBytes }),
    answer:
      ({ facts }) =>
      ({ url }, response) =>
        sendJson(response, {
          status: 'success',
          data: url.includes('/rules')
            ? { groups: [] }
            : {
                alerts: facts.map((alertname) => ({
                  labels: { alertname },
                  state: 'firing',
                  activeAt: startedAt,
                })),
              },
        }),
  },
  alertmanager: {
    connect: (url, id) => alertmanager({ id, name: id, url, authorization: null, maxBytes }),
    answer:
      ({ facts }) =>
      (_request, response) =>
        sendJson(
          response,
          facts.map((alertname) => ({
            fingerprint: alertname,
            labels: { alertname },
            annotations: {},
            startsAt: startedAt,
            status: { state: 'active', silencedBy: [], inhibitedBy: [] },
          })),
        ),
  },
};

/** A source desk on the machine's clock, and all that it is told. */
function openDesk() {
  const observed: Delivered[] = [];
  const alerts = new Map<string, Set<string>>();
  const time = scaledClock((error) => {
    throw error;
  });
  const desk = sourceDesk({
    realm: 'real',
    clock: time.clock,
    logger: silentLogger,
    onMissed: () => {},
    onAlerts: async ({ id }: Connector, { firing }: StandingAlerts) => {
      const evident = firing.filter(({ raw }) => raw !== null);
      alerts.set(id, new Set(evident.map(({ name }) => name)));
    },
    onObservations: (some) => observed.push(...some),
    onStatus: () => {},
    onAttached: () => {},
  });
  stops.push(() => desk.close());
  const statusOf = (id: string) => desk.statuses().find((one) => one.id === id);
  return {
    desk,
    clock: time.clock,
    statusOf,
    /** Once, and with what its system sent of it. */
    knows: (id: string, fact: string) =>
      alerts.get(id)?.has(fact) ||
      observed
        .filter(({ source, key, title }) => source === id && `${key} ${title}`.includes(fact))
        .map((one) => rawText(one) !== null)
        .join() === 'true',
  };
}

describe.concurrent.each(Object.entries(kinds))('%s', (kind, { connect, answer }) => {
  it('says what is wrong, disturbs nothing else, and catches up when it heals', async () => {
    const { desk, statusOf, knows } = openDesk();
    const open = async (id: string) => {
      const held: Held = { facts: ['fact-one'] };
      const server = await nastyServer(answer(held));
      stops.push(server.close);
      await desk.attach(connect(server.url, id));
      await eventually(`${id} is up`, () => statusOf(id)?.state === 'up', LONG_MS);
      return { id, held, server };
    };
    const well = await open(`${kind} that is well`);
    await Promise.all(
      faults.map(async (fault) => {
        const { id, held, server } = await open(`${kind}: ${fault.name}`);
        await eventually(`${id}: what was there`, () => knows(id, 'fact-one'), LONG_MS);
        server.be(fault);
        held.facts.push('fact-two');
        await eventually(`${id} is named`, () => fault.says.test(statusOf(id)?.sentence ?? ''), LONG_MS);
        expect(statusOf(id)).toMatchObject({ state: 'down' });
        expect(knows(id, 'fact-two')).toBe(false);
        server.be(null);
        await eventually(`${id} is up again`, () => statusOf(id)?.state === 'up', LONG_MS);
        await eventually(`${id}: what came meanwhile`, () => knows(id, 'fact-two'), LONG_MS);
        expect(knows(id, 'fact-one')).toBe(true);
      }),
    );
    expect(statusOf(well.id)).toMatchObject({ state: 'up' });
  }, 500_000);
});

/** The longest that a read may take, as sources are polled; whatever begins it begins within the rest. */
const NAMED_WITHIN_MS = 10_000;
const READ_TAKES_MS = 6_000;

describe.concurrent.each(quietKinds)('%s, in time', (kind) => {
  it('is named within ten seconds, whatever is wrong with it, by a clock that is moved by hand', async () => {
    const { desk, clock, attach, advance, statusOf } = steppedDesk();
    stops.push(desk.close);
    const servers = await Promise.all(
      faults.map(async (fault) => {
        const server = await nastyServer(({ url }, response) => sendJson(response, quietAnswers[kind](url)));
        stops.push(server.close);
        const at = { id: fault.name, name: fault.name, url: server.url, authorization: null, maxBytes };
        await attach(connectQuiet(kind, at, clock));
        expect(statusOf(fault.name)).toMatchObject({ state: 'up' });
        return { fault, server };
      }),
    );
    for (const { fault, server } of servers) server.be(fault);
    const readEnds = vi.spyOn(AbortSignal, 'timeout');
    await advance(NAMED_WITHIN_MS - READ_TAKES_MS);
    expect(readEnds.mock.calls.flat()).toContain(READ_TAKES_MS);
    for (const { fault } of servers)
      expect(statusOf(fault.name)).toMatchObject({
        state: 'down',
        sentence: expect.stringMatching(fault.says),
      });
    for (const { server } of servers) server.be(null);
  });
});

it.concurrent('names a host that does not resolve, and a certificate that has expired', async () => {
  const { desk, statusOf, clock } = openDesk();
  for (const [kind, { connect }] of Object.entries(kinds)) {
    await desk.attach(connect('https://no-such-host.invalid', kind));
    await eventually(`${kind} is named`, () => /does not resolve/.test(statusOf(kind)?.sentence ?? ''));
  }
  const lost = { id: 'lost', name: 'lost', url: 'https://no-such-host.invalid', authorization: null };
  await desk.attach(connectQuiet('loki', lost, clock));
  await eventually('loki is named', () => /does not resolve/.test(statusOf('lost')?.sentence ?? ''));
  const { url, close, cert } = await expiredServer();
  stops.push(close);
  // It is vouched for, so that nothing but its age is wrong with it.
  const tls = tlsOf('old', { authority: cert });
  for (const kind of quietKinds) {
    const id = `${kind} of old`;
    await desk.attach(connectQuiet(kind, { id, name: id, url, authorization: 'Bearer tok', tls }, clock));
    await eventually(`${id} is named`, () => /has expired/.test(statusOf(id)?.sentence ?? ''));
    expect(statusOf(id)).toMatchObject({ state: 'down' });
  }
});

it.concurrent('tells of a clock that is wrong and of facts from the future, on the status of the source', async () => {
  const { desk, statusOf } = openDesk();
  const ahead = (response: ServerResponse) =>
    response.setHeader('date', new Date(Date.now() + 600_000).toUTCString());
  const held: Held = { facts: [] };
  const clock = await nastyServer((request, response) => {
    ahead(response);
    kinds['alertmanager']?.answer(held)(request, response);
  });
  stops.push(clock.close);
  await desk.attach(alertmanager({ id: 'ahead', name: 'ahead', url: clock.url, authorization: null }));
  await eventually('the clock is named', () => /is 10 min ahead of/.test(statusOf('ahead')?.sentence ?? ''));
  expect(statusOf('ahead')).toMatchObject({ state: 'up' });
  expect((await desk.find('ahead')?.test(new AbortController().signal))?.ok).toBe(false);

  const future = await nastyServer((_request, response) =>
    sendJson(response, [
      {
        fingerprint: 'f',
        labels: { alertname: 'Late' },
        annotations: {},
        startsAt: new Date(Date.now() + 7_200_000).toISOString(),
        status: { state: 'active', silencedBy: [], inhibitedBy: [] },
      },
    ]),
  );
  stops.push(future.close);
  await desk.attach(alertmanager({ id: 'future', name: 'future', url: future.url, authorization: null }));
  await eventually('the future is named', () => /in the future/.test(statusOf('future')?.sentence ?? ''));
});
