import { afterAll, beforeAll, expect, it } from 'vitest';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import type { SteppedClock } from '../../../electron/platform/clock.ts';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';

const calm = () => new AbortController().signal;

let time: SteppedClock;
let sandbox: Sandbox;
let connector: Connector;

beforeAll(async () => {
  ({ sandbox, time } = await steppedSandbox(7));
  connector = prometheus({
    id: 'drill-prometheus',
    name: 'Drill Prometheus',
    url: sandbox.prometheus.url,
    authorization: `Bearer ${sandbox.prometheus.token}`,
  });
});
afterAll(() => sandbox.close());

const lastHour = () => ({ fromMs: time.clock.now() - 3_600_000, toMs: time.clock.now(), stepMs: 15_000 });

it('finds the alert that fires, its service, its series and its threshold', async () => {
  const alerts = (await connector.alerts?.firing(calm())) ?? [];
  expect(alerts.length).toBeGreaterThan(0);
  for (const alert of alerts) {
    expect(alert.service).not.toBeNull();
    expect(alert.startedMs).toBeLessThanOrEqual(time.clock.now());
    expect(alert.query?.threshold).toEqual(expect.any(Number));
  }
  const [alert] = alerts;
  const points = await connector.metrics?.range(alert?.query?.series ?? '', lastHour(), calm());
  expect(points?.some((series) => series.labels['destination_workload'] === alert?.service)).toBe(true);
});

it('gives every service of the mesh its metrics, and the bad version its own cohort', async () => {
  const series = (await connector.metrics?.serviceMetrics(lastHour(), calm())) ?? [];
  const topology = await connector.metrics?.topology(lastHour(), calm());
  const deployed = topology?.services.map(({ id }) => id) ?? [];
  expect(deployed.length).toBeGreaterThan(5);
  for (const name of ['traffic', 'error_rate', 'latency_p99', 'saturation', 'availability']) {
    const having = series.filter((one) => one.name === name && Object.keys(one.labels).length === 0);
    expect(new Set(having.map(({ service }) => service)).size, name).toBe(having.length);
  }
  for (const one of series) {
    expect(one.values).toHaveLength(241);
    expect(one.values.every((value) => value === null || Number.isFinite(value))).toBe(true);
  }
  const [culprit] = sandbox.answer.services;
  const versions = series.filter(
    ({ service, labels }) => service === culprit && labels['version'] !== undefined,
  );
  expect(new Set(versions.map(({ labels }) => labels['version'])).size).toBeGreaterThan(1);
  // Databases stand behind no mesh, so that nobody there calls them: only their pods are seen.
  const databases = sandbox.scenario.topology.services.filter(({ kind }) => kind === 'database');
  expect(databases.length).toBeGreaterThan(0);
  const known = new Set([...deployed, ...databases.map(({ name }) => name)]);
  // A machine is told by its own name, and by the label.
  const ofServices = series.filter(({ service, labels }) => labels['node'] !== service);
  expect(ofServices.length).toBeLessThan(series.length);
  expect(ofServices.map(({ service }) => service).filter((service) => !known.has(service))).toEqual([]);
});

it('knows who calls whom', async () => {
  const topology = await connector.metrics?.topology(lastHour(), calm());
  const ids = new Set(topology?.services.map(({ id }) => id));
  expect(topology?.calls.length).toBeGreaterThan(5);
  expect(topology?.calls.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
});

it('sees time go on', async () => {
  const before = await connector.metrics?.serviceMetrics(lastHour(), calm());
  await time.advance(120_000);
  const after = await connector.metrics?.serviceMetrics(lastHour(), calm());
  expect((after?.[0]?.fromMs ?? 0) - (before?.[0]?.fromMs ?? 0)).toBe(120_000);
  expect(after?.[0]?.values.slice(0, -8)).toEqual(before?.[0]?.values.slice(8));
});

it('is refused with the wrong token, and repeats neither token', async () => {
  const wrong = prometheus({
    id: 'x',
    name: 'x',
    url: sandbox.prometheus.url,
    authorization: 'Bearer not-the-token',
  });
  const test = await wrong.test(calm());
  expect(test).toMatchObject({ ok: false, sentence: expect.stringContaining('401') });
  expect(test.sentence).not.toContain('not-the-token');
});
