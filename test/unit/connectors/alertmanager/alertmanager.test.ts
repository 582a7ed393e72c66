import { afterEach, expect, it } from 'vitest';
import { alertmanager } from '../../../../electron/connectors/alertmanager/alertmanager.ts';
import { sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
afterEach(() => server?.close());

const calm = () => new AbortController().signal;
const listed = (fingerprint: string, state: string, by: object = {}, more: object = {}) => ({
  fingerprint,
  labels: { alertname: fingerprint, severity: 'warning' },
  annotations: {},
  startsAt: '2026-03-01T10:31:00.000+02:00',
  status: { state, silencedBy: [], inhibitedBy: [], ...by },
  ...more,
});
const everything = {
  '/api/v2/status': { uptime: '2026-03-01T08:00:00Z', versionInfo: { version: '0.28.0' } },
  '/api/v2/alerts': [
    listed('高負荷', 'active', {}, { generatorURL: 'javascript:alert(1)' }),
    listed('silenced', 'suppressed', { silencedBy: ['s-1'], inhibitedBy: ['高負荷'] }),
    listed('forgotten', 'suppressed', { silencedBy: ['s-2'] }),
    listed('inhibited', 'suppressed', { inhibitedBy: ['高負荷'] }),
    listed('muted', 'suppressed', { mutedBy: ['weekends'] }),
    listed('new', 'unprocessed'),
  ],
  '/api/v2/alerts/groups': [
    { labels: { zone: 'eu' }, alerts: [{ fingerprint: '高負荷' }, { fingerprint: 'muted' }] },
    { labels: {}, alerts: [{ fingerprint: '高負荷' }] },
    { labels: {}, alerts: [{ fingerprint: '高負荷' }] },
  ],
  '/api/v2/silences': [
    { id: 's-1', createdBy: 'mina', comment: 'x'.repeat(5_000), endsAt: '2026-03-01T12:00:00Z' },
  ],
};

/** Answers what is given, and refuses every other question. */
async function on(answers: Record<string, unknown>) {
  server = await tinyServer(({ url }, response) =>
    url in answers ? sendJson(response, answers[url]) : sendJson(response, {}, 403),
  );
  return alertmanager({ id: 'a', name: 'a', url: server.url, authorization: null });
}

it('tells what fires with its groups, and of what is kept quiet by whom and why', async () => {
  const standing = await (await on(everything)).alerts?.standing?.(calm());
  expect(standing).toMatchObject({
    firing: [
      { name: '高負荷', startedMs: Date.parse('2026-03-01T08:31:00Z'), groups: ['zone=eu', 'all alerts'] },
    ],
    pending: ['new'],
    runningSinceMs: Date.parse('2026-03-01T08:00:00Z'),
    isRestarting: false,
  });
  expect(standing?.firing[0]?.query).toBeUndefined();
  expect(standing?.quiet?.map(({ quiet }) => quiet)).toEqual([
    {
      kind: 'silenced',
      by: 'mina',
      comment: `${'x'.repeat(199)}…`,
      untilMs: Date.parse('2026-03-01T12:00:00Z'),
    },
    { kind: 'silenced', by: '', comment: '', untilMs: null },
    { kind: 'inhibited', by: '高負荷' },
    { kind: 'muted', by: 'weekends' },
  ]);
});

it('tells of alerts where nothing else may be asked', async () => {
  const connector = await on({ '/api/v2/alerts': everything['/api/v2/alerts'] });
  const standing = await connector.alerts?.standing?.(calm());
  expect(standing).toMatchObject({ runningSinceMs: null, isRestarting: false });
  expect(standing?.firing).toHaveLength(1);
  expect(standing?.quiet).toHaveLength(4);
  expect(standing?.firing[0]).not.toHaveProperty('groups');
});

it('says when it was started again between two questions', async () => {
  let asked = 0;
  server = await tinyServer(({ url }, response) => {
    const uptime = `2026-03-01T08:00:0${url.endsWith('/status') ? asked++ : 0}Z`;
    return sendJson(response, url.endsWith('/status') ? { uptime, versionInfo: { version: '1' } } : []);
  });
  const connector = alertmanager({ id: 'a', name: 'a', url: server.url, authorization: null });
  expect(await connector.alerts?.standing?.(calm())).toMatchObject({ isRestarting: true, firing: [] });
});

it.each([
  ['a state that there is not', [listed('a', 'resting')]],
  ['a start that is no time', [listed('a', 'active', {}, { startsAt: 'soon' })]],
  ['an object', {}],
])('takes %s for no answer, never for calm', async (_case, alerts) => {
  const connector = await on({ ...everything, '/api/v2/alerts': alerts });
  await expect(connector.alerts?.firing(calm())).rejects.toMatchObject({ code: 'bad_reply' });
});
