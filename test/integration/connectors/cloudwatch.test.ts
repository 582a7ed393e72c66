import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cloudWatchApi } from '../../../electron/connectors/cloudwatch/api.ts';
import { type CloudWatchOptions, cloudWatch } from '../../../electron/connectors/cloudwatch/cloudwatch.ts';
import { seriesIn } from '../../../electron/connectors/cloudwatch/metric-data.ts';
import type { SourceFact } from '../../../electron/connectors/delivered.ts';
import { readConnectionFile } from '../../../electron/host/connection-file.ts';
import { cloudWatchServer, type Operations } from '../../fixtures/cloudwatch-server.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { faults } from '../../fixtures/nasty-server.ts';
import { sentOf } from '../../fixtures/sent-fact.ts';
import { type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';

const servers: TinyServer[] = [];
beforeEach(() => {
  const folder = newDataDir();
  const config = join(folder, 'config');
  writeFileSync(
    config,
    `[profile work]
aws_access_key_id = AKIAWORK
aws_secret_access_key = hush

[profile machine]
role_arn = arn:aws:iam::123456789012:role/X
credential_source = Ec2InstanceMetadata

[profile over]
role_arn = arn:aws:iam::123456789012:role/Over
source_profile = work
`,
  );
  vi.stubEnv('AWS_CONFIG_FILE', config);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(operations: Operations) {
  const server = await cloudWatchServer(operations);
  servers.push(server);
  return server;
}
const connected = (endpoint: string, options: Partial<CloudWatchOptions> = {}) =>
  cloudWatch({ id: 'con_1', name: 'AWS', regions: ['eu-central-1'], profile: 'work', endpoint, ...options });
const soon = () => AbortSignal.timeout(8_000);
const seconds = (atMs: number) => atMs / 1000;
/** Of late: what is older is kept in coarser steps. */
const startMs = Math.floor((Date.now() - 1_800_000) / 60_000) * 60_000;
const window = { fromMs: startMs, toMs: startMs + 600_000, stepMs: 60_000 };

const alarm = (over: object = {}) => ({
  AlarmName: 'checkout-5xx-critical',
  AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-5xx-critical',
  AlarmDescription: 'Checkout fails',
  StateValue: 'ALARM',
  StateReason: 'Threshold Crossed: 3 datapoints',
  StateUpdatedTimestamp: seconds(startMs + 60_000),
  StateTransitionedTimestamp: seconds(startMs),
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'HTTPCode_Target_5XX_Count',
  Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/checkout/73e2d6bc24d8a067' }],
  ...over,
});

it('finds the alarms that fire, page by page and composite ones too', async () => {
  const server = await serving({
    DescribeAlarms: ({ NextToken, StateValue }) =>
      StateValue !== 'ALARM'
        ? 'ValidationError'
        : NextToken === undefined
          ? { MetricAlarms: [alarm()], NextToken: 'two' }
          : {
              CompositeAlarms: [
                {
                  AlarmName: 'all',
                  AlarmArn: 'arn:2',
                  AlarmRule: 'ALARM("checkout-5xx-critical")',
                  StateValue: 'ALARM',
                  StateReason: 'ALARM("checkout-5xx-critical") is true',
                  StateUpdatedTimestamp: seconds(startMs),
                  StateTransitionedTimestamp: seconds(startMs),
                },
              ],
            },
  });
  const alerts = await connected(server.url).alerts?.firing(soon());
  expect(JSON.parse(alerts?.[0]?.raw ?? '')).toMatchObject({
    AlarmName: 'checkout-5xx-critical',
    StateTransitionedTimestamp: new Date(startMs).toISOString(),
  });
  expect(alerts).toMatchObject([
    {
      name: 'checkout-5xx-critical',
      severity: 'critical',
      service: 'checkout',
      summary: 'Checkout fails',
      startedMs: startMs,
    },
    {
      name: 'all',
      severity: 'warning',
      service: null,
      summary: 'all: ALARM("checkout-5xx-critical") is true',
    },
  ]);
  expect(server.received[0]?.headers.authorization).toContain('Credential=AKIAWORK/');
});

it('reads a metric over several pages with the band it was expected in, and no sample that is no number', async () => {
  const at = (minute: number) => seconds(startMs + minute * 60_000);
  const server = await serving({
    DescribeAnomalyDetectors: () => ({
      AnomalyDetectors: [{ Namespace: 'AWS/Lambda', MetricName: 'Duration' }],
    }),
    GetMetricData: ({ NextToken }) =>
      NextToken === undefined
        ? {
            MetricDataResults: [
              {
                Id: 'm1',
                Label: 'Duration',
                Timestamps: [at(0), at(1)],
                Values: [1, 'NaN'],
                StatusCode: 'PartialData',
              },
              { Id: 'band', Label: 'band', Timestamps: [at(0)], Values: [1], StatusCode: 'Complete' },
              { Id: 'band', Label: 'band', Timestamps: [at(0)], Values: [9], StatusCode: 'Complete' },
            ],
            NextToken: 'more',
          }
        : {
            MetricDataResults: [
              { Id: 'm1', Label: 'Duration', Timestamps: [at(2)], Values: [3], StatusCode: 'Complete' },
            ],
          },
  });
  const metric = {
    region: 'eu-central-1',
    namespace: 'AWS/Lambda',
    name: 'Duration',
    dimensions: { FunctionName: 'pay' },
    statistic: 'p99',
  };
  const series = await connected(server.url).cloud?.series(metric, window, soon());
  expect(series?.map(({ labels, points }) => [labels['band'] ?? 'itself', points])).toEqual([
    [
      'itself',
      [
        { atMs: startMs, value: 1 },
        { atMs: startMs + 120_000, value: 3 },
      ],
    ],
    ['expected at least', [{ atMs: startMs, value: 1 }]],
    ['expected at most', [{ atMs: startMs, value: 9 }]],
  ]);
});

it('scans all services wide by Metrics Insights, one query a request, and asks once a minute', async () => {
  const server = await serving({
    GetMetricData: ({ MetricDataQueries }) => {
      const [{ Id, Expression }] = MetricDataQueries as [{ Id: string; Expression: string }];
      const of = (value: number) => ({
        MetricDataResults: [
          {
            Id,
            Label: 'targetgroup/checkout/73e2d6bc24d8a067',
            Timestamps: [seconds(startMs)],
            Values: [value],
          },
        ],
      });
      if (Expression.startsWith('SELECT SUM(RequestCount)')) return of(200);
      if (Expression.startsWith('SELECT SUM(HTTPCode_Target_5XX_Count)')) return of(50);
      return {};
    },
  });
  const aws = connected(server.url);
  const found = await aws.cloud?.serviceMetrics(window, soon());
  expect(found).toMatchObject([
    { service: 'checkout', name: 'requests', kind: 'traffic', stepMs: 60_000, fromMs: startMs },
    { service: 'checkout', name: 'error_ratio', kind: 'error_rate' },
  ]);
  expect(found?.[1]?.values.slice(0, 2)).toEqual([0.25, null]);
  const asked = server.asked('GetMetricData').length;
  await aws.cloud?.serviceMetrics(window, soon());
  expect(server.asked('GetMetricData')).toHaveLength(asked);
  expect(
    server.asked('GetMetricData').every((one) => (one['MetricDataQueries'] as unknown[]).length === 1),
  ).toBe(true);
});

it('asks for more than five hundred metrics in several requests', async () => {
  const server = await serving({
    GetMetricData: ({ MetricDataQueries, MaxDatapoints }) => ({
      MetricDataResults: (MetricDataQueries as { Id: string }[]).map(({ Id }) => ({
        Id,
        Timestamps: [seconds(startMs)],
        Values: [MaxDatapoints],
      })),
    }),
  });
  const api = cloudWatchApi('eu-central-1', { regions: [], profile: 'work', endpoint: server.url });
  const queries = Array.from({ length: 1_001 }, (_, index) => ({
    Id: `m${index}`,
    Expression: 'TIME_SERIES(1)',
  }));
  const found = seriesIn(await api.metricData(queries, window, soon()), 'CloudWatch');
  expect(found).toHaveLength(1_001);
  expect(found[1_000]?.points).toEqual([{ atMs: startMs, value: 100_800 }]);
  expect(server.asked('GetMetricData').map((one) => (one['MetricDataQueries'] as unknown[]).length)).toEqual([
    500, 500, 1,
  ]);
});

it('tells what alarms did from their history, each once, and not again what it told as firing', async () => {
  const nowMs = Date.now();
  const item = (name: string, atMs: number, from: string, to: string) => ({
    AlarmName: name,
    Timestamp: seconds(atMs),
    HistoryItemType: 'StateUpdate',
    HistoryData: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: from },
      newState: { stateValue: to, stateReason: 'crossed' },
    }),
  });
  const firing = alarm({ StateTransitionedTimestamp: seconds(nowMs - 1_000) });
  const server = await serving({
    DescribeAlarms: () => ({ MetricAlarms: [firing] }),
    DescribeAlarmHistory: () => ({
      AlarmHistoryItems: [
        item('came-and-went', nowMs - 5_000, 'OK', 'ALARM'),
        item('came-and-went', nowMs - 4_000, 'ALARM', 'OK'),
        item('checkout-5xx-critical', nowMs - 1_000, 'OK', 'ALARM'),
        { AlarmName: 'odd', Timestamp: seconds(nowMs), HistoryData: '{"newState":' },
      ],
    }),
  });
  const aws = connected(server.url, { everyMs: 50 });
  await aws.alerts?.firing(soon());
  const told: SourceFact[] = [];
  const stop = aws.changes?.stream({ onObservations: (found) => told.push(...found), onState: () => {} });
  await eventually(
    'the history was read three times',
    () => server.asked('DescribeAlarmHistory').length >= 3,
  );
  stop?.();
  expect(told.map(({ title }) => title)).toEqual([
    'Alarm came-and-went: OK → ALARM',
    'Alarm came-and-went: ALARM → OK',
  ]);
  expect(told.map(sentOf)).toMatchObject([
    { AlarmName: 'came-and-went', HistoryData: expect.stringContaining('ALARM') },
    { AlarmName: 'came-and-went', HistoryData: expect.stringContaining('OK') },
  ]);
});

