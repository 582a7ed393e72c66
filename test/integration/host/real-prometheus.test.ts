import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { type RealServer, startAlertmanager, startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { testOnRealServers as test } from '../../fixtures/test-on-real-servers.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function hostOn(dataDir: string): Promise<Host> {
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'correct horse battery',
  });
  closing.push(() => host.close());
  return host;
}

async function keep<T extends RealServer>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  closing.push(() => server.close());
  return server;
}

const alwaysFiring = [
  {
    name: 'shop',
    interval: '1s',
    rules: [
      {
        alert: 'CheckoutErrors',
        expr: 'vector(0.25) > 0.05',
        labels: { severity: 'critical', service: 'checkout' },
        annotations: { summary: 'Errors of checkout above 5 %' },
      },
    ],
  },
];

test('an alert of a real Prometheus is an incident with metric events within 10 s of firing', async () => {
  const manager = await keep(startAlertmanager());
  const { url } = await keep(startPrometheus({ rules: alwaysFiring, alertmanagerUrl: manager.url }));
  const call = callerOf(await hostOn(newDataDir()));
  const given = { kind: 'prometheus' as const, name: 'Production', url, auth: { kind: 'none' as const } };
  expect(await call('connections.test', given)).toMatchObject({ ok: true });
  await call('connections.add', given);
  await call('connections.add', { ...given, kind: 'alertmanager', name: 'Alertmanager', url: manager.url });

  const incident = await eventually('the incident', async () => (await call('incidents.list', {}))[0]);
  expect(incident).toMatchObject({ realm: 'real', severity: 'sev1', title: 'Errors of checkout above 5 %' });
  const events = await eventually('the metric event', async () => {
    const room = await call('incidents.room', { incident: incident.id });
    return room.events.some((event) => event.kind === 'signal' && event.sort === 'metric') && room.events;
  });
  const alert = events.find((event) => event.kind === 'signal' && event.sort === 'alert');
  const metric = events.find((event) => event.kind === 'signal' && event.sort === 'metric');
  expect(alert).toMatchObject({ service: 'checkout', severity: 'critical' });
  expect(metric?.title).toContain('is 0.25, threshold 0.05');
});

test('the same alert seen through two connections is one line of one incident, with what each shows of it', async () => {
  const manager = await keep(startAlertmanager());
  const { url } = await keep(startPrometheus({ rules: alwaysFiring, alertmanagerUrl: manager.url }));
  const call = callerOf(await hostOn(newDataDir()));
  const auth = { kind: 'none' as const };
  await call('connections.add', { kind: 'alertmanager', name: 'Alertmanager', url: manager.url, auth });
  await call('connections.add', { kind: 'prometheus', name: 'Prometheus', url, auth });
  await eventually('both sources to tell their alert', async () => {
    const { sources } = await call('host.status', {});
    return sources.length === 2 && sources.every(({ sentence }) => /^1 alert /.test(sentence));
  });
  const signals = async () => {
    const [incident] = await call('incidents.list', {});
    if (!incident) return [];
    const { events } = await call('incidents.room', { incident: incident.id });
    return events.flatMap((event) => (event.kind === 'signal' ? event.sort : []));
  };
  await eventually('the series behind it', async () => (await signals()).includes('metric'));
  expect((await signals()).filter((sort) => sort === 'alert')).toHaveLength(1);
  expect(await call('incidents.list', {})).toHaveLength(1);
});

test('a connection written into connections.yaml is used from the start', async () => {
  const { url } = await keep(startPrometheus({ rules: alwaysFiring }));
  const dataDir = newDataDir();
  const file = `format: countersign.connections/1\nconnections:\n  - kind: prometheus\n    name: Production\n    url: ${url}\n`;
  writeFileSync(join(dataDir, 'connections.yaml'), file);
  const call = callerOf(await hostOn(dataDir));
  expect(await call('connections.list', {})).toMatchObject([{ name: 'Production', from: 'file' }]);
  await eventually('the incident', async () => (await call('incidents.list', {}))[0]);
});

test('a Prometheus that vanishes is down within 10 s, and what it delivered stays', async () => {
  const server = await startPrometheus({ rules: alwaysFiring });
  const call = callerOf(await hostOn(newDataDir()));
  await call('connections.add', {
    kind: 'prometheus',
    name: 'Production',
    url: server.url,
    auth: { kind: 'none' },
  });
  const incident = await eventually('the incident', async () => (await call('incidents.list', {}))[0]);
  const before = (await call('incidents.room', { incident: incident.id })).events.length;
  await server.close();
  const source = await eventually('the source to be down', async () =>
    (await call('host.status', {})).sources.find(({ state }) => state === 'down'),
  );
  expect(source.sentence).toMatch(/Prometheus/);
  expect((await call('incidents.room', { incident: incident.id })).events.length).toBeGreaterThanOrEqual(
    before,
  );
});

test('a server that answers with a web page is named for what it is', async () => {
  const page: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<html><title>Sign in</title></html>');
  });
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  closing.push(() => page.close());
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const call = callerOf(await hostOn(newDataDir()));
  const tested = await call('connections.test', {
    kind: 'prometheus',
    name: 'Page',
    url,
    auth: { kind: 'none' },
  });
  expect(tested.ok).toBe(false);
  expect(tested.sentence).toMatch(/page|HTML/i);
});

test('keeps a bearer token in the vault and nowhere else', async () => {
  const { url } = await keep(startPrometheus());
  const dataDir = newDataDir();
  const host = await hostOn(dataDir);
  const call = callerOf(host);
  const token = 'tok-5f3b9e0c-do-not-leak';
  const connection = await call('connections.add', {
    kind: 'prometheus',
    name: 'P',
    url,
    auth: { kind: 'bearer', token },
  });
  expect(JSON.stringify(connection)).not.toContain(token);
  expect(JSON.stringify(await call('host.status', {}))).not.toContain(token);
  expect(JSON.stringify(await call('ledger.entries', { realm: 'real', limit: 100 }))).not.toContain(token);
  await host.close();
  const { execFileSync } = await import('node:child_process');
  expect(() => execFileSync('grep', ['-rqa', token, dataDir])).toThrow();
});
