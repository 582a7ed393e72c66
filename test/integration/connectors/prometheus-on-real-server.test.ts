import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { alertmanager } from '../../../electron/connectors/alertmanager/alertmanager.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Alert, Connector } from '../../../electron/connectors/source.ts';
import {
  type RealServer,
  startAlertmanager,
  startPrometheus,
  whyUnavailable,
} from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { meshHistory, t0Seconds } from '../../fixtures/mesh-history.ts';
import { testOnRealServers as it } from '../../fixtures/test-on-real-servers.ts';

const calm = () => new AbortController().signal;
const t0 = t0Seconds * 1000;

/** What is read once there is enough of it. */
async function enough<T>(read: () => Promise<T>, isEnough: (value: T) => boolean): Promise<T> {
  let value = await read();
  await eventually('what the source tells', async () => {
    value = await read();
    return isEnough(value);
  });
  return value;
}

describe('on a real Prometheus with the history of a mesh', () => {
  let server: RealServer | undefined;
  let connector: Connector;
  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    server = await startPrometheus({ history: meshHistory() });
    connector = prometheus({ id: 'c1', name: 'metrics', url: server.url, authorization: null });
  });
  afterAll(() => server?.close());

  const window = { fromMs: t0 + 120_000, toMs: t0 + 600_000, stepMs: 15_000 };

  it('gives every convention its service, evenly spaced and without NaN', async () => {
    const series = await connector.metrics?.serviceMetrics(window, calm());
    const of = (service: string, name: string, labels: Record<string, string> = {}) =>
      series?.find(
        (one) =>
          one.service === service &&
          one.name === name &&
          JSON.stringify(one.labels) === JSON.stringify(labels),
      );

    for (const one of series ?? []) {
      expect(one.values).toHaveLength(33);
      expect(one.fromMs % one.stepMs).toBe(0);
      expect(one.values.every((value) => value === null || Number.isFinite(value))).toBe(true);
    }
    expect(of('checkout', 'traffic')?.values[20]).toBeCloseTo(20, 5);
    expect(of('checkout', 'error_rate')?.values[20]).toBeCloseTo(0.05, 5);
    expect(of('checkout', 'error_rate', { version: '1.42.0' })?.values[20]).toBeCloseTo(0.1, 5);
    expect(of('checkout', 'error_rate', { version: '1.41.0' })?.values[20]).toBe(0);
    expect(of('checkout', 'latency_p99')?.values[20]).toBeGreaterThan(0.05);
    expect(of('checkout', 'latency_p99')?.values[20]).toBeLessThanOrEqual(0.1);
    expect(of('checkout', 'saturation')?.values[20]).toBeCloseTo(0.6, 5);
    expect(of('billing', 'traffic')?.values[20]).toBeCloseTo(5, 5);
    expect(of('billing', 'error_rate')?.values[20]).toBeCloseTo(0.2, 5);
    expect(of('search', 'traffic')?.values[20]).toBeCloseTo(2, 5);
    expect(of('search', 'latency_p99')?.unit).toBe('s');
  });

  it('has no error rate for a service without a request, and 0 for one without a failure', async () => {
    const series = await connector.metrics?.serviceMetrics(window, calm());
    const errors = (service: string) =>
      series?.find((one) => one.service === service && one.name === 'error_rate');
    expect(errors('idle')?.values.every((value) => value === null)).toBe(true);
    expect(errors('ledger')?.values[20]).toBe(0);
  });

  it('knows who calls whom and passes over what the mesh could not name', async () => {
    const topology = await connector.metrics?.topology(window, calm());
    expect(topology?.calls).toContainEqual({ from: 'web', to: 'checkout' });
    expect(topology?.calls).toContainEqual({ from: 'checkout', to: 'ledger' });
    expect(topology?.services.map(({ id }) => id)).not.toContain('unknown');
    expect(topology?.services).toContainEqual({ id: 'checkout', namespace: 'shop', tier: null });
  });

  it('leaves NaN and infinities out of what a query gives', async () => {
    const { metrics } = connector;
    expect(await metrics?.instant('vector(0) / vector(0)', window.toMs, calm())).toEqual([]);
    expect(await metrics?.instant('vector(1) / vector(0)', window.toMs, calm())).toEqual([]);
    expect(await metrics?.instant('42', window.toMs, calm())).toEqual([{ labels: {}, value: 42 }]);
    expect(await metrics?.range('vector(0) / vector(0)', window, calm())).toEqual([
      { labels: {}, points: [] },
    ]);
  });

  it('says in the words of Prometheus what is wrong with a query', async () => {
    await expect(connector.metrics?.instant('sum by (', window.toMs, calm())).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('parse error'),
    });
  });

  it('tests the connection with the version and what it sees', async () => {
    const test = await connector.test(calm());
    expect(test).toMatchObject({ ok: true, version: expect.stringMatching(/^\d+\.\d+/) });
    expect(test.sees).toContain('istio_requests_total');
  });

  it('has no topology and no metrics where no convention applies', async () => {
    const early = { fromMs: t0 - 86_400_000, toMs: t0 - 86_000_000, stepMs: 15_000 };
    expect(await connector.metrics?.topology(early, calm())).toEqual({ services: [], calls: [] });
  });
});

