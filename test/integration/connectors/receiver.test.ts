import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReceiverOptions, receiver } from '../../../electron/connectors/receiver/receiver.ts';
import { oneSecretForAll } from '../../../electron/connectors/receiver/sender-book.ts';
import type { Logger } from '../../../electron/platform/logger.ts';
import type { Observation } from '../../../shared/vocabulary/event.ts';
import type { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';

const run = promisify(execFile);
const token = 'token-of-the-receiver';
const senders = [oneSecretForAll(token, ['events'])];
const secret = 'hunter2-of-the-body';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const logged: unknown[] = [];
const note = (...said: unknown[]) => void logged.push(said);
const logger: Logger = { debug: note, info: note, warn: note, error: note };

const placeOf = (port: number, takes: readonly ReceivedKind[] = ['events']) => ({
  host: '127.0.0.1',
  port,
  takes,
});

async function open(options: Partial<ReceiverOptions> = {}) {
  const heard: Observation[] = [];
  const connector = receiver({ id: 'events', name: 'CI', place: placeOf(0), senders, logger, ...options });
  stops.push(() => connector.close());
  stops.push(
    connector.changes.stream({ onObservations: (more) => void heard.push(...more), onState: () => {} }),
  );
  const { urls } = await connector.open();
  return { connector, url: urls[0] ?? '', urls, heard };
}

const event = (id: string, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/ci',
  type: 'dev.cdevents.service.deployed.0.2.0',
  data: {
    subject: {
      id: 'checkout',
      content: { environment: { id: 'production' }, artifactId: 'pkg:oci/checkout@1.42.0' },
    },
    secret,
  },
  ...more,
});

type Asked = { method?: string; type?: string; body?: string; headers?: Record<string, string> };
const post = (url: string, { method = 'POST', type, body, headers = {} }: Asked = {}) =>
  fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': type ?? 'application/cloudevents+json',
      ...headers,
    },
    ...(method === 'POST' ? { body: body ?? JSON.stringify(event('e1')) } : {}),
  });

/** What comes back for bytes that no client would send. */
const raw = (url: string, text: string, more: (write: (text: string) => void) => void = () => {}) =>
  new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(text);
      more((part) => socket.writable && socket.write(part));
    });
    let said = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      said += part;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });

describe('what is posted', () => {
  it('is delivered once, live and in a backfill, however often it is sent', async () => {
    const { connector, url, heard } = await open();
    const replies = await Promise.all([post(url), post(url), post(url)]);
    expect(replies.map(({ status }) => status)).toEqual([202, 202, 202]);
    const receipts = await Promise.all(replies.map((reply) => reply.json()));
    expect(receipts).toContainEqual({ accepted: 1, repeated: 0, ignored: 0 });
    expect(receipts.filter(({ repeated }) => repeated === 1)).toHaveLength(2);
    expect(heard).toHaveLength(1);
    const window = { fromMs: 0, toMs: Date.now() };
    expect(await connector.changes.backfill(window, AbortSignal.timeout(1_000))).toEqual(heard);
    expect(await connector.changes.backfill({ fromMs: 0, toMs: 1 }, AbortSignal.timeout(1_000))).toEqual([]);
  });

  it('may be a batch, whose unknown types are counted and nothing more', async () => {
    const { url, heard } = await open();
    const body = JSON.stringify([event('a'), event('b'), event('c', { type: 'com.example.build' })]);
    const reply = await post(url, { type: 'application/cloudevents-batch+json', body });
    expect([reply.status, await reply.json()]).toEqual([202, { accepted: 2, repeated: 0, ignored: 1 }]);
    expect(heard).toHaveLength(2);
  });

  it('may come from curl in binary mode', async () => {
    const { url, heard } = await open();
    const { stdout } = await run('curl', [
      ...['-sS', '-w', '%{http_code}', '-H', `Authorization: Bearer ${token}`],
      ...['-H', 'ce-specversion: 1.0', '-H', 'ce-id: run-7', '-H', 'ce-source: /ci/checkout'],
      ...['-H', 'ce-type: dev.cdevents.service.upgraded.0.2.0', '-H', 'Content-Type: application/json'],
      ...['-d', JSON.stringify(event('x').data), url],
    ]);
    expect(stdout).toBe('{"accepted":1,"repeated":0,"ignored":0}\n202');
    expect(heard[0]).toMatchObject({ change: 'deploy', service: 'checkout', source: 'CI' });
  });
});

