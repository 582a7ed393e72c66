import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../fixtures/eventually.ts';
import { faultOf, type SteppedDrill, startMs, steppedDrill } from './stepped-drill.ts';

let drill: SteppedDrill;
beforeAll(async () => {
  drill = await steppedDrill(1);
});
afterAll(() => drill.sandbox.close());

const hourMs = 3_600_000;
type Stream = { stream: Record<string, string>; values: [string, string][] };
type Options = Record<string, string | number>;

async function ask(path: string, options: Options = {}, init: RequestInit = {}) {
  const { url, token } = drill.sandbox.loki;
  const parameters = new URLSearchParams(
    Object.entries(options).map(([name, value]) => [name, String(value)]),
  );
  const reply = await fetch(`${url}${path}?${parameters}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
  const text = await reply.text();
  return {
    status: reply.status,
    type: reply.headers.get('content-type'),
    text,
    json: () => JSON.parse(text),
  };
}

async function streams(query: string, options: Options = {}): Promise<Stream[]> {
  const reply = await ask('/loki/api/v1/query_range', { query, ...options });
  expect(reply.status, reply.text).toBe(200);
  const { status, data } = reply.json();
  expect(status).toBe('success');
  expect(data).toMatchObject({
    resultType: 'streams',
    stats: { summary: { totalLinesProcessed: expect.any(Number) } },
  });
  return data.result;
}

const lines = (found: readonly Stream[]) => found.flatMap(({ values }) => values.map(([, line]) => line));
const times = (found: readonly Stream[]) => found.flatMap(({ values }) => values.map(([ns]) => BigInt(ns)));
const counted = async (query: string, atMs = drill.time.clock.now()): Promise<Record<string, number>> => {
  const reply = await ask('/loki/api/v1/query', { query, time: atMs / 1_000 });
  const result: { metric: Record<string, string>; value: [number, string] }[] = reply.json().data.result;
  return Object.fromEntries(
    result.map(({ metric, value }) => [Object.values(metric).join(), Number(value[1])]),
  );
};

describe('who shows no token, or a wrong one,', () => {
  it.each([undefined, 'Bearer wrong', 'Basic eDp5'])('gets nothing (%j)', async (authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const reply = await fetch(`${drill.sandbox.loki.url}/loki/api/v1/labels`, { headers });
    expect(reply.status).toBe(401);
  });

  it('gets no WebSocket either', async () => {
    const socket = new WebSocket(
      `${drill.sandbox.loki.url.replace('http', 'ws')}/loki/api/v1/tail?query={app="cart"}`,
    );
    const message = await new Promise((resolve) => socket.once('error', ({ message: why }) => resolve(why)));
    expect(message).toContain('401');
  });
});

describe('lines', () => {
  it('come as streams of one label set each, the latest first, with times in nanoseconds as texts', async () => {
    const found = await streams('{app="cart"}');
    expect(lines(found)).toHaveLength(100);
    for (const { stream, values } of found) {
      expect(stream).toMatchObject({ app: 'cart', namespace: 'shop', job: 'shop/cart', container: 'cart' });
      const own = values.map(([ns]) => BigInt(ns));
      expect(values.every(([ns]) => /^\d{19}$/.test(ns))).toBe(true);
      expect(own).toEqual([...own].sort((one, other) => (one > other ? -1 : 1)));
    }
    expect(new Set(found.map(({ stream }) => JSON.stringify(stream))).size).toBe(found.length);
  });

  it('are the first ones of the span when asked forward, and the last ones otherwise', async () => {
    const span = { start: (startMs - hourMs) / 1_000, end: startMs / 1_000, limit: 10 };
    const [first, last] = [
      times(await streams('{app="cart"}', { ...span, direction: 'forward' })),
      times(await streams('{app="cart"}', { ...span, direction: 'BACKWARD' })),
    ];
    expect([first.length, last.length]).toEqual([10, 10]);
    const ns = (atMs: number) => BigInt(atMs) * 1_000_000n;
    expect(first.every((at) => at >= ns(startMs - hourMs) && at < ns(startMs - hourMs + 60_000))).toBe(true);
    expect(last.every((at) => at < ns(startMs) && at > ns(startMs - 60_000))).toBe(true);
  });

  it('do not overlap where one span ends and the next begins', async () => {
    const [from, middle, to] = [startMs - 600_000, startMs - 305_000, startMs - 10_000].map(
      (ms) => `${ms}000000`,
    );
    const of = (start = '', end = '') => streams('{app="cart"}', { start, end, limit: 5_000 });
    const [whole, one, other] = [await of(from, to), await of(from, middle), await of(middle, to)];
    const sorted = (found: Stream[]) => times(found).sort((a, b) => (a < b ? -1 : 1));
    expect([...sorted(one), ...sorted(other)]).toEqual(sorted(whole));
  });

  it('are the same whenever they are asked for, and in every life of the same drill', async () => {
    const query = { start: startMs / 1_000 - 1_800, end: startMs / 1_000 - 60, limit: 2_000 };
    const before = await streams('{namespace="payments"}', query);
    const twin = await steppedDrill(1);
    try {
      await twin.time.advance(90_000);
      const { url, token } = twin.sandbox.loki;
      const parameters = new URLSearchParams({
        query: '{namespace="payments"}',
        ...Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      });
      const reply = await fetch(`${url}/loki/api/v1/query_range?${parameters}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(((await reply.json()) as { data: { result: Stream[] } }).data.result).toEqual(before);
    } finally {
      await twin.sandbox.close();
    }
  });

  it('pass filters, of which each takes away', async () => {
    const all = await streams('{app="cart"}', { limit: 5_000 });
    const filtered = await streams('{app="cart"} |= "request" != "completed" |~ "fail(ed)?"', {
      limit: 5_000,
    });
    const expected = lines(all).filter(
      (line) => /request/.test(line) && !/completed/.test(line) && /fail(ed)?/.test(line),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(lines(filtered).sort()).toEqual(expected.sort());
  });

  it('are taken apart by the parser that their service needs, and filtered by what is found', async () => {
    for (const [parser, app] of [
      ['json', 'storefront'],
      ['logfmt', 'search-index'],
    ]) {
      const found = await streams(`{app="${app}"} | ${parser} | duration_ms > 20 | level="info"`, {
        limit: 50,
      });
      expect(lines(found).length, app).toBeGreaterThan(0);
      for (const { stream } of found) {
        expect(stream['__error__']).toBeUndefined();
        expect(Number(stream['duration_ms'])).toBeGreaterThan(20);
      }
    }
  });
});

