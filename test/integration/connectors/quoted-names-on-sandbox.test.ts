import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { exportersOfQuoted, expositionOf } from '../../fixtures/exposition/history-of.ts';
import { serveSandboxPrometheus, storeOf } from '../../fixtures/serve-sandbox-prometheus.ts';
import { sendJson, type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';

const t0 = 1_772_359_200;
const calm = () => new AbortController().signal;
const window = { fromMs: (t0 + 300) * 1000, toMs: (t0 + 600) * 1000, stepMs: 15_000 };

/** A service by `job`, and one that a collector passes on under its own `job` with the attribute `service.name`. */
const families = [
  'http-new',
  'http-new-bare',
  'http-old',
  'http-old-bare',
  'rpc-new',
  'rpc-new-bare',
  'rpc-old',
  'rpc-old-bare',
];

describe('on an engine that holds names with dots, as Prometheus 3 does', () => {
  let server: TinyServer;
  const connect = (metricScope: readonly string[] = []): Connector =>
    prometheus({
      id: 'p',
      name: 'p',
      url: server.url,
      authorization: null,
      metricScope: () => metricScope,
    });
  const read = async (connector: Connector): Promise<MetricSeries[]> =>
    (await connector.metrics?.serviceMetrics(window, calm())) ?? [];

  beforeAll(async () => {
    const shown = exportersOfQuoted.map(expositionOf).join('\n');
    server = await serveSandboxPrometheus(storeOf(shown, t0), window.toMs);
  });
  afterAll(() => server.close());

  it.each(families.map((family) => [`dotted-${family}`]))(
    'reads traffic, errors and latency of %s',
    async (service) => {
      const told = (await read(connect()))
        .filter((one) => one.service === service)
        .map(({ name, unit, values }) => [name, unit, Number(values.at(-1)?.toFixed(6))])
        .sort();
      expect(told).toEqual([
        ['error_rate', 'ratio', 0.2],
        ['latency_p99', 's', 0.4975],
        ['traffic', 'req/s', 6.666667],
      ]);
    },
  );

  it('takes the attribute of the resource before the collector that passed it on', async () => {
    const services = new Set((await read(connect())).map(({ service }) => service));
    expect(services).toEqual(new Set(families.map((family) => `dotted-${family}`)));
  });

  it('reads some by name out of many as it reads them among all', async () => {
    const many = Array.from(
      { length: 150 },
      (_, at) =>
        `{"http.server.request.duration_seconds_count",job="otel-collector","service.name"="many-${at}"} ${at + 1}`,
    );
    const type = '# TYPE "http.server.request.duration_seconds" histogram';
    const crowded = await serveSandboxPrometheus(storeOf([type, ...many].join('\n'), t0), window.toMs);
    const read = async (wideFrom: number, more: object) => {
      const connection = { id: 'p', name: 'p', url: crowded.url, authorization: null };
      const { metrics } = prometheus({ ...connection, wideFrom });
      return (await metrics?.serviceMetrics({ ...window, ...more }, calm())) ?? [];
    };
    try {
      const services = ['many-7', 'many-149', 'none"} or {"x'];
      const all = (await read(100_000, {})).filter(({ service }) => services.includes(service));
      const traffic = all.filter(({ name }) => name === 'traffic');
      expect(traffic.map(({ service, values }) => [service, Number(values.at(-1)?.toFixed(6))])).toEqual([
        ['many-149', 10],
        ['many-7', 0.533333],
      ]);
      const before = crowded.received.length;
      expect(await read(1, { services })).toEqual(all);
      const asked = crowded.received.slice(before).map(({ body }) => new URLSearchParams(body).get('query'));
      expect(asked.join('\n')).toContain('"service.name"=~"many-7|many-149|');
    } finally {
      await crowded.close();
    }
  });

  it('gives an expression that is answered with the very series that was charted', async () => {
    const connector = connect();
    for (const one of await read(connector)) {
      const expression = (await connector.metrics?.expressionOf?.(one, window, calm())) ?? '';
      expect(expression).toContain(one.service);
      const [only, ...others] = (await connector.metrics?.range(expression, window, calm())) ?? [];
      expect(others, expression).toEqual([]);
      expect(
        only?.points.map(({ value }) => value),
        expression,
      ).toEqual(one.values.filter((value) => value !== null));
    }
  });

  it('lets nothing out of the scope, whatever is quoted in a question', async () => {
    const connector = connect(['"service.name"="dotted-http-new"']);
    const services = new Set((await read(connector)).map(({ service }) => service));
    expect(services).toEqual(new Set(['dotted-http-new']));
    const metric = 'rpc.server.duration_count';
    for (const query of [
      `{"${metric}"}`,
      `{"${metric}",}`,
      `{"__name__"="${metric}"}`,
      `{"${metric}","service.name"="dotted-rpc-old-bare"}`,
      `{"${metric}","service.name"=~".*"} or {"${metric}"}`,
      `sum by ("service.name") ({"${metric}" # }\n})`,
      `{'${metric}',"service.name"!="dotted-http-new"}`,
      `{\`${metric}\`}`,
    ]) {
      expect(await connector.metrics?.instant(query, window.toMs, calm()), query).toEqual([]);
      expect(await connect().metrics?.instant(query, window.toMs, calm()), query).not.toEqual([]);
    }
  });
});

it('reads the rest where names with dots are held and not understood, and says so', async () => {
  const shown = [...exportersOfQuoted, 'open-telemetry' as const].map(expositionOf).join('\n');
  const sandbox = await serveSandboxPrometheus(storeOf(shown, t0), window.toMs);
  const older = await tinyServer(async ({ method, url, headers, body }, response) => {
    const query = new URLSearchParams(body).get('query') ?? '';
    if (/[{(]"/.test(query))
      return sendJson(response, { status: 'error', errorType: '422', error: 'unexpected token' }, 422);
    const type = { 'content-type': headers['content-type'] ?? '' };
    const answer = await fetch(`${sandbox.url}${url}`, {
      method,
      ...(body === '' ? {} : { body, headers: type }),
    });
    sendJson(response, await answer.json(), answer.status);
  });
  try {
    const connector = prometheus({ id: 'p', name: 'p', url: older.url, authorization: null });
    const series = (await connector.metrics?.serviceMetrics(window, calm())) ?? [];
    expect(new Set(series.map(({ service }) => service))).toEqual(new Set(families));
    expect(connector.health?.().sentence).toMatch(/cannot read names in quotes/);
  } finally {
    await older.close();
    await sandbox.close();
  }
});
