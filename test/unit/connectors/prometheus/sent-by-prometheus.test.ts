import { afterEach, expect, it } from 'vitest';
import { fingerprintOf } from '../../../../electron/connectors/alert-labels.ts';
import { prometheus } from '../../../../electron/connectors/prometheus/prometheus.ts';
import { sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
afterEach(() => server?.close());

const labels = { alertname: 'HighErrorRate', service: 'checkout' };
const sentAs = [fingerprintOf({ ...labels, cluster: 'eu-1' })];
const yaml = `global:
  external_labels:
    cluster: eu-1
alerting:
  alertmanagers:
  - api_version: v2
`;
const fires = { labels, annotations: {}, state: 'firing', activeAt: '2026-03-01T12:00:00Z' };

/** A Prometheus with one alert that fires; `status` answers for its configuration, or nothing does. */
async function on(status: number | 'silent') {
  server = await tinyServer(({ url }, response) => {
    const tell = (data: unknown) => sendJson(response, { status: 'success', data });
    if (url.includes('status/config')) {
      if (status === 'silent') return undefined;
      return status === 200 ? tell({ yaml }) : sendJson(response, {}, status);
    }
    if (url.includes('buildinfo')) return tell({ version: '2.42.0' });
    if (url.includes('runtimeinfo')) return tell({ startTime: '2026-03-01T10:00:00Z' });
    if (url.includes('/alerts')) return tell({ alerts: [fires] });
    if (url.includes('/rules')) return tell({ groups: [] });
    if (url.includes('query_range')) {
      const atSeconds = Date.parse('2026-03-01T12:00:00Z') / 1_000;
      const metric = { ...labels, __name__: 'ALERTS', alertstate: 'firing' };
      return tell({ resultType: 'matrix', result: [{ metric, values: [[atSeconds, '1']] }] });
    }
    return tell([]);
  });
  return prometheus({ id: 'p', name: 'p', url: server.url, authorization: null });
}

const signal = () => AbortSignal.timeout(8_000);

it('tells of an alert, now and afterwards, as what it arrives, and keeps its own labels', async () => {
  const connector = await on(200);
  const standing = await connector.alerts?.standing?.(signal());
  expect(standing?.firing).toMatchObject([{ fingerprint: fingerprintOf(labels), labels, sentAs }]);
  const fromMs = Date.parse('2026-03-01T11:50:00Z');
  const ended = await connector.alerts?.ended?.({ fromMs, toMs: fromMs + 3_600_000 }, signal());
  expect(ended).toMatchObject([{ fingerprint: fingerprintOf(labels), labels, sentAs }]);
});

it.each([403, 404, 405, 500])(
  'is well where its configuration is answered with %i, and says what that means',
  async (status) => {
    const connector = await on(status);
    const standing = await connector.alerts?.standing?.(signal());
    expect(standing?.firing).toHaveLength(1);
    expect(standing?.firing[0]).not.toHaveProperty('sentAs');
    expect(connector.health?.().sentence).toBeNull();
    const { ok, sentence } = await connector.test(signal());
    expect(ok).toBe(true);
    expect(sentence).toContain(`(/api/v1/status/config is answered with ${status})`);
    expect(sentence).toContain('Let GET /api/v1/status/config be asked');
  },
);

it('tells of its alerts though nobody answers for its configuration', async () => {
  const connector = await on('silent');
  expect((await connector.alerts?.standing?.(signal()))?.firing).toHaveLength(1);
  const { ok, sentence } = await connector.test(signal());
  expect(ok).toBe(true);
  expect(sentence).toContain('on the way to Alertmanager is not known');
}, 20_000);