describe('the logs of the trouble', () => {
  it('show the same stack trace again and again in the bad version, and not in the one before', async () => {
    const { name } = faultOf(drill);
    const found = await streams(`{app="${name}",stream="stderr"} |~ "(?i)(at |goroutine)"`, { limit: 200 });
    const versions = new Set(found.map(({ stream }) => stream['version']));
    expect(versions.size).toBe(1);
    const [version = ''] = versions;
    expect(lines(found).every((line) => line.includes(version))).toBe(true);
    const errors = await counted(`sum by (version) (count_over_time({app="${name}",stream="stderr"}[2m]))`);
    expect(errors[version]).toBeGreaterThan(50);
  });

  it('show that callers see the culprit fail', async () => {
    const { name } = faultOf(drill);
    const told = await counted(
      `sum by (app) (count_over_time({app!="${name}",namespace=~".+"} |= "${name}" |= "upstream" [2m]))`,
    );
    expect(Object.keys(told).length).toBeGreaterThan(0);
    const earlier = await counted(
      `sum by (app) (count_over_time({app!="${name}",namespace=~".+"} |= "${name}" |= "upstream" [2m]))`,
      startMs - 20 * 60_000,
    );
    const sum = (counts: Record<string, number>) =>
      Object.values(counts).reduce((total, count) => total + count, 0);
    expect(sum(told)).toBeGreaterThan(5 * sum(earlier));
  });

  it('tell of pods that start and stop when a version replaces another', async () => {
    const { name } = faultOf(drill);
    const said = lines(await streams(`{app="${name}"} |~ "starting|SIGTERM"`));
    expect(said.some((line) => line.includes(`starting ${name}`))).toBe(true);
    expect(said.some((line) => line.includes('SIGTERM'))).toBe(true);
  });
});

it('says what kubectl logs says', async () => {
  const [first] = await streams('{app="cart"}', { limit: 1 });
  const pod = first?.stream['pod'] ?? '';
  const reply = await drill.kubernetes('GET', `/api/v1/namespaces/shop/pods/${pod}/log?sinceSeconds=600`);
  const listed = await streams(`{pod="${pod}"}`, { since: '10m', limit: 5_000 });
  const inTime = listed
    .flatMap(({ values }) => values)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, line]) => line);
  expect(inTime.length).toBeGreaterThan(20);
  expect(reply.text.trimEnd().endsWith(inTime.join('\n'))).toBe(true);
});

