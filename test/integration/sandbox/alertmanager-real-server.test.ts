import { afterAll, beforeAll, expect } from 'vitest';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { alertmanagerApi, refusals } from '../../../electron/sandbox/alertmanager/api.ts';
import { type LoopbackServer, serveOnLoopback } from '../../../electron/sandbox/http/loopback.ts';
import { type RealServer, startAlertmanager, whyUnavailable } from '../../fixtures/debian-servers.ts';
import { testOnRealServers } from '../../fixtures/test-on-real-servers.ts';
import { type Ask, asker } from './alertmanager-same-requests.ts';

/** The simulated server and the real one, asked the same in the same order. */
let simulated: LoopbackServer;
let real: RealServer | undefined;
let askSimulated: Ask;
let askReal: Ask;

beforeAll(async () => {
  simulated = await serveOnLoopback({
    token: 'token',
    logger: silentLogger,
    refusals,
    handler: alertmanagerApi({
      rules: { alerts: () => [], lastEvaluationMs: () => 0 },
      seed: 1,
      startedMs: Date.now(),
      advance: () => Date.now(),
      route: { receiver: 'nobody', groupBy: [] },
    }),
  });
  askSimulated = asker(simulated.url, { authorization: 'Bearer token' });
  if (whyUnavailable() !== null) return;
  real = await startAlertmanager();
  askReal = asker(real.url);
});
afterAll(async () => {
  await simulated.close();
  await real?.close();
});

const alerts = [
  {
    labels: { alertname: 'HighErrorRate', service: 'cart', severity: 'critical', empty: '' },
    annotations: { summary: 'cart fails "often"' },
    startsAt: '2026-01-01T12:00:00.123Z',
    endsAt: '2199-01-01T12:00:00Z',
    generatorURL: 'http://prometheus.example/graph?g0.expr=up+%3D%3D+0',
  },
  {
    labels: { alertname: 'HighErrorRate', service: 'web', note: 'naïve ☃' },
    endsAt: '2199-01-01T12:00:00',
  },
  { labels: { alertname: 'SlowRequests', service: 'web' }, startsAt: '2026-01-01T12:00:00Z' },
  { labels: { alertname: 'Gone' }, startsAt: '2026-01-01T12:00:00Z', endsAt: '2026-01-01T12:10:00Z' },
];
const silence = {
  matchers: [{ name: 'service', value: 'cart', isRegex: false, isEqual: true }],
  startsAt: '2026-01-01T12:00:00Z',
  endsAt: '2199-01-01T12:00:00Z',
  createdBy: 'anna',
  comment: 'known',
};
const changed = (change: object) => JSON.stringify({ ...silence, ...change });
/** Each of them ends at a time of its own: the real server lists those that end together in no order. */
const matchers = (...list: object[]) =>
  changed({ matchers: list, endsAt: `219${list.length}-01-01T12:00:00Z` });
const filter = (...texts: string[]) => texts.map((text) => `filter=${encodeURIComponent(text)}`).join('&');

type Step = [
  method: string,
  path: string,
  body?: string | undefined,
  headers?: Record<string, string> | undefined,
];

