import { afterEach, expect } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { exporter } from '../../fixtures/exporter.ts';
import { testOnRealServers as test } from '../../fixtures/test-on-real-servers.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const rule = (alert: string) => ({
  alert,
  expr: `${alert.toLowerCase()} > 0.5`,
  labels: { severity: 'critical', service: 'checkout' },
});

test('an alert that fired and ended while Prometheus could not be reached stands on the timeline, once', async () => {
  const shown = { before: 1, between: 0, after: 0 };
  const { target, close } = await exporter(shown);
  closing.push(close);
  const server = await startPrometheus({
    rules: [{ name: 'shop', interval: '1s', rules: ['Before', 'Between', 'After'].map(rule) }],
    scrape: { shop: [target] },
  });
  closing.push(() => server.close());
  const network = await cuttingProxy({ port: Number(new URL(server.url).port) });
  closing.push(() => network.close());
  const host = await createHost({
    dataDir: newDataDir(),
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'correct horse battery',
  });
  closing.push(() => host.close());
  const call = callerOf(host);
  const url = `http://127.0.0.1:${network.port}`;
  await call('connections.add', { kind: 'prometheus', name: 'P', url, auth: { kind: 'none' } });
  const incident = await eventually('the incident', async () => (await call('incidents.list', {}))[0]);
  const source = async () => (await call('host.status', {})).sources[0];
  const firingNow = async (name: string) => {
    const reply = await fetch(`${server.url}/api/v1/alerts`);
    return (await reply.text()).includes(`"alertname":"${name}"`);
  };

  network.cut();
  await eventually('that it is down', async () => (await source())?.state === 'down', 30_000);
  const cutMs = Date.now();
  Object.assign(shown, { before: 0, between: 1 });
  await eventually('that it fires', () => firingNow('Between'), 30_000);
  await eventually('that the first is over', async () => !(await firingNow('Before')), 30_000);
  Object.assign(shown, { between: 0, after: 1 });
  await eventually('that it is over', async () => !(await firingNow('Between')), 30_000);
  await eventually('that the last fires', () => firingNow('After'), 30_000);
  // Long enough to be a gap, and for a step in which none of the first two fires.
  await eventually('that time passed', () => Date.now() - cutMs > 45_000, 60_000);
  network.mend();
  const told = await eventually('what was missed', async () => {
    const sentence = (await source())?.sentence ?? '';
    return /fired and ended/.test(sentence) && sentence;
  });
  expect(told).toMatch(/2 alerts fired and ended in the \d+ min in which it was not read/);

  const lines = async () =>
    (await call('incidents.room', { incident: incident.id })).events.flatMap((event) =>
      event.kind === 'signal' && event.sort === 'alert' ? [event] : [],
    );
  await eventually('the last', async () => (await lines()).some(({ title }) => title === 'After'));
  // Another look comes, and tells nothing twice.
  const heardMs = (await source())?.lastHeardMs ?? 0;
  await eventually('another look', async () => ((await source())?.lastHeardMs ?? 0) > heardMs);
  const titles = (await lines()).map(({ title }) => title).sort();
  expect(titles).toEqual(['After', 'Before', 'Between', 'Resolved: Before', 'Resolved: Between']);
  const between = (await lines()).find(({ title }) => title === 'Between');
  expect(between?.detail).toContain('reconstructed from what P kept');
  expect(between?.atMs).toBeGreaterThan(cutMs - 5_000);
  const ends = (await lines()).filter(({ title }) => title.startsWith('Resolved'));
  for (const { atMs, detail } of ends) {
    expect(detail).toContain('Reconstructed');
    expect(atMs).toBeLessThan(cutMs + 45_000);
  }
  expect(await call('incidents.list', {})).toHaveLength(1);
});
