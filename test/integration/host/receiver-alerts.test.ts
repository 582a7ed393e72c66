import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fingerprintOf } from '../../../electron/connectors/alert-labels.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { freePort, portOf } from '../../fixtures/free-port.ts';
import { connectByFile, hostIn } from '../../fixtures/host-in.ts';

const token = 'a-token-of-many-characters';
const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  delete process.env['COUNTERSIGN_EVENTS_TOKEN'];
  for (const close of closing.splice(0).reverse()) await close();
});

const labels = { alertname: 'HighErrorRate', service: 'checkout', severity: 'critical' };
const annotations = { summary: 'Checkout fails' };
const startsAt = new Date(Date.now() - 60_000).toISOString();

/** An Alertmanager that is asked, of which the firing alert can be taken away. */
async function alertmanager() {
  let fires = true;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer = path.endsWith('/status')
      ? { versionInfo: { version: '0.27.0' }, uptime: '2026-01-01T00:00:00Z' }
      : path.endsWith('/alerts') && fires
        ? [
            {
              fingerprint: fingerprintOf(labels),
              labels,
              annotations,
              startsAt,
              status: { state: 'active', silencedBy: [], inhibitedBy: [] },
            },
          ]
        : [];
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  const port = await portOf(server);
  closing.push(() => server.close());
  return {
    url: `http://127.0.0.1:${port}`,
    end: () => {
      fires = false;
    },
  };
}

async function hostWith(connections: object[], dataDir = newDataDir()) {
  process.env['COUNTERSIGN_EVENTS_TOKEN'] = token;
  connectByFile(dataDir, connections);
  const opened = await hostIn(dataDir);
  closing.push(opened.close);
  return opened;
}

const receiverAt = (port: number) => ({
  kind: 'receiver',
  name: 'Told',
  url: `http://127.0.0.1:${port}`,
  auth: { bearer: { env: 'COUNTERSIGN_EVENTS_TOKEN' } },
});

const tell = (port: number, status: 'firing' | 'resolved', endsAt = '0001-01-01T00:00:00Z') =>
  fetch(`http://127.0.0.1:${port}/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      version: '4',
      groupLabels: {},
      alerts: [{ status, labels, annotations, startsAt, endsAt, generatorURL: '' }],
    }),
  });

it('an alert that is told and asked for is one line of one incident, and is over once', async () => {
  const asked = await alertmanager();
  const port = await freePort();
  const { call } = await hostWith([
    { kind: 'alertmanager', name: 'Asked', url: asked.url },
    receiverAt(port),
  ]);
  const up = async () => (await call('host.status', {})).sources.filter(({ state }) => state === 'up').length;
  await eventually('both sources', async () => (await up()) === 2);
  expect((await tell(port, 'firing')).status).toBe(202);
  const incident = await eventually('the incident', async () => (await call('incidents.list', {}))[0]);
  const alerts = async () =>
    (await call('incidents.room', { incident: incident.id })).events.filter(
      (event) => event.kind === 'signal' && event.sort === 'alert',
    );
  const [first] = await eventually('the alert', async () => {
    const found = await alerts();
    return found.length > 0 ? found : undefined;
  });
  expect(first).toMatchObject({ title: 'Checkout fails', service: 'checkout' });
  const kept = await call('timeline.payload', { incident: incident.id, key: first?.key ?? '' });
  expect(kept).toMatchObject({ kind: 'kept', digest: first?.payload });
  expect(kept.kind === 'kept' && JSON.parse(kept.text)).toMatchObject({ labels, annotations, startsAt });
  const entries = await call('ledger.entries', { realm: 'real', kind: 'signal', limit: 10 });
  expect(JSON.stringify(entries)).toContain(first?.payload);

  asked.end();
  await tell(port, 'resolved');
  const resolved = () =>
    alerts().then((all) => all.filter(({ title }) => title === 'Resolved: Checkout fails'));
  await eventually('its end', async () => (await resolved()).length > 0);
  // The other has looked again by now, and says the same.
  await eventually('another look', async () =>
    (await call('host.status', {})).sources.every(({ sentence }) => sentence.startsWith('0 alerts')),
  );
  expect(await resolved()).toHaveLength(1);
  expect(await alerts()).toHaveLength(2);
  expect(await call('incidents.list', {})).toHaveLength(1);
});

it('an alert that is told to be over ended when the notice says so, which comes later', async () => {
  const port = await freePort();
  const { call } = await hostWith([receiverAt(port)]);
  await eventually('the receiver', async () =>
    (await call('host.status', {})).sources.some(({ state }) => state === 'up'),
  );
  expect((await tell(port, 'firing')).status).toBe(202);
  const incident = await eventually('the incident', async () => (await call('incidents.list', {}))[0]);
  const endsAt = new Date(Date.parse(startsAt) + 20_000).toISOString();
  expect((await tell(port, 'resolved', endsAt)).status).toBe(202);
  const end = await eventually('its end', async () =>
    (await call('incidents.room', { incident: incident.id })).events.find(
      ({ title }) => title === 'Resolved: Checkout fails',
    ),
  );
  expect(end.atMs).toBe(Date.parse(endsAt));
});

it('changes of a folder in connections.yaml stand on the timeline, and once after another start', async () => {
  const dataDir = newDataDir();
  const line = (id: string) =>
    `${JSON.stringify({
      specversion: '1.0',
      id,
      source: '/jobs',
      type: 'dev.countersign.change.v1',
      data: { change: 'config', title: `change ${id}`, service: 'checkout' },
    })}\n`;
  writeFileSync(join(dataDir, 'a.jsonl'), line('1'));
  const { call } = await hostWith([{ kind: 'folder', name: 'Jobs', folder: dataDir }]);
  const incident = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  const changes = async () =>
    (await call('incidents.room', { incident: incident.id })).events.filter(({ kind }) => kind === 'change');
  await eventually('the first', async () => (await changes()).length === 1);
  writeFileSync(join(dataDir, 'b.jsonl'), line('2') + line('1'));
  await eventually('the second', async () => (await changes()).length > 1);
  const [event] = await changes();
  expect(await call('timeline.payload', { incident: incident.id, key: event?.key ?? '' })).toMatchObject({
    kind: 'kept',
    text: line('1').trimEnd(),
  });
  expect((await changes()).map(({ title }) => title).sort()).toEqual(['change 1', 'change 2']);
  expect(await call('connections.list', {})).toMatchObject([{ kind: 'folder', url: dataDir }]);
});
