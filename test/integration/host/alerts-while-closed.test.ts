import { afterEach, expect } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { exporter } from '../../fixtures/exporter.ts';
import { connectByFile, hostIn } from '../../fixtures/host-in.ts';
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

test('what fired and ended while Countersign was closed stands on the open incident at its true time, once', async () => {
  const shown = { before: 1, between: 0, after: 0 };
  const { target, close } = await exporter(shown);
  closing.push(close);
  const server = await startPrometheus({
    rules: [{ name: 'shop', interval: '1s', rules: ['Before', 'Between', 'After'].map(rule) }],
    scrape: { shop: [target] },
  });
  closing.push(() => server.close());
  const firingNow = async (name: string) => {
    const reply = await fetch(`${server.url}/api/v1/alerts`);
    return (await reply.text()).includes(`"alertname":"${name}"`);
  };
  const dataDir = newDataDir();
  connectByFile(dataDir, [{ kind: 'prometheus', name: 'P', url: server.url }]);
  const open = async () => {
    const host = await hostIn(dataDir);
    closing.push(host.close);
    const lines = async () => {
      const [incident] = await host.call('incidents.list', {});
      if (!incident) return [];
      const { events } = await host.call('incidents.room', { incident: incident.id });
      return events.flatMap((event) => (event.kind === 'signal' && event.sort === 'alert' ? [event] : []));
    };
    return {
      ...host,
      lines,
      titles: async () => (await lines()).map(({ title }) => title).sort(),
      async close() {
        closing.splice(closing.indexOf(host.close), 1);
        await host.close();
      },
    };
  };

  const first = await open();
  await eventually('the incident', async () => (await first.titles()).includes('Before'), 30_000);
  await first.close();
  const closedMs = Date.now();

  Object.assign(shown, { before: 0, between: 1 });
  await eventually('that it fires', () => firingNow('Between'), 30_000);
  await eventually('that the first is over', async () => !(await firingNow('Before')), 30_000);
  Object.assign(shown, { between: 0, after: 1 });
  await eventually('that it is over', async () => !(await firingNow('Between')), 30_000);
  await eventually('that the last fires', () => firingNow('After'), 30_000);
  // Long enough for a step in which none of the first two fires.
  await eventually('that time passed', () => Date.now() - closedMs > 45_000, 60_000);

  const all = ['After', 'Before', 'Between', 'Resolved: Before', 'Resolved: Between'];
  const second = await open();
  await eventually('all of them', async () => (await second.titles()).length >= all.length, 30_000);
  expect(await second.titles()).toEqual(all);
  const [source] = (await second.call('host.status', {})).sources;
  expect(source?.sentence).toMatch(/alerts fired and ended in the \d+ min in which it was not read/);
  const lines = await second.lines();
  const rebuilt = lines.filter(({ reconstructed }) => reconstructed).map(({ title }) => title);
  expect(rebuilt.sort()).toEqual(['Between', 'Resolved: Before', 'Resolved: Between']);
  const between = lines.find(({ title }) => title === 'Between');
  expect(between?.atMs).toBeGreaterThan(closedMs - 5_000);
  if (between === undefined) throw new Error('The alert has no line');
  const kept = await second.call('timeline.payload', { incident: between.incident, key: between.key });
  expect(kept.kind === 'kept' && JSON.parse(kept.text)).toMatchObject({
    fires: [{ labels: { alertname: 'Between' } }],
    since: [{ points: [{ value: expect.any(Number) }] }],
  });
  for (const { atMs } of lines.filter(({ title }) => title.startsWith('Resolved'))) {
    expect(atMs).toBeGreaterThan(closedMs);
    expect(atMs).toBeLessThan(closedMs + 45_000);
  }
  expect(await second.call('incidents.list', {})).toHaveLength(1);
  await second.close();

  const third = await open();
  await eventually('another look', async () =>
    /^1 alert is/.test((await third.call('host.status', {})).sources[0]?.sentence ?? ''),
  );
  expect(await third.titles()).toEqual(all);
});