it('says that the history can be read again once it can, and nothing while it can', async () => {
  let isWell = true;
  const server = await serving({
    DescribeAlarmHistory: () => (isWell ? { AlarmHistoryItems: [] } : 'ValidationError'),
  });
  const states: boolean[] = [];
  const stop = connected(server.url, { everyMs: 20 }).changes?.stream({
    onObservations: () => {},
    onState: ({ up }) => states.push(up),
  });
  const asked = () => server.asked('DescribeAlarmHistory').length;
  await eventually('it was read twice', () => asked() >= 2);
  expect(states).toEqual([]);
  isWell = false;
  await eventually('it is down', () => states.at(-1) === false);
  isWell = true;
  await eventually('it is up again', () => states.at(-1) === true);
  const [told, then] = [states.length, asked()];
  await eventually('it was read twice more', () => asked() >= then + 2);
  stop?.();
  expect(states).toHaveLength(told);
});

it('asks as a role that it assumes, of the connection or of the profile, where it was told to ask', async () => {
  const server = await serving({});
  const role = { arn: 'arn:aws:iam::123456789012:role/Reader' };
  await connected(server.url, { role, credentialsEndpoint: server.url }).alerts?.firing(soon());
  await connected(server.url, { profile: 'over', credentialsEndpoint: server.url }).alerts?.firing(soon());
  const keys = server.received.map(
    ({ headers }) => /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1],
  );
  expect(keys).toEqual(['AKIAWORK', 'ASSUMEDReader', 'AKIAWORK', 'ASSUMEDOver']);
});

