import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { type RealServer, startPrometheus, whyUnavailable } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { exporters, expositionOf, historyOf, shownIn } from '../../fixtures/exposition/history-of.ts';
import { testOnRealServers as it } from '../../fixtures/test-on-real-servers.ts';

const t0 = 1_772_359_200;
const calm = () => new AbortController().signal;
const window = { fromMs: (t0 + 300) * 1000, toMs: (t0 + 600) * 1000, stepMs: 15_000 };

describe('on a real Prometheus with what exporters showed for ten minutes', () => {
  let server: RealServer | undefined;
  let series: MetricSeries[] = [];
  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    const shown = exporters.map((exporter) => historyOf(expositionOf(exporter), t0));
    server = await startPrometheus({ history: `${shown.join('\n')}\n# EOF\n` });
    const { metrics } = prometheus({ id: 'p', name: 'p', url: server.url, authorization: null });
    series = (await metrics?.serviceMetrics(window, calm())) ?? [];
  });
  afterAll(() => server?.close());

  it.for<[string, string, number, string]>([
    // Istio, and a host outside the mesh.
    ['reviews', 'traffic', 5, 'req/s'],
    ['reviews', 'error_rate', 0.2, 'ratio'],
    ['reviews', 'latency_p99', 0.0995, 's'],
    ['pay.example.com', 'traffic', 2, 'req/s'],
    // Envoy, whoever named its clusters.
    ['checkout', 'traffic', 10, 'req/s'],
    ['checkout', 'error_rate', 0.2, 'ratio'],
    ['ledger', 'traffic', 2, 'req/s'],
    ['search', 'traffic', 4, 'req/s'],
    ['search', 'error_rate', 0, 'ratio'],
    ['search', 'latency_p99', 0.2485, 's'],
    ['search', 'availability', 0.5, 'ratio'],
    // NGINX, by its exporter, in Plus, as an ingress controller and with the module of traffic status.
    ['edge', 'traffic', 30, 'req/s'],
    ['edge', 'dropped_connections', 0.1, 'ratio'],
    ['edge', 'availability', 1, 'ratio'],
    ['payments', 'traffic', 10, 'req/s'],
    ['payments', 'error_rate', 0.1, 'ratio'],
    ['payments', 'latency_mean', 0.2, 's'],
    ['web', 'error_rate', 0.1, 'ratio'],
    ['cart', 'traffic', 1, 'req/s'],
    ['cart', 'latency_p99', 0.496, 's'],
    ['stock', 'traffic', 3, 'req/s'],
    ['stock', 'error_rate', 0.2, 'ratio'],
    ['stock', 'latency_p99', 0.0995, 's'],
    // Applications.
    ['billing', 'error_rate', 0.2, 'ratio'],
    ['billing', 'latency_p99', 0.4975, 's'],
    ['refunds', 'error_rate', 0.2, 'ratio'],
    ['orders', 'error_rate', 0.2, 'ratio'],
    ['orders', 'latency_p99', 0.4975, 's'],
    ['rates', 'error_rate', 0.2, 'ratio'],
    // OpenTelemetry, former and present names, with the unit in them and without.
    ...[
      'http-new',
      'http-new-bare',
      'http-old',
      'http-old-bare',
      'rpc-new',
      'rpc-new-bare',
      'rpc-old',
      'rpc-old-bare',
    ].flatMap((service): [string, string, number, string][] => [
      [service, 'traffic', 100 / 15, 'req/s'],
      [service, 'error_rate', 0.2, 'ratio'],
      [service, 'latency_p99', 0.4975, 's'],
    ]),
    // cAdvisor and kube-state-metrics.
    ['checkout', 'saturation', 0.8, 'ratio'],
    ['checkout', 'memory_saturation', 0.75, 'ratio'],
    ['checkout', 'cpu_throttling', 0.3, 'ratio'],
    ['checkout', 'availability', 0.25, 'ratio'],
    ['checkout', 'restarts', 0.2, 'restarts/s'],
    ['batch', 'saturation', 0.4, 'cores'],
    ['batch', 'memory_saturation', 0.5, 'ratio'],
    ['ledger-db', 'availability', 2 / 3, 'ratio'],
    ['node-agent', 'availability', 0.5, 'ratio'],
    // Machines.
    ['worker-1', 'saturation', 0.7, 'ratio'],
    ['worker-1', 'memory_saturation', 0.75, 'ratio'],
    ['worker-1', 'disk_saturation', 0.9, 'ratio'],
    ['worker-1', 'disk_io_saturation', 0.8, 'ratio'],
    ['worker-1', 'load_saturation', 1.5, 'ratio'],
    ['worker-1', 'network_errors', 0.01, 'ratio'],
    ['worker-2', 'saturation', 0, 'ratio'],
  ])('%s: %s is %f %s', ([service, name, value, unit]) => {
    const found = series.filter(
      (one) =>
        one.service === service &&
        one.name === name &&
        (Object.keys(one.labels).length === 0 || one.labels['node'] === service),
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.unit).toBe(unit);
    expect(found[0]?.values.at(-1)).toBeCloseTo(value, 6);
  });

  it('takes nothing for a service that is none', () => {
    const services = new Set(series.map(({ service }) => service));
    for (const none of [
      'xds-grpc',
      'inbound',
      'ingress-nginx-controller-metrics',
      '::nogroups',
      'otel-collector',
    ])
      expect(services).not.toContain(none);
  });
});

describe('on a real Prometheus that scrapes an exporter', () => {
  let exporter: Server | undefined;
  let server: RealServer | undefined;
  afterAll(async () => {
    await server?.close();
    exporter?.close();
  });

  it('sees the share of failed requests of a service behind an Envoy', async () => {
    let scrapes = 0;
    exporter = createServer((_request, response) => {
      scrapes += 1;
      const shown = shownIn(expositionOf('envoy')).map(
        ({ series, value, counts }) => `${series} ${counts ? value * scrapes : value}`,
      );
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(`${shown.join('\n')}\n`);
    });
    await new Promise<void>((resolve) => exporter?.listen(0, '127.0.0.1', resolve));
    const { port } = exporter.address() as AddressInfo;
    server = await startPrometheus({ scrape: { envoy: [`127.0.0.1:${port}`] } });
    const { metrics } = prometheus({ id: 'p', name: 'p', url: server.url, authorization: null });
    // Which metrics there are is remembered for a minute.
    await eventually('some scrapes', () => scrapes > 3);
    const share = await eventually('the share of failed requests', async () => {
      const recent = { fromMs: Date.now() - 60_000, toMs: Date.now(), stepMs: 1_000 };
      const read = await metrics?.serviceMetrics(recent, calm());
      return read
        ?.find(({ service, name }) => service === 'checkout' && name === 'error_rate')
        ?.values.findLast((value) => value !== null);
    });
    expect(share).toBeCloseTo(0.2, 6);
  });
});
