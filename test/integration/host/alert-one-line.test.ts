import { afterEach, expect } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { startAlertmanager, startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { exporter } from '../../fixtures/exporter.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { connectByFile, type HostIn, hostIn } from '../../fixtures/host-in.ts';
import { testOnRealServers as test } from '../../fixtures/test-on-real-servers.ts';

const token = 'a-token-of-many-characters';
const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  delete process.env['COUNTERSIGN_EVENTS_TOKEN'];
  for (const close of closing.splice(0).reverse()) await close();
});

async function kept<T extends { close(): unknown }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

/** The lines of alerts on the newest incident. */
async function alertLines({ call }: HostIn) {
  const [incident] = await call('incidents.list', {});
  if (!incident) return [];
  const { events } = await call('incidents.room', { incident: incident.id });
  return events.flatMap((event) => (event.kind === 'signal' && event.sort === 'alert' ? [event] : []));
}

const titles = async (host: HostIn) => (await alertLines(host)).map(({ title }) => title).sort();

const sentences = async ({ call }: HostIn) =>
  (await call('host.status', {})).sources.map(({ sentence }) => sentence);

const allSay = (host: HostIn, count: number, what: RegExp) =>
  eventually(`all to say ${what}`, async () => {
    const said = await sentences(host);
    return said.length === count && said.every((sentence) => what.test(sentence));
  });

/** As an operator of many Prometheus sets them up: pairs of replicas, whose alerts arrive as one. */
const ofReplicas = {
  externalLabels: { cluster: 'eu-1', prometheus: 'monitoring/k8s', prometheus_replica: 'prometheus-k8s-0' },
  alertRelabelConfigs: [{ regex: 'prometheus_replica', action: 'labeldrop' }],
};

test.each([
  ['an alert', {}],
  ['an alert that is relabelled on the way', ofReplicas],
])(
  '%s that waits before it fires is one line through three connections, and another when it fires again',
  async (_case, setup) => {
    process.env['COUNTERSIGN_EVENTS_TOKEN'] = token;
    const port = await freePort();
    const shown = { errors: 0 };
    const target = await kept(exporter(shown));
    const manager = await kept(
      startAlertmanager({ webhook: { url: `http://127.0.0.1:${port}/alertmanager`, token } }),
    );
    const prometheus = await kept(
      startPrometheus({
        rules: [
          {
            name: 'shop',
            interval: '1s',
            rules: [{ alert: 'Errors', expr: 'errors > 0.5', for: '3s', labels: { severity: 'critical' } }],
          },
        ],
        scrape: { shop: [target.target] },
        alertmanagerUrl: manager.url,
        ...setup,
      }),
    );
    const dataDir = newDataDir();
    connectByFile(dataDir, [
      { kind: 'alertmanager', name: 'Manager', url: manager.url },
      { kind: 'prometheus', name: 'Prometheus', url: prometheus.url },
      {
        kind: 'receiver',
        name: 'Told',
        url: `http://127.0.0.1:${port}`,
        auth: { bearer: { env: 'COUNTERSIGN_EVENTS_TOKEN' } },
      },
    ]);
    const before = await hostIn(dataDir);
    await allSay(before, 3, /^0 alerts/);
    // Prometheus finds its Alertmanager five seconds after it was started.
    shown.errors = 1;
    await allSay(before, 3, /^1 alert is/);
    await eventually('that it is known who tells it', async () =>
      ((await alertLines(before))[0]?.toldAlso ?? []).length > 0 ? true : undefined,
    );
    expect(await titles(before)).toEqual(['Errors']);

    await before.close();
    const after = await kept(hostIn(dataDir));
    await eventually(
      'both that are asked',
      async () => (await sentences(after)).filter((sentence) => /^1 alert is/.test(sentence)).length >= 2,
    );
    expect(await titles(after)).toEqual(['Errors']);

    shown.errors = 0;
    await allSay(after, 3, /^0 alerts/);
    expect(await titles(after)).toEqual(['Errors', 'Resolved: Errors']);

    shown.errors = 1;
    await allSay(after, 3, /^1 alert is/);
    shown.errors = 0;
    await allSay(after, 3, /^0 alerts/);
    expect(await titles(after)).toEqual(['Errors', 'Errors', 'Resolved: Errors', 'Resolved: Errors']);
    expect(await after.call('incidents.list', {})).toHaveLength(1);
  },
  240_000,
);

