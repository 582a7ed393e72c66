import { describe, expect, it } from 'vitest';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import { exportersOfQuoted, expositionOf } from '../../fixtures/exposition/history-of.ts';
import { families, readsQuotedNames, t0, window } from '../../fixtures/quoted-names.ts';
import { serveSandboxPrometheus, storeOf } from '../../fixtures/serve-sandbox-prometheus.ts';
import { sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

const calm = () => new AbortController().signal;
const serve = (exposition: string) => serveSandboxPrometheus(storeOf(exposition, t0), window.toMs);

describe('on an engine that holds names with dots, as Prometheus 3 does', () =>
  readsQuotedNames(async (exposition) => {
    const { url, close, received } = await serve(exposition);
    const queries = () => received.map(({ body }) => new URLSearchParams(body).get('query') ?? '');
    return { url, close, queries };
  }));

it('reads the rest where names with dots are held and not understood, and says so', async () => {
  const shown = [...exportersOfQuoted, 'open-telemetry' as const].map(expositionOf).join('\n');
  const sandbox = await serve(shown);
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