it.each([
  ['AccessDenied', 'does not allow this with these credentials'],
  ['ExpiredToken', 'does not accept the credentials'],
  ['Throttling', 'asks for fewer requests'],
  ['InternalServiceFault', 'is not ready or overloaded'],
])('names what is wrong when it answers %s', async (code, sentence) => {
  const server = await serving({ DescribeAlarms: () => code });
  const test = await connected(server.url).test(soon());
  expect(test).toMatchObject({
    ok: false,
    sentence: expect.stringContaining(`CloudWatch in eu-central-1 ${sentence}`),
  });
});

/** Whatever stands in front of CloudWatch answers as no AWS does. All but silence, which takes as long as a read may. */
it.each(faults.filter(({ name }) => name !== 'silence' && name !== 'JSON of another kind'))(
  'names what is wrong when it is answered with $name',
  async ({ answer, says }) => {
    const server = await tinyServer((_request, response) => answer(response));
    servers.push(server);
    const { ok, sentence } = await connected(server.url).test(soon());
    expect(ok).toBe(false);
    expect(sentence).toMatch(says);
  },
);

it.each([
  [403, 'ForbiddenException', /does not allow this with these credentials/],
  [429, 'Slow', /asks for fewer requests/],
])(
  'goes by the status %d where a gateway names an error that is not of CloudWatch',
  async (status, name, says) => {
    const server = await tinyServer((_request, response) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
        .end('{"message":"no"}'),
    );
    servers.push(server);
    const { ok, sentence } = await connected(server.url).test(soon());
    expect(ok).toBe(false);
    expect(sentence).toMatch(says);
  },
);

