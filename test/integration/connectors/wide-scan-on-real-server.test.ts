import { afterAll, beforeAll, describe, expect } from 'vitest';
import { prometheusApi } from '../../../electron/connectors/prometheus/api.ts';
import { conventions } from '../../../electron/connectors/prometheus/conventions/all.ts';
import { narrowedTo } from '../../../electron/connectors/prometheus/narrowed-to.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import { areClassic } from '../../../electron/connectors/prometheus/quoted-names.ts';
import { queryOf } from '../../../electron/connectors/prometheus/service-metrics.ts';
import { changedQuery, likelyQuery, newQuery } from '../../../electron/connectors/prometheus/wide-queries.ts';
import { httpClient } from '../../../electron/platform/http.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { countingProxy } from '../../fixtures/counting-proxy.ts';
import { type RealServer, startPrometheus, whyUnavailable } from '../../fixtures/debian-servers.ts';
import { manyServices, nameOf } from '../../fixtures/many-services.ts';
import { testOnRealServers as it } from '../../fixtures/test-on-real-servers.ts';

const SERVICES = 1_500;
const failing = [17, 404, 1_203];
const deserted = [88, 999];
/** New since the last minutes: the first two fail, the others are well. */
const coming = [300, 301, ...Array.from({ length: 40 }, (_, at) => 600 + at)];
const comingFailing = coming.slice(0, 2);
/** Nothing of them ever failed before, so that their counter of failures is new. */
const failingFirst = [51, 1_100];
const t0 = 1_772_359_200;
const calm = () => new AbortController().signal;
/** Half an hour, in whose last ten minutes something is broken. */
const window = { fromMs: (t0 + 60 * 60) * 1000, toMs: (t0 + 90 * 60) * 1000, stepMs: 60_000 };

describe('on a real Prometheus with thousands of series', () => {
  let server: RealServer | undefined;
  let proxy: Awaited<ReturnType<typeof countingProxy>> | undefined;
  /** Its engine may load no more at once than a few hundred of the services take. */
  let small: RealServer | undefined;
  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    const history = manyServices({
      services: SERVICES,
      fromSeconds: t0,
      minutes: 92,
      brokenFrom: 80,
      failing,
      deserted,
      coming,
      comingFailing,
      failingFirst,
    });
    server = await startPrometheus({ history });
    proxy = await countingProxy(server.url);
    small = await startPrometheus({ history, flags: ['--query.max-samples=12000'] });
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.close();
    await small?.close();
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
    expect(failures).toEqual(expect.arrayContaining(failingFirst.map(nameOf)));
    const broken = series?.find((one) => one.service === nameOf(17) && one.name === 'error_rate');
    expect(broken?.values).toHaveLength(31);
    expect(broken?.values.at(-1)).toBeCloseTo(0.33, 1);
    expect(connector.health?.().sentence).toMatch(
      /tells of \d{4,} series.*looks for those that changed or are new/,
    );
  });

  it('finds the same on an engine that cannot look at all of them at once, look by look', async () => {
    const connector = prometheus({
      ...{ id: 's', name: 's', url: small?.url ?? '', authorization: null, wideFrom: 1_000 },
    });
    for (const laterMs of [0, 90_000]) {
      const asked = { ...window, toMs: window.toMs + laterMs };
      const series = await connector.metrics?.serviceMetrics(asked, calm());
      const failures = servicesOf(series, 'error_rate');
      expect(failures).toEqual(expect.arrayContaining([...failing, ...comingFailing].map(nameOf)));
      expect(servicesOf(series, 'traffic')).toEqual(expect.arrayContaining(deserted.map(nameOf)));
      expect(connector.health?.().sentence).not.toMatch(/took too long/);
    }
  });

  it('finds those that are new and fail, though more that are new do well', async () => {
    const series = await connect(1_000).metrics?.serviceMetrics(window, calm());
    expect(servicesOf(series, 'error_rate')).toEqual(expect.arrayContaining(comingFailing.map(nameOf)));
    const fresh = new Set(coming.map(nameOf));
    const busy = servicesOf(series, 'traffic').filter((service) => fresh.has(service));
    expect(busy).toHaveLength(10);
    const failure = series?.find((one) => one.service === nameOf(300) && one.name === 'error_rate');
    expect(failure?.values.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => null));
    expect(failure?.values.at(-1)).toBeCloseTo(0.33, 1);
  });

  it('reads of some what it reads of them among all', async () => {
    const names = [nameOf(17), nameOf(88), nameOf(300), nameOf(1_234)];
    const some = await connect(1_000).metrics?.serviceMetrics({ ...window, services: names }, calm());
    const all = await connect(1_000_000).metrics?.serviceMetrics(window, calm());
    const inOrder = (series: readonly MetricSeries[] = []) =>
      series
        .filter(({ service }) => names.includes(service))
        .map((one) => [one.service, one.name, one.values])
        .sort();
    expect(inOrder(some).length).toBeGreaterThan(6);
    expect(inOrder(some)).toEqual(inOrder(all));
  });

  /** Debian's Prometheus is before 3.0: it cannot hold names in quotes, so that it is never asked for them. */
  const known = conventions.filter(({ metrics }) => areClassic(metrics));
  it.for(known.map((one) => [`${one.name} of ${one.metrics.join(' + ')}`, one] as const))(
    'is asked in what it understands: %s',
    async ([, one]) => {
      const { instant } = prometheusApi(
        httpClient({ system: 'P', url: proxy?.url ?? '', authorization: null }),
      );
      const grid = { ...window };
      const asked = [likelyQuery, changedQuery, newQuery].map((query) => query(one, grid, 1_800_000));
      const narrowed = [queryOf(one, grid), ...asked].map((query) =>
        narrowedTo(one, query, ['a.b', 'c"{\\']),
      );
      for (const query of [...asked, ...narrowed])
        await expect(instant(query, window.toMs, calm()), query).resolves.toBeInstanceOf(Array);
    },
  );

  it('reads what is asked for by name, whether it changed or not', async () => {
    const connector = connect(1_000);
    const wish = { ...window, services: [nameOf(5)] };
    const series = await connector.metrics?.serviceMetrics(wish, calm());
    expect(servicesOf(series, 'traffic')).toEqual([nameOf(5)]);
  });

  it('reads everything where that is few enough, and says nothing of it', async () => {
    const connector = connect(10_000);
    const series = await connector.metrics?.serviceMetrics(window, calm());
    expect(new Set(servicesOf(series, 'traffic')).size).toBe(SERVICES);
    expect(connector.health?.().sentence).toBeNull();
  });
});