/** In order: what is asked later sees what was written before. */
const steps: Step[] = [
  ['GET', '/api/v2/receivers'],
  ['GET', '/api/v2/alerts'],
  ['GET', '/api/v2/alerts/groups'],
  ['GET', '/api/v2/silences'],
  ['POST', '/api/v2/alerts', JSON.stringify(alerts)],
  ['GET', '/api/v2/alerts'],
  ...[
    'service="web"',
    'service=web',
    'service=~"w.*"',
    'service=~w',
    'service!="web"',
    'service!~"c.+|w.+"',
    'note=""',
    'note!=""',
    ' alertname = SlowRequests ',
    'summary="cart"',
    'note="na\\u00efve"',
    'service',
    '',
    '{service="web"}',
    'service="web",alertname="x"',
    'service="web',
    'service=web"',
    'service=~"("',
    'service=~"a)"',
    'service=~"*"',
    'service=~"[a"',
    '1a=b',
    'a="\\"\\n\\x"',
  ].map((text): Step => ['GET', `/api/v2/alerts?${filter(text)}`]),
  ['GET', `/api/v2/alerts?${filter('service=web', 'alertname=SlowRequests')}`],
  ['GET', '/api/v2/alerts?active=false'],
  ['GET', '/api/v2/alerts?active=maybe'],
  ['GET', '/api/v2/alerts?active=1&silenced=0'],
  ['GET', '/api/v2/alerts?active='],
  ['GET', '/api/v2/alerts?receiver=no.%2A'],
  ['GET', '/api/v2/alerts?receiver=some'],
  ['GET', '/api/v2/alerts?receiver=('],
  ['GET', '/api/v2/alerts', undefined, { accept: 'text/html' }],
  ['GET', '/api/v2/alerts', undefined, { accept: 'application/json, text/plain, */*' }],
  ['POST', '/api/v2/silences', changed({})],
  ['GET', '/api/v2/silences'],
  ['GET', '/api/v2/alerts'],
  ['GET', '/api/v2/alerts?silenced=false'],
  ['GET', '/api/v2/alerts?active=false'],
  ['GET', '/api/v2/silence/<id 0>'],
  ['GET', '/api/v2/silence/none'],
  ['GET', '/api/v2/silence/00000000-0000-4000-8000-000000000000'],
  ['DELETE', '/api/v2/silence/00000000-0000-4000-8000-000000000000'],
  ['DELETE', '/api/v2/silence/none'],
  ['POST', '/api/v2/silences', changed({ startsAt: '2198-01-01T12:00:00Z', comment: '', createdBy: '' })],
  ['POST', '/api/v2/silences', matchers({ name: 'service', value: 'c.*|w.*', isRegex: true })],
  [
    'POST',
    '/api/v2/silences',
    matchers(
      { name: 'service', value: 'web', isRegex: false, isEqual: false },
      { name: 'alertname', value: '.+', isRegex: true },
    ),
  ],
  ['GET', '/api/v2/alerts?active=false'],
  ['GET', `/api/v2/silences?${filter('service=cart')}`],
  ['GET', `/api/v2/silences?${filter('service=~"c.*|w.*"')}`],
  ['GET', `/api/v2/silences?${filter('service!=web')}`],
  ['GET', `/api/v2/silences?${filter('{')}`],
  ['DELETE', '/api/v2/silence/<id 0>'],
  ['DELETE', '/api/v2/silence/<id 0>'],
  ['GET', '/api/v2/silence/<id 0>'],
  ['POST', '/api/v2/silences', changed({ id: '<id 0>', comment: 'again' })],
  [
    'POST',
    '/api/v2/silences',
    changed({ id: '<id 1>', startsAt: '2197-01-01T12:00:00Z', comment: 'earlier' }),
  ],
  ['GET', '/api/v2/silence/<id 1>'],
  ['DELETE', '/api/v2/silence/<id 1>'],
  ['GET', '/api/v2/silence/<id 1>'],
  ['POST', '/api/v2/silences', '{'],
  ['POST', '/api/v2/silences', '{"matchers":x}'],
  ['POST', '/api/v2/silences', ''],
  ['POST', '/api/v2/silences', '[]'],
  ['POST', '/api/v2/silences', '"text"'],
  ['POST', '/api/v2/silences', '{}'],
  ['POST', '/api/v2/silences', changed({ comment: undefined, matchers: undefined })],
  ['POST', '/api/v2/silences', changed({ matchers: undefined })],
  ['POST', '/api/v2/silences', changed({ endsAt: undefined })],
  ['POST', '/api/v2/silences', changed({ startsAt: undefined })],
  ['POST', '/api/v2/silences', matchers()],
  ['POST', '/api/v2/silences', matchers({ name: 'a', value: 'b' })],
  ['POST', '/api/v2/silences', matchers({ name: 'a', isRegex: false })],
  ['POST', '/api/v2/silences', matchers({ name: 'a b', value: 'x', isRegex: false })],
  ['POST', '/api/v2/silences', matchers({ name: 'a', value: '', isRegex: false })],
  ['POST', '/api/v2/silences', matchers({ name: 'a', value: '.*', isRegex: true })],
  ['POST', '/api/v2/silences', matchers({ name: 'a', value: '(', isRegex: true })],
  ['POST', '/api/v2/silences', changed({ matchers: 5 })],
  ['POST', '/api/v2/silences', changed({ comment: 5 })],
  ['POST', '/api/v2/silences', changed({ startsAt: 'tomorrow' })],
  ['POST', '/api/v2/silences', changed({ endsAt: '2025-01-01T12:00:00Z' })],
  ['POST', '/api/v2/silences', changed({ endsAt: '2026-01-01T12:30:00Z' })],
  ['POST', '/api/v2/silences', changed({ id: 'none' })],
  ['POST', '/api/v2/silences', changed({}), { 'content-type': 'text/plain' }],
  ['POST', '/api/v2/alerts', '{}'],
  ['POST', '/api/v2/alerts', '[{}]'],
  ['POST', '/api/v2/alerts', '[{"labels":{}}]'],
  ['POST', '/api/v2/alerts', ''],
  ['GET', '/api/v2/silences'],
  ['GET', '/api/v2/nowhere'],
  ['GET', '/api/v2/silence'],
  ['GET', '/api/v2/toString'],
  ['GET', '/nowhere'],
  ['DELETE', '/api/v2/status'],
  ['PUT', '/api/v2/alerts', '[]'],
  ['PATCH', '/api/v2/silences', '{}'],
  ['POST', '/api/v2/silence/00000000-0000-4000-8000-000000000000', '{}'],
];

testOnRealServers('answers the same requests as the real Alertmanager answers them', async () => {
  const differing: unknown[] = [];
  for (const step of steps) {
    const [mine, theirs] = [await askSimulated(...step), await askReal(...step)];
    if (JSON.stringify(sorted(mine)) !== JSON.stringify(sorted(theirs)))
      differing.push({ step, mine, theirs });
  }
  expect(differing).toEqual([]);
});

testOnRealServers('groups alerts and tells of itself in the shape of the real Alertmanager', async () => {
  // Groups form a moment after the alerts come.
  await expect
    .poll(async () => ((await askReal('GET', '/api/v2/alerts/groups')).body as unknown[]).length)
    .toBe(1);
  expect(await askSimulated('GET', '/api/v2/alerts/groups')).toEqual(
    await askReal('GET', '/api/v2/alerts/groups'),
  );
  const [mine, theirs] = [
    await askSimulated('GET', '/api/v2/status'),
    await askReal('GET', '/api/v2/status'),
  ];
  expect(shape(mine.body)).toEqual(shape(theirs.body));
  expect(mine.body).toMatchObject({ versionInfo: { version: '0.25.0' } });
});

/** Names and kinds without the values. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