it('names a host that does not resolve', async () => {
  const { ok, sentence } = await connected('https://no-such-host.invalid').test(soon());
  expect(ok).toBe(false);
  expect(sentence).toMatch(/does not resolve/);
});

it('says what may not be read where the rest may', async () => {
  const server = await serving({ DescribeAlarmHistory: () => 'AccessDenied' });
  const aws = connected(server.url);
  expect(await aws.changes?.backfill(window, soon())).toEqual([]);
  expect(aws.health?.().sentence).toContain('cloudwatch:DescribeAlarmHistory');
  expect(await aws.test(soon())).toMatchObject({
    ok: true,
    sentence: expect.stringContaining('may not read the history'),
  });
});

it.each<[string, Parameters<typeof tinyServer>[0], RegExp]>([
  [
    'a web page',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in'),
    /web page/,
  ],
  [
    'half an answer',
    (_request, response) => response.writeHead(200).end('{"MetricAlarms":[{"Alarm'),
    /not JSON/,
  ],
  [
    'alarms of another shape',
    (_request, response) => response.writeHead(200).end('{"MetricAlarms":[{"AlarmName":7}]}'),
    /cannot be read/,
  ],
  [
    'the same page again and again',
    (_request, response) => response.writeHead(200).end('{"NextToken":"a"}'),
    /same page twice/,
  ],
])('takes %s for a failure, never for calm', async (_case, answer, sentence) => {
  const server = await tinyServer(answer);
  servers.push(server);
  await expect(connected(server.url).alerts?.firing(soon())).rejects.toThrow(sentence);
});

it('follows no redirect with what it signed', async () => {
  const elsewhere = await serving({});
  const server = await tinyServer((_request, response) =>
    response.writeHead(307, { location: elsewhere.url }).end(),
  );
  servers.push(server);
  await expect(connected(server.url).alerts?.firing(soon())).rejects.toThrow(/redirects/);
  expect(elsewhere.received).toHaveLength(0);
});

it('contacts nobody whom only the environment names', async () => {
  const other = await serving({});
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', other.url);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', other.url);
  const aws = cloudWatch({ id: 'con_1', name: 'AWS', regions: ['eu-central-1'], profile: 'work' });
  await expect(aws.alerts?.firing(soon())).rejects.toThrow('which nobody configured here');
  const server = await serving({});
  await expect(connected(server.url, { profile: 'over' }).alerts?.firing(soon())).rejects.toThrow(
    'which nobody configured here',
  );
  expect(other.received).toHaveLength(0);
});

it('never asks a machine for its own credentials', async () => {
  const server = await serving({});
  await expect(connected(server.url, { profile: 'machine' }).alerts?.firing(soon())).rejects.toThrow(
    /metadata address/,
  );
  await expect(connected('http://169.254.169.254/').alerts?.firing(soon())).rejects.toThrow(
    /link-local or cloud metadata/,
  );
});

it('stands in connections.yaml with its regions, profile and role', () => {
  const dataDir = newDataDir();
  writeFileSync(
    join(dataDir, 'connections.yaml'),
    `format: countersign.connections/1
connections:
  - kind: cloudwatch
    name: AWS
    regions: [eu-central-1, us-east-1]
    profile: work
    role: { arn: 'arn:aws:iam::123456789012:role/Reader' }
`,
  );
  expect(readConnectionFile(dataDir)).toMatchObject([
    {
      connection: { kind: 'cloudwatch', auth: 'aws', url: 'AWS: eu-central-1, us-east-1 (profile work)' },
      given: { regions: ['eu-central-1', 'us-east-1'] },
    },
  ]);
  writeFileSync(
    join(dataDir, 'connections.yaml'),
    `format: countersign.connections/1
connections: [{ kind: cloudwatch, name: AWS, regions: ['evil.example/'] }]
`,
  );
  expect(() => readConnectionFile(dataDir)).toThrow(/connections.yaml/);
});
