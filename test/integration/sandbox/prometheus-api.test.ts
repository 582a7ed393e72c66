import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertingConfiguration } from '../../../electron/connectors/prometheus/alerting-configuration.ts';
import { type SteppedDrill, startMs, steppedDrill } from './stepped-drill.ts';

let drill: SteppedDrill;
beforeAll(async () => {
  drill = await steppedDrill(1);
});
afterAll(() => drill.sandbox.close());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const query = (text: string) => `/api/v1/query?query=${encodeURIComponent(text)}`;
const data = async (path: string) => ((await drill.prometheus('GET', path)).json() as { data: never }).data;

/** What runs as a Deployment in the mesh. */
const services = () => drill.sandbox.scenario.topology.services.filter(({ kind }) => kind === 'service');

describe('who shows no token, or a wrong one,', () => {
  it.each([null, '', 'wrong', 'x'.repeat(10_000)])('gets nothing (%j)', async (token) => {
    for (const path of ['/api/v1/query?query=up', '/api/v1/status/buildinfo', '/nowhere']) {
      const reply = await drill.prometheus('GET', path, { token });
      expect(reply.status).toBe(401);
      expect(reply.text).not.toContain('success');
    }
  });

  it('cannot use the token of the cluster', async () => {
    expect(
      (await drill.prometheus('GET', query('up'), { token: drill.sandbox.kubernetes.token })).status,
    ).toBe(401);
  });
});

it.each<[string, string, number, string, RegExp]>([
  ['a query it cannot read', query('sum(('), 400, 'bad_data', /parse error/],
  ['no query at all', '/api/v1/query', 400, 'bad_data', /no expression found/],
  [
    'what it does not evaluate',
    query('holt_winters(up[5m], 0.5, 0.5)'),
    422,
    'execution',
    /^the function holt_winters\(\) is not supported by this simulated Prometheus$/,
  ],
  [
    'a time that is none',
    `${query('up')}&time=yesterday`,
    400,
    'bad_data',
    /cannot parse \\?"yesterday\\?" to a valid timestamp/,
  ],
  [
    'a range without step',
    '/api/v1/query_range?query=up&start=0&end=10',
    400,
    'bad_data',
    /invalid parameter "step"/,
  ],
  [
    'a step of zero',
    '/api/v1/query_range?query=up&start=0&end=10&step=0',
    400,
    'bad_data',
    /zero or negative/,
  ],
  [
    'an end before the start',
    '/api/v1/query_range?query=up&start=10&end=0&step=1',
    400,
    'bad_data',
    /end timestamp/,
  ],
  [
    'too many points',
    '/api/v1/query_range?query=up&start=0&end=20000&step=1',
    400,
    'bad_data',
    /11,000 points/,
  ],
  [
    'a range of ranges',
    '/api/v1/query_range?query=up%5B5m%5D&start=0&end=10&step=1',
    400,
    'bad_data',
    /range vector/,
  ],
  ['series of nothing', '/api/v1/series', 400, 'bad_data', /no match/],
  ['series of a number', '/api/v1/series?match[]=1', 400, 'bad_data', /unexpected number "1"/],
  ['a label that cannot be', '/api/v1/label/a-b/values', 400, 'bad_data', /invalid label name/],
])('answers %s as Prometheus does', async (_case, path, status, errorType, message) => {
  const reply = await drill.prometheus('GET', path);
  expect(reply.status).toBe(status);
  expect(reply.json()).toMatchObject({ status: 'error', errorType, error: expect.stringMatching(message) });
});

it('knows no other path and no other method', async () => {
  expect((await drill.prometheus('GET', '/api/v1/admin/tsdb/snapshot')).status).toBe(404);
  expect((await drill.prometheus('GET', '/api/v1/toString')).status).toBe(404);
  expect((await drill.prometheus('DELETE', query('up'))).status).toBe(405);
  expect((await drill.prometheus('POST', '/api/v1/alerts')).status).toBe(405);
});

it('refuses a body without end, and goes on', async () => {
  const body = `query=${'x'.repeat(4 * 1024 * 1024)}`;
  const reply = await drill
    .prometheus('POST', '/api/v1/query', { headers: form, body })
    .catch((error: unknown) => error);
  // The connection may be cut before the whole body is sent.
  if (!(reply instanceof Error)) expect(reply).toMatchObject({ status: 413 });
  expect((await drill.prometheus('GET', query('up'))).status).toBe(200);
});