describe('labels, values and streams', () => {
  it('are listed in order', async () => {
    expect((await ask('/loki/api/v1/labels')).json()).toEqual({
      status: 'success',
      data: ['app', 'container', 'job', 'namespace', 'pod', 'service_name', 'stream', 'version'],
    });
    expect((await ask('/loki/api/v1/label/namespace/values')).json().data).toContain('payments');
    const within = await ask('/loki/api/v1/label/app/values', { query: '{namespace="payments"}' });
    const inside = drill.sandbox.scenario.topology.services.filter(
      ({ namespace }) => namespace === 'payments',
    );
    expect(inside.length).toBeGreaterThan(4);
    expect(within.json().data).toEqual(inside.map(({ name }) => name).sort());
    expect((await ask('/loki/api/v1/label/nothing/values')).json()).toEqual({ status: 'success' });
  });

  it('are the streams of the pods that lived in the span', async () => {
    const series = (options: Options) => ask('/loki/api/v1/series', options);
    const { name } = faultOf(drill);
    const versions = async (start: number, end: number): Promise<Set<string>> => {
      const { data } = (await series({ 'match[]': `{app="${name}"}`, start, end })).json();
      return new Set(data.map(({ version }: Record<string, string>) => version));
    };
    const seconds = startMs / 1_000;
    expect((await versions(seconds - 3_600, seconds)).size).toBe(2);
    expect((await versions(seconds - 3_600, seconds - 1_800)).size).toBe(1);
    expect((await series({ 'match[]': '{app="none"}' })).json()).toEqual({ status: 'success', data: [] });
  });

  it('may be asked by a form', async () => {
    const posted = await ask(
      '/loki/api/v1/series',
      {},
      {
        method: 'POST',
        body: new URLSearchParams({ 'match[]': '{app="cart"}' }),
      },
    );
    expect(posted.json().data.length).toBeGreaterThan(0);
    expect(posted.text).toBe((await ask('/loki/api/v1/series', { 'match[]': '{app="cart"}' })).text);
  });
});

it('counts over time what it lists', async () => {
  const query = '{app="cart"} |= "request"';
  const end = startMs / 1_000 - 60;
  const listed = lines(await streams(query, { start: end - 300, end, limit: 5_000 })).length;
  const reply = await ask('/loki/api/v1/query_range', {
    query: `sum(count_over_time(${query} [5m]))`,
    start: end,
    end: end + 30,
    step: '15s',
  });
  const { data } = reply.json();
  expect(data.resultType).toBe('matrix');
  expect(data.result[0].values).toHaveLength(3);
  expect(data.result[0].values[0]).toEqual([end, String(listed)]);
  const rate = await counted(`sum(rate(${query} [5m]))`, end * 1_000);
  expect(Object.values(rate)[0]).toBeCloseTo(listed / 300, 10);
});

