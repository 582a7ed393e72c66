import { afterAll, expect } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { type RealServer, startAlertmanager, startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { testOnRealServers as test } from '../../fixtures/test-on-real-servers.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
// The tests run side by side, since most of each is waiting.
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function keep<T extends RealServer>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  closing.push(() => server.close());
  return server;
}

async function openCaller() {
  const host = await createHost({
    dataDir: newDataDir(),
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'correct horse battery',
  });
  closing.push(() => host.close());
  return callerOf(host);
}
type Call = Awaited<ReturnType<typeof openCaller>>;

const connect = (call: Call, kind: 'prometheus' | 'alertmanager', { url }: RealServer) =>
  call('connections.add', { kind, name: kind, url, auth: { kind: 'none' } });

async function alertEvents(call: Call) {
  const incidents = await call('incidents.list', {});
  const rooms = await Promise.all(incidents.map(({ id }) => call('incidents.room', { incident: id })));
  return rooms
    .flatMap(({ events }) => events)
    .filter((event) => event.kind === 'signal' && event.sort === 'alert');
}
const titles = async (call: Call) => (await alertEvents(call)).map(({ title }) => title).sort();

const source = async (call: Call, kind: string) =>
  (await call('host.status', {})).sources.find((one) => one.kind === kind);
const isNow = (call: Call, kind: string, state: 'up' | 'down') =>
  eventually(`${kind} to be ${state}`, async () => (await source(call, kind))?.state === state);

const post = async ({ url }: RealServer, path: string, body: unknown): Promise<Response> =>
  fetch(`${url}/api/v2/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const fire = (manager: RealServer, ...alerts: Record<string, string>[]) =>
  post(
    manager,
    'alerts',
    alerts.map((labels) => ({
      labels,
      annotations: { summary: `${labels['alertname']} of ${labels['service']}` },
      startsAt: '2026-01-01T12:00:00Z',
      endsAt: '2199-01-01T12:00:00Z',
    })),
  );
const silence = (manager: RealServer, alertname: string, comment: string) =>
  post(manager, 'silences', {
    matchers: [{ name: 'alertname', value: alertname, isRegex: false }],
    startsAt: '2026-01-01T12:00:00Z',
    endsAt: '2199-01-01T12:00:00Z',
    createdBy: 'a.novak',
    comment,
  });

const always = (alert: string, service: string) => ({
  alert,
  expr: 'vector(1) > 0',
  labels: { severity: 'critical', service },
  annotations: { summary: `${alert} of ${service}` },
});
const shop = { name: 'shop', interval: '1s', rules: [always('Errors', 'checkout'), always('Slow', 'web')] };

test.concurrent('a Prometheus that is paused, killed and started again tells each alert once and takes none back', async () => {
  const server = await keep(startPrometheus({ rules: [shop] }));
  const call = await openCaller();
  await connect(call, 'prometheus', server);
  const once = ['Errors of checkout', 'Slow of web'];
  await eventually('both alerts', async () => (await titles(call)).length === 2);
  server.pause();
  await isNow(call, 'prometheus', 'down');
  server.resume();
  await isNow(call, 'prometheus', 'up');
  await server.kill();
  await isNow(call, 'prometheus', 'down');
  await server.startAgain();
  await eventually('what fires is read again', async () =>
    /^2 alerts/.test((await source(call, 'prometheus'))?.sentence ?? ''),
  );
  expect(await titles(call)).toEqual(once);
  expect(await call('incidents.list', {})).toHaveLength(1);
});

test.concurrent('an Alertmanager that forgets its alerts when it is killed is not believed that they are over', async () => {
  const manager = await keep(startAlertmanager());
  await fire(manager, { alertname: 'Errors', service: 'checkout' });
  const call = await openCaller();
  await connect(call, 'alertmanager', manager);
  await eventually('the alert', async () => (await titles(call)).length === 1);
  manager.pause();
  await isNow(call, 'alertmanager', 'down');
  await manager.kill();
  await manager.startAgain();
  await eventually('that it was read empty', async () =>
    /^0 alerts/.test((await source(call, 'alertmanager'))?.sentence ?? ''),
  );
  await fire(manager, { alertname: 'Errors', service: 'checkout' }, { alertname: 'Slow', service: 'web' });
  await eventually('what fired meanwhile', async () => (await titles(call)).length > 1);
  expect(await titles(call)).toEqual(['Errors of checkout', 'Slow of web']);
});

test.concurrent('a silenced or inhibited alert opens no incident, whoever tells of it, and is told in one that is open', async () => {
  const manager = await keep(
    startAlertmanager({
      groupBy: ['service'],
      inhibit: [
        { source_matchers: ['alertname="Down"'], target_matchers: ['alertname="Slow"'], equal: ['zone'] },
      ],
    }),
  );
  await silence(manager, 'Errors', 'ticket 4711');
  await silence(manager, 'Down', 'planned');
  const rules = [{ ...shop, rules: [always('Errors', 'checkout')] }];
  const prometheus = await keep(startPrometheus({ rules, alertmanagerUrl: manager.url }));
  await fire(manager, { alertname: 'Down', service: 'node' }, { alertname: 'Slow', service: 'web' });
  await eventually('Alertmanager to keep all quiet', async () => {
    const alerts = (await (await fetch(`${manager.url}/api/v2/alerts`)).json()) as {
      status: { state: string };
    }[];
    return alerts.length === 3 && alerts.every(({ status }) => status.state === 'suppressed');
  });
  const call = await openCaller();
  await connect(call, 'alertmanager', manager);
  await connect(call, 'prometheus', prometheus);
  const told = (await source(call, 'alertmanager'))?.sentence;
  expect(told).toMatch(/^0 alerts are firing; kept quiet: .*, and 2 more$/);
  expect((await source(call, 'prometheus'))?.sentence).toBe('1 alert is firing');
  expect(await call('incidents.list', {})).toEqual([]);

  await fire(manager, { alertname: 'Full', service: 'disk' });
  await eventually('what is quiet is told', async () => (await titles(call)).length === 4);
  expect(await titles(call)).toEqual([
    'Down of node: silenced by a.novak until 2199-01-01 12:00 UTC (planned)',
    'Errors of checkout: silenced by a.novak until 2199-01-01 12:00 UTC (ticket 4711)',
    'Full of disk',
    'Slow of web: inhibited by Down',
  ]);
  await eventually('the group', async () =>
    /1 alert is firing in 1 group;/.test((await source(call, 'alertmanager'))?.sentence ?? ''),
  );
});
