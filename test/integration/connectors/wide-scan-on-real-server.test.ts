import { afterAll, beforeAll, describe, expect } from 'vitest';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { countingProxy } from '../../fixtures/counting-proxy.ts';
import {
  testOnRealServers as it,
  type RealServer,
  startPrometheus,
  whyUnavailable,
} from '../../fixtures/debian-servers.ts';
import { manyServices, nameOf } from '../../fixtures/many-services.ts';

const SERVICES = 1_500;
const failing = [17, 404, 1_203];
const deserted = [88, 999];
const t0 = 1_772_359_200;
const calm = () => new AbortController().signal;
/** Half an hour, in whose last ten minutes something is broken. */
const window = { fromMs: (t0 + 60 * 60) * 1000, toMs: (t0 + 90 * 60) * 1000, stepMs: 60_000 };

describe('on a real Prometheus with thousands of series', () => {
  let server: RealServer | undefined;
  let proxy: Awaited<ReturnType<typeof countingProxy>> | undefined;
  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    const history = manyServices({
      services: SERVICES,
      fromSeconds: t0,
      minutes: 92,
      brokenFrom: 80,
      failing,
      deserted,
    });
    server = await startPrometheus({ history });
    proxy = await countingProxy(server.url);
  }, 60_000);
  afterAll(async () => {
    await proxy?.close();
    await server?.close();
  });

  const connect = (wideFrom: number) =>
    prometheus({ id: 'p', name: 'p', url: proxy?.url ?? '', authorization: null, wideFrom });
  const servicesOf = (series: readonly MetricSeries[] | undefined, name: string) =>
    (series ?? []).filter((one) => one.name === name).map(({ service }) => service);

  it('finds those that are broken, and pulls them and few others', async () => {
    const connector = connect(1_000);
    const before = proxy?.seen.bytes ?? 0;
    const series = await connector.metrics?.serviceMetrics(window, calm());
    const pulled = (proxy?.seen.bytes ?? 0) - before;

    const failures = servicesOf(series, 'error_rate');
    expect(failures).toEqual(expect.arrayContaining(failing.map(nameOf)));
    expect(servicesOf(series, 'traffic')).toEqual(expect.arrayContaining(deserted.map(nameOf)));
    expect(series?.length).toBeLessThan(60);
    expect(pulled).toBeLessThan(200_000);
    const broken = series?.find((one) => one.service === nameOf(17) && one.name === 'error_rate');
    expect(broken?.values).toHaveLength(31);
    expect(broken?.values.at(-1)).toBeCloseTo(0.33, 1);
    expect(connector.health?.().sentence).toMatch(/tells of \d{4,} series.*looks for those that changed/);
  }, 30_000);

  it('reads what is asked for by name, whether it changed or not', async () => {
    const connector = connect(1_000);
    const wish = { ...window, services: [nameOf(5)] };
    const series = await connector.metrics?.serviceMetrics(wish, calm());
    expect(servicesOf(series, 'traffic')).toEqual([nameOf(5)]);
  }, 30_000);

  it('reads everything where that is few enough, and says nothing of it', async () => {
    const connector = connect(10_000);
    const series = await connector.metrics?.serviceMetrics(window, calm());
    expect(new Set(servicesOf(series, 'traffic')).size).toBe(SERVICES);
    expect(connector.health?.().sentence).toBeNull();
  }, 30_000);
});