it.each<[string, string, Options, number, string]>([
  [
    'a query it cannot read',
    'query_range',
    { query: '{app=' },
    400,
    'parse error at line 1, col 6: syntax error: unexpected $end, expecting STRING',
  ],
  ['no query', 'query_range', {}, 400, 'parse error : syntax error: unexpected $end'],
  [
    'a selector of everything',
    'query_range',
    { query: '{}' },
    400,
    'queries require at least one regexp or equality matcher',
  ],
  [
    'lines at an instant',
    'query',
    { query: '{app="cart"}' },
    400,
    'log queries are not supported as an instant query type, please change your query to a range query type',
  ],
  [
    'a limit that is none',
    'query_range',
    { query: '{app="cart"}', limit: 'many' },
    400,
    'strconv.Atoi: parsing "many": invalid syntax',
  ],
  ['a limit of 0', 'query_range', { query: '{app="cart"}', limit: 0 }, 400, 'limit must be a positive value'],
  [
    'too high a limit',
    'query_range',
    { query: '{app="cart"}', limit: 5_001 },
    400,
    'max entries limit per query exceeded, limit > max_entries_limit_per_query (5001 > 5000)',
  ],
  [
    'a direction that is none',
    'query_range',
    { query: '{app="cart"}', direction: 'up' },
    400,
    "invalid direction 'up'",
  ],
  [
    'a start that is none',
    'query_range',
    { query: '{app="cart"}', start: 'noon' },
    400,
    'could not parse \'start\' parameter: strconv.ParseInt: parsing "noon": invalid syntax',
  ],
  [
    'an end before the start',
    'query_range',
    { query: '{app="cart"}', start: 20, end: 10 },
    400,
    'end timestamp must not be before or equal to start time',
  ],
  [
    'two months',
    'query_range',
    { query: '{app="cart"}', since: '60d' },
    400,
    'the query time range exceeds the limit (query length: 1440h0m0s, limit: 30d1h)',
  ],
  [
    'a step of 0',
    'query_range',
    { query: 'rate({app="cart"}[1m])', step: 0 },
    400,
    'zero or negative query resolution step widths are not accepted. Try a positive integer',
  ],
  [
    'too many steps',
    'query_range',
    { query: 'rate({app="cart"}[1m])', since: '1d', step: 1 },
    400,
    'exceeded maximum resolution of 11,000 points per time series',
  ],
  ['series of nothing', 'series', {}, 400, '0 matcher groups supplied'],
  [
    'series with a filter',
    'series',
    { 'match[]': '{app="cart"} |= "x"' },
    400,
    'only label matchers are supported',
  ],
  ['a tail without WebSocket', 'tail', { query: '{app="cart"}' }, 400, 'Bad Request'],
  ['a push', 'push', {}, 404, '404 page not found'],
  ['what every object has', 'toString', {}, 404, '404 page not found'],
])('answers %s as Loki does', async (_case, path, options, status, message) => {
  const reply = await ask(`/loki/api/v1/${path}`, options);
  expect(reply.status).toBe(status);
  expect(reply.type).toBe('text/plain; charset=utf-8');
  expect(reply.text).toContain(message);
});

it('takes no other method, and no body without end', async () => {
  expect((await ask('/loki/api/v1/labels', {}, { method: 'DELETE' })).status).toBe(405);
  const body = `query=${'x'.repeat(4 * 1_024 * 1_024)}`;
  const reply = await ask('/loki/api/v1/query_range', {}, { method: 'POST', body }).catch(
    (error: unknown) => error,
  );
  // The connection may be cut before the whole body is sent.
  if (!(reply instanceof Error)) expect(reply).toMatchObject({ status: 413 });
  expect((await ask('/ready')).text).toBe('ready\n');
});

describe('a tail', () => {
  const tail = (parameters: Record<string, string>): WebSocket => {
    const { url, token } = drill.sandbox.loki;
    return new WebSocket(`${url.replace('http', 'ws')}/loki/api/v1/tail?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${token}` },
    }).on('error', () => {});
  };

  it('brings the lines that were there, then those that come, each once', async () => {
    const from = drill.time.clock.now() - 120_000;
    const socket = tail({ query: '{app="cart"}', start: `${from}000000`, limit: '5000' });
    const messages: { streams: Stream[] }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    try {
      await eventually('the lines that were there', () => messages.length > 0);
      await drill.time.advance(60_000);
      await eventually('the lines that come', () => messages.length > 3);
      const got = times(messages.flatMap((message) => message.streams));
      const last = got.reduce((one, other) => (one > other ? one : other));
      const listed = await streams('{app="cart"}', {
        start: `${from}000000`,
        end: String(last + 1n),
        limit: 5_000,
      });
      const inOrder = (all: bigint[]) => [...all].sort((one, other) => (one < other ? -1 : 1));
      expect(inOrder(got)).toEqual(inOrder(times(listed)));
    } finally {
      socket.terminate();
    }
  });

  it.each([
    [{ query: '{app=' }, '400'],
    [{ query: 'rate({app="cart"}[1m])' }, '400'],
    [{ query: '{app="cart"}', delay_for: '6' }, '400'],
  ])('is refused for %j', async (parameters, status) => {
    const socket = tail(parameters);
    const message = await new Promise((resolve) => socket.once('error', ({ message: why }) => resolve(why)));
    expect(message).toContain(status);
  });

  it('is one of ten at most', async () => {
    const sockets = Array.from({ length: 11 }, () => tail({ query: '{app="cart"}' }));
    const closed = new Set<string>();
    for (const socket of sockets) socket.on('close', (_code, reason) => closed.add(String(reason)));
    try {
      await eventually('a refusal', () => closed.size > 0);
      expect([...closed]).toEqual(['max concurrent tail requests limit exceeded, count > limit (11 > 10)']);
    } finally {
      for (const socket of sockets) socket.terminate();
    }
  });
});