describe('what is not wanted', () => {
  it.each<[string, number, string, Asked]>([
    ['no token', 401, '', { headers: { authorization: '' } }],
    ['another token', 401, '', { headers: { authorization: `Bearer ${token}x` } }],
    ['a token of another scheme', 401, '', { headers: { authorization: `Basic ${token}` } }],
    ['another path', 404, '/more', {}],
    ['a path around', 404, '/../etc/passwd', {}],
    ['another method', 405, '', { method: 'GET' }],
    ['a preflight of a page', 405, '', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }],
    ['another type', 415, '', { type: 'application/x-www-form-urlencoded' }],
    ['JSON that is no event', 415, '', { type: 'application/json' }],
    ['bad JSON', 400, '', { body: `{"id":"${secret}` }],
    ['a field that does not hold', 400, '', { body: JSON.stringify(event('')) }],
    ['a body of half a megabyte', 413, '', { body: JSON.stringify(event('x', { x: 'x'.repeat(524_288) })) }],
    ['ten megabytes', 413, '', { body: 'x'.repeat(10_485_760) }],
    ['brackets in brackets', 400, '', { body: '['.repeat(200_000) }],
    ['lists in lists', 400, '', { body: '['.repeat(100_000) + ']'.repeat(100_000) }],
  ])('%s is answered %i with a sentence, and repeats nothing', async (_, status, path, asked) => {
    const { url, heard } = await open();
    const reply = await post(`${url}${path}`, asked);
    const text = await reply.text();
    expect(reply.status).toBe(status);
    expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(/^.{10,}\.$/) });
    expect(text).not.toContain(secret);
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    expect(heard).toEqual([]);
    // The next in line is served as if nothing had been.
    expect((await post(url)).status).toBe(202);
  });

  it('ten megabytes from curl are answered before they are all sent', async () => {
    const { url } = await open();
    const sending = run('sh', [
      '-c',
      `head -c 10485760 /dev/zero | curl -sS -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/cloudevents+json' -T - -X POST -w '%{http_code}' ${url}`,
    ]);
    expect((await sending).stdout).toMatch(/^\{"error":"Send at most 262144 bytes."\}\n413$/);
  });

  it('a body that does not end is cut off in time, and one that trickles too', async () => {
    const { url } = await open({ limits: { bodyWithinMs: 300 } });
    const head = `POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/cloudevents+json\r\n`;
    const startedMs = performance.now();
    const [silent, trickling] = await Promise.all([
      raw(url, `${head}content-length: 100\r\n\r\n{`),
      raw(url, `${head}transfer-encoding: chunked\r\n\r\n`, (write) => {
        const timer = setInterval(() => write('1\r\n \r\n'), 20);
        stops.push(() => clearInterval(timer));
      }),
    ]);
    expect(silent).toMatch(/^HTTP\/1.1 408 /);
    expect(trickling).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('headers without end, broken lines and lines within headers open nothing', async () => {
    const { url, heard } = await open();
    const start = `POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n`;
    const many = Array.from({ length: 500 }, (_, index) => `ce-x${index}: ${'y'.repeat(100)}\r\n`).join('');
    const answers = await Promise.all([
      raw(url, `${start}${many}\r\n`),
      raw(url, `${start}ce-id: a\r\n ce-id: b\r\n\r\n`),
      raw(url, `${start}ce-id: a\0b\r\n\r\n`),
      raw(url, 'nonsense\r\n\r\n'),
      raw(url, `${start}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    ]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(heard).toEqual([]);
    expect((await post(url)).status).toBe(202);
  });

  it('does not reach the log', () => {
    expect(JSON.stringify(logged)).not.toContain(secret);
    expect(logged).toEqual([]);
  });
});

describe('a flood', () => {
  it('is held back with a time to come again, counts events and not requests, and passes', async () => {
    const { url, heard } = await open({ limits: { burst: 30, perSecond: 20 } });
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => post(url, { body: JSON.stringify(event(`e${index}`)) })),
    );
    const held = replies.filter(({ status }) => status === 429);
    expect(held.length).toBeGreaterThan(40);
    expect(held[0]?.headers.get('retry-after')).toBe('2');
    expect(heard).toHaveLength(100 - held.length);
    const batch = JSON.stringify(Array.from({ length: 60 }, (_, index) => event(`b${index}`)));
    const all = await post(url, { type: 'application/cloudevents-batch+json', body: batch });
    expect(all.status).toBe(429);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await post(url, { body: JSON.stringify(event('later')) })).status).toBe(202);
  });

  it('of wrong tokens does not lock out who has the right one', async () => {
    const { url } = await open();
    const wrong = await Promise.all(
      Array.from({ length: 60 }, () => post(url, { headers: { authorization: 'Bearer guess' } })),
    );
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect((await post(url)).status).toBe(202);
  });
});

describe('the connection', () => {
  it('says where it listens and what it heard', async () => {
    const { connector, url } = await open();
    await post(url);
    expect(await connector.test(AbortSignal.timeout(1_000))).toMatchObject({
      ok: true,
      sentence: `Listening at ${url}.`,
      sees: ['1 changes received', '0 events of no interest', '0 repeated'],
    });
    // The same connection tested from another place, as Settings does.
    const port = Number(new URL(url).port);
    const same = receiver({ id: 'test', name: 'CI', place: placeOf(port), senders });
    expect(await same.test(AbortSignal.timeout(1_000))).toMatchObject({
      ok: true,
      sentence: `Listening at ${url}, with these secrets.`,
    });
  });

  it('says that the port is taken, and takes it once it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const connector = receiver({ id: 'events', name: 'CI', place: placeOf(port), senders });
    expect(await connector.test(AbortSignal.timeout(1_000))).toMatchObject({
      ok: false,
      sentence: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
    });
    const states: boolean[] = [];
    const stop = connector.changes.stream({ onObservations: () => {}, onState: ({ up }) => states.push(up) });
    stops.push(stop);
    await expect.poll(() => states).toEqual([false]);
    other.close();
    await expect.poll(() => states, { timeout: 8_000 }).toEqual([false, true]);
  });

  it('listens again at its port right after it was let go, and then no more', async () => {
    const { connector, url } = await open();
    const port = Number(new URL(url).port);
    await connector.close();
    await expect(post(url)).rejects.toThrow();
    const again = receiver({ id: 'events', name: 'CI', place: placeOf(port), senders });
    const listener = { onObservations: () => {}, onState: () => {} };
    again.changes.stream(listener)();
    const stop = again.changes.stream(listener);
    expect(await again.open()).toEqual({ urls: [url] });
    expect((await post(url)).status).toBe(202);
    stop();
    await expect
      .poll(() =>
        post(url).then(
          () => true,
          () => false,
        ),
      )
      .toBe(false);
  });

  it('listens on loopback alone', async () => {
    const { url } = await open();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    await expect(fetch(url.replace('127.0.0.1', '127.0.0.2'), { method: 'POST' })).rejects.toThrow();
  });
});