test('an alert that is silenced where it arrives under other labels opens no incident', async () => {
  const manager = await kept(startAlertmanager());
  const silence = {
    matchers: [{ name: 'cluster', value: 'eu-1', isRegex: false }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    createdBy: 'a.novak',
    comment: 'known',
  };
  const silenced = await fetch(`${manager.url}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(silence),
  });
  expect(silenced.status).toBe(200);
  const prometheus = await kept(
    startPrometheus({
      rules: [{ name: 'shop', interval: '1s', rules: [{ alert: 'Errors', expr: 'vector(1)' }] }],
      alertmanagerUrl: manager.url,
      ...ofReplicas,
    }),
  );
  await eventually('the Alertmanager to have it', async () =>
    (await (await fetch(`${manager.url}/api/v2/alerts`)).text()).includes('"suppressed"'),
  );
  const dataDir = newDataDir();
  connectByFile(dataDir, [
    { kind: 'prometheus', name: 'Prometheus', url: prometheus.url },
    { kind: 'alertmanager', name: 'Manager', url: manager.url },
  ]);
  const host = await kept(hostIn(dataDir));
  await eventually('both to say so', async () => {
    const said = await sentences(host);
    return said.length === 2 && said.every((sentence) => /^[01] alerts? (?:is|are) firing/.test(sentence));
  });
  // Each has been looked at again by then.
  const looks = (await host.call('host.status', {})).sources.map(({ lastHeardMs }) => lastHeardMs ?? 0);
  await eventually('another look', async () =>
    (await host.call('host.status', {})).sources.every(
      ({ lastHeardMs }, index) => (lastHeardMs ?? 0) > (looks[index] ?? 0),
    ),
  );
  expect(await host.call('incidents.list', {})).toHaveLength(0);
  expect((await sentences(host)).some((sentence) => /silenced by a\.novak/.test(sentence))).toBe(true);
});

test('an alert that a Prometheus dates anew after it was started again goes on where its Alertmanager told it', async () => {
  const manager = await kept(startAlertmanager());
  const prometheus = await kept(
    startPrometheus({
      rules: [{ name: 'shop', interval: '1s', rules: [{ alert: 'Errors', expr: 'vector(1)' }] }],
      alertmanagerUrl: manager.url,
      ...ofReplicas,
    }),
  );
  const dataDir = newDataDir();
  const [first, second] = [
    { kind: 'alertmanager', name: 'Manager', url: manager.url },
    { kind: 'prometheus', name: 'Prometheus', url: prometheus.url },
  ];
  connectByFile(dataDir, [first]);
  const before = await hostIn(dataDir);
  await allSay(before, 1, /^1 alert is/);
  const [line] = await alertLines(before);
  await before.close();

  await prometheus.kill();
  await prometheus.startAgain();
  const activeAt = await eventually('that it fires again', async () => {
    const told = await (await fetch(`${prometheus.url}/api/v1/alerts`)).text();
    return /"state":"firing","activeAt":"([^"]+)"/.exec(told)?.[1];
  });
  expect(Date.parse(activeAt)).toBeGreaterThan(line?.atMs ?? Number.POSITIVE_INFINITY);
  connectByFile(dataDir, [first, second]);
  const after = await kept(hostIn(dataDir));
  await allSay(after, 2, /^1 alert is/);
  const [same] = await eventually('that it is known who tells it', async () => {
    const lines = await alertLines(after);
    return lines.some(({ toldAlso = [] }) => toldAlso.length > 0) || lines.length > 1 ? lines : undefined;
  });
  expect(await titles(after)).toEqual(['Errors']);
  expect(same?.key).toBe(line?.key);
});