it('answers a form as it answers an address', async () => {
  const text = 'sum by (namespace) (kube_deployment_spec_replicas)';
  const posted = await drill.prometheus('POST', '/api/v1/query', {
    headers: form,
    body: new URLSearchParams({ query: text }).toString(),
  });
  expect(posted.text).toBe((await drill.prometheus('GET', query(text))).text);
  expect(posted.json()).toMatchObject({ status: 'success', data: { resultType: 'vector' } });
});

it('lists names, labels and values', async () => {
  const names: string[] = await data('/api/v1/label/__name__/values');
  expect(names).toEqual(
    expect.arrayContaining([
      'container_cpu_usage_seconds_total',
      'container_memory_working_set_bytes',
      'istio_request_duration_milliseconds_bucket',
      'istio_request_duration_milliseconds_count',
      'istio_request_duration_milliseconds_sum',
      'istio_requests_total',
      'kube_deployment_spec_replicas',
      'kube_deployment_status_replicas_available',
      'kube_pod_container_resource_limits',
      'up',
    ]),
  );
  expect(await data('/api/v1/labels?match[]=kube_deployment_spec_replicas')).toEqual([
    '__name__',
    'deployment',
    'job',
    'namespace',
  ]);
  const series: Record<string, string>[] = await data(
    '/api/v1/series?match[]=kube_deployment_spec_replicas{namespace="payments"}',
  );
  const inPayments = services().filter(({ namespace }) => namespace === 'payments');
  expect(inPayments.length).toBeGreaterThan(3);
  expect(series.map(({ deployment }) => deployment)).toEqual(inPayments.map(({ name }) => name).sort());
});

it('tells version, configuration, metadata, rules and alerts', async () => {
  const { yaml }: { yaml: string } = await data('/api/v1/status/config');
  const { externalLabels, ways } = alertingConfiguration(yaml, '2.42.0');
  expect([externalLabels, ways]).toEqual([{}, [[]]]);
  expect(await data('/api/v1/status/buildinfo')).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect(await data('/api/v1/metadata?metric=istio_requests_total')).toMatchObject({
    istio_requests_total: [{ type: 'counter' }],
  });
  const { groups }: { groups: { rules: { name: string; state: string; alerts: unknown[] }[] }[] } =
    await data('/api/v1/rules');
  const errors = groups[0]?.rules.find(({ name }) => name === 'HighErrorRate');
  expect(errors).toMatchObject({ state: 'firing', type: 'alerting', duration: 60, health: 'ok' });
  const { alerts }: { alerts: { labels: Record<string, string>; annotations: Record<string, string> }[] } =
    await data('/api/v1/alerts');
  expect(alerts).toEqual(expect.arrayContaining((errors?.alerts ?? []) as never[]));
  for (const { labels, annotations } of alerts) {
    expect(labels).toMatchObject({
      alertname: expect.any(String),
      severity: expect.any(String),
      service: labels['destination_workload'],
    });
    expect(`${annotations['summary']} ${annotations['description']}`).not.toContain('{{');
  }
});

it('has rates, quantiles and use that add up', async () => {
  type Answer = { result: { metric: Record<string, string>; value: [number, string] }[] };
  const numbers = async (text: string) => {
    const { result }: Answer = await data(query(text));
    return result.map(({ value }) => Number(value[1]));
  };
  const [entry = 0] = await numbers(
    'sum(rate(istio_requests_total{source_workload="unknown"}[5m] offset 10m))',
  );
  expect(entry).toBeGreaterThan(180);
  expect(entry).toBeLessThan(380);
  // The histogram counts what the counter counts.
  const ratios = await numbers(
    'sum by (destination_workload) (istio_request_duration_milliseconds_bucket{le="+Inf"}) / sum by (destination_workload) (istio_requests_total)',
  );
  // What callers see of the providers is counted under one name, `unknown`.
  expect(ratios.length).toBe(services().length + 1);
  expect(new Set(ratios)).toEqual(new Set([1]));
  const use = await numbers(
    'sum by (container) (rate(container_cpu_usage_seconds_total[5m] offset 20m)) / sum by (container) (kube_pod_container_resource_limits{resource="cpu"} offset 20m)',
  );
  expect(Math.max(...use)).toBeLessThan(0.8);
  expect(Math.min(...use)).toBeGreaterThan(0.15);
});

it('answers an hour of every service in steps of 15 seconds at once', async () => {
  const text = 'sum by (destination_workload) (rate(istio_requests_total[1m]))';
  const path = `/api/v1/query_range?query=${encodeURIComponent(text)}&start=${startMs / 1_000 - 3_600}&end=${startMs / 1_000}&step=15`;
  const { result }: { result: { values: unknown[] }[] } = await data(path);
  expect(result).toHaveLength(services().length + 1);
  for (const { values } of result) expect(values).toHaveLength(241);
});