describe('on a real Prometheus and Alertmanager with an alert that fires', () => {
  let target: Server | undefined;
  let servers: RealServer[] = [];
  let fromPrometheus: Connector;
  let fromAlertmanager: Connector;
  let alertmanagerUrl = '';

  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    target = createServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end('shop_errors{app="決済-サービス"} 0.25\n');
    });
    await new Promise<void>((resolve) => target?.listen(0, '127.0.0.1', resolve));
    const address = target.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const manager = await startAlertmanager();
    alertmanagerUrl = manager.url;
    const labels = { severity: 'page', team: 'Zahlung & Co 😀' };
    const metrics = await startPrometheus({
      alertmanagerUrl,
      scrape: { shop: [`127.0.0.1:${port}`] },
      rules: [
        {
          name: 'shop',
          rules: [
            {
              alert: 'エラー率が高い',
              expr: 'shop_errors > 0.05',
              labels,
              annotations: { summary: 'Ошибки: {{ $value }}' },
            },
            { alert: 'Quiet', expr: 'shop_errors > 10' },
          ],
        },
      ],
    });
    servers = [metrics, manager];
    fromPrometheus = prometheus({ id: 'p', name: 'metrics', url: metrics.url, authorization: null });
    fromAlertmanager = alertmanager({ id: 'a', name: 'alerts', url: manager.url, authorization: null });
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    target?.close();
  });

  it('is one alert with one fingerprint from both, in any script, with its series and threshold', async () => {
    const firing = async (connector: Connector): Promise<Alert[]> =>
      (await connector.alerts?.firing(calm())) ?? [];
    const [direct] = await enough(
      () => firing(fromPrometheus),
      (alerts) => alerts.length > 0,
    );
    const [relayed] = await enough(
      () => firing(fromAlertmanager),
      (alerts) => alerts.length > 0,
    );
    expect(direct).toMatchObject({
      name: 'エラー率が高い',
      severity: 'critical',
      service: '決済-サービス',
      summary: 'Ошибки: 0.25',
      query: { expression: 'shop_errors > 0.05', series: 'shop_errors', threshold: 0.05 },
    });
    expect(relayed?.fingerprint).toBe(direct?.fingerprint);
    expect(relayed?.query).toEqual(direct?.query);
    expect(relayed?.labels).toEqual(direct?.labels);
  });

  it('is not told of by Alertmanager once it is silenced', async () => {
    await enough(
      async () => (await fromAlertmanager.alerts?.firing(calm())) ?? [],
      (alerts) => alerts.length > 0,
    );
    const hourAway = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const silence = {
      matchers: [{ name: 'severity', value: 'page', isRegex: false, isEqual: true }],
      startsAt: hourAway(-1),
      endsAt: hourAway(1),
      createdBy: 'a person',
      comment: 'known',
    };
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(`${alertmanagerUrl}/api/v2/silences`, {
      method: 'POST',
      headers,
      body: JSON.stringify(silence),
    });
    expect(made.ok).toBe(true);
    await enough(
      async () => (await fromAlertmanager.alerts?.firing(calm())) ?? [],
      (alerts) => alerts.length === 0,
    );
  });

  it('tests an Alertmanager', async () => {
    expect(await fromAlertmanager.test(calm())).toMatchObject({
      ok: true,
      version: expect.stringMatching(/^0\./),
    });
  });

  it('says so when the server vanishes', async () => {
    const short = await startPrometheus();
    const connector = prometheus({ id: 'p', name: 'metrics', url: short.url, authorization: null });
    expect((await connector.test(calm())).ok).toBe(true);
    await short.close();
    await expect(connector.alerts?.firing(calm())).rejects.toMatchObject({ code: 'unreachable' });
    expect(await connector.test(calm())).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('refuses connections'),
    });
  });
});
