import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect } from 'vitest';
import { z } from 'zod';
import type { Labels } from '../../../electron/sandbox/prometheus/labels.ts';
import { type RuleEngine, ruleEngine } from '../../../electron/sandbox/prometheus/rules.ts';
import { type SeriesStore, seriesStore } from '../../../electron/sandbox/prometheus/series-store.ts';
import { startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { testOnRealServers as test } from '../../fixtures/test-on-real-servers.ts';
import { type Asked, request } from './prom-ask.ts';
import { fromSandbox, replyOf } from './prom-reply.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const Matrix = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});
type Samples = z.infer<typeof Matrix>['data']['result'];

test('a series ends with the scrape that no longer has it, and may come back, as on a real server', async () => {
  let scrapes = 0;
  const target = createServer((_request, response) => {
    scrapes += 1;
    const old = scrapes % 4 < 2 ? `pods{pod="old"} ${scrapes}\n` : '';
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${old}pods{pod="new"} ${scrapes * 2}\n`);
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  closing.push(() => target.close());
  const address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
  const server = await startPrometheus({ scrape: { pods: [address] } });
  closing.push(() => server.close());
  await eventually('seven scrapes', async () => scrapes >= 7);

  const raw = await replyOf(server.url, request('query', { query: '{job="pods"}[1m]' }));
  const samples = Matrix.parse(raw.body).data.result;
  const { store, times } = storeOf(samples);
  expect(times.length).toBeGreaterThan(5);
  const [first = 0] = times;
  const last = times.at(-1) ?? 0;

  const queries = ['pods', 'count(pods)', 'count_over_time(pods[3s])', 'rate(pods[4s])', 'pods offset 1s'];
  for (const query of queries) {
    const parameters = { query, start: String(first), end: String(last), step: '0.25' };
    const asked: Asked = request('query_range', parameters);
    const real = await replyOf(server.url, asked);
    expect(fromSandbox({ store, rules: ruleEngine([], store) }, last * 1_000, asked)).toEqual(real);
    expect(Matrix.parse(real.body).data.result.length).toBeGreaterThan(0);
  }
  const lives = await replyOf(
    server.url,
    request('query_range', {
      query: 'pods{pod="old"}',
      start: String(first),
      end: String(last),
      step: '0.25',
    }),
  );
  const seen = Matrix.parse(lives.body).data.result[0]?.values.length ?? 0;
  // Were it not ended by a scrape without it, it would be there all the time.
  expect(seen).toBeLessThan((last - first) / 0.25 - 2);
});

test('rules and alerts are told in the shape of a real server', async () => {
  const rule = {
    alert: 'CheckoutErrors',
    expr: 'vector(0.25) > 0.05',
    labels: { severity: 'critical' },
    annotations: { summary: 'Errors at {{ $value | humanizePercentage }}' },
  };
  const server = await startPrometheus({ rules: [{ name: 'services', interval: '1s', rules: [rule] }] });
  closing.push(() => server.close());
  await eventually('the alert', async () =>
    JSON.stringify((await replyOf(server.url, request('alerts'))).body).includes('firing'),
  );
  const store = seriesStore();
  const rules: RuleEngine = ruleEngine([{ ...rule, forSeconds: 0 }], store);
  const nowMs = Date.parse('2026-03-01T12:00:00Z');
  store.beginScrape(nowMs);
  rules.evaluate(nowMs);
  for (const asked of [request('alerts'), request('rules'), request('rules', { type: 'record' })]) {
    const real = await replyOf(server.url, asked);
    expect(timeless(fromSandbox({ store, rules }, nowMs, asked))).toEqual(timeless(real));
  }
});

/** The samples of a real server, in a store of the sandbox. `up` is there at every scrape. */
function storeOf(samples: Samples): { store: SeriesStore; times: number[] } {
  const up = samples.find(({ metric }) => metric['__name__'] === 'up');
  const times = (up?.values ?? []).map(([atSeconds]) => atSeconds);
  const store = seriesStore();
  for (const atSeconds of times) {
    store.beginScrape(Math.round(atSeconds * 1_000));
    for (const { metric, values } of samples) {
      const here = values.find(([at]) => at === atSeconds);
      if (here) store.set(store.series(metric as Labels), Number(here[1]));
    }
  }
  return { store, times };
}

/** Everything but when, how long, how often and from which file. */
function timeless(value: unknown): unknown {
  const own = ['activeAt', 'lastEvaluation', 'evaluationTime', 'interval', 'file'];
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => (own.includes(name) ? typeof inner : inner)),
  );
}
