import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { freePort, portOf } from '../../fixtures/free-port.ts';
import { connectByFile, hostIn } from '../../fixtures/host-in.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const firing = {
  fingerprint: '0123456789abcdef',
  labels: { alertname: 'HighErrorRate', service: 'checkout', severity: 'critical' },
  annotations: { summary: 'Checkout fails' },
  startsAt: new Date(Date.now() - 60_000).toISOString(),
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
};

/** The address of an Alertmanager in which one alert fires. */
async function alertmanager(): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const status = { versionInfo: { version: '0.27.0' }, uptime: '2026-01-01T00:00:00Z' };
    const answer = url.endsWith('/status') ? status : url.endsWith('/alerts') ? [firing] : [];
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  closing.push(() => server.close());
  return `http://127.0.0.1:${await portOf(server)}`;
}

it('hands over that nothing could be measured, and not that the cause is none of the changes', async () => {
  const dataDir = newDataDir();
  connectByFile(dataDir, [
    { kind: 'prometheus', name: 'Metrics of the shop', url: `http://127.0.0.1:${await freePort()}` },
    { kind: 'alertmanager', name: 'Alerts', url: await alertmanager() },
  ]);
  const { call, close } = await hostIn(dataDir);
  closing.push(close);
  const { id: incident } = await eventually(
    'the incident',
    async () => (await call('incidents.list', {}))[0],
  );
  const room = await eventually('what the analyst hands over', async () => {
    const now = await call('incidents.room', { incident });
    return now.escalations.length > 0 && now.analyst.state === 'done' && now;
  });
  expect(room.escalations).toMatchObject([
    {
      title: 'Find the cause without metrics: Metrics of the shop did not answer',
      recommended: 'See why Metrics of the shop does not answer, or read the metrics there by hand.',
    },
  ]);
  expect(room.hypotheses[0]).toMatchObject({
    claim: 'Nothing could be measured: Metrics of the shop did not answer',
    for: [{ sentence: 'No metric of this incident could be read' }],
  });
  expect(room.candidates?.unmeasured).toEqual(['Metrics of the shop']);
  expect(room.memory?.novelty).toBeNull();
  expect(JSON.stringify(room)).not.toContain('not among the changes');
});
