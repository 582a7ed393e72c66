import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { openLoopbackServer } from '../../../electron/web/loopback-server.ts';
import { type LoopbackBench, loopbackBench, tinyScreen } from './loopback-bench.ts';

let atMs = Date.parse('2026-03-01T10:00:00Z');
let bench: LoopbackBench;
beforeEach(async () => {
  bench = await loopbackBench({ now: () => atMs });
});
afterEach(() => bench.server.close());

const MIB = 1_048_576;

describe('signing in', () => {
  it('takes the token of the link once, and the tab it gives as long as it is used', async () => {
    const { server, post, tokenOf, call } = bench;
    const token = tokenOf(server.url);
    const { tab } = (await post('/session', { token })).json() as { tab: string };
    expect((await call(tab, 'host.status')).json()).toEqual({ ok: true, value: { name: 'host.status' } });

    const again = await post('/session', { token });
    expect(again.status).toBe(401);
    expect(again.json()).toEqual({
      ok: false,
      code: 'unauthorized',
      message: expect.stringContaining('used already'),
    });
    // A reload of the page sends what its sessionStorage kept.
    expect((await call(tab, 'host.status')).status).toBe(200);
  });

  it('ends twelve hours after the last call', async () => {
    const { signIn, call } = bench;
    const tab = await signIn();
    atMs += 12 * 3_600_000 - 1;
    expect((await call(tab, 'host.status')).status).toBe(200);
    atMs += 12 * 3_600_000;
    expect((await call(tab, 'host.status')).status).toBe(401);
  });

  it('slows down whoever guesses, and lets in who holds the token all the same', async () => {
    const { server, post, signIn } = bench;
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess++) {
      statuses.push((await post('/session', { token: `guess-${guess}` })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await signIn(server.newLink())).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['no token', {}],
    ['a number', { token: 1 }],
    ['more than a token', { token: 'x', tab: 'y' }],
    ['a list', ['x']],
    ['null', null],
  ])('refuses %s as bad input', async (_case, body) => {
    expect(await bench.post('/session', body)).toMatchObject({ status: 400 });
  });
});

describe('a call', () => {
  it('gives what the host replied, failures too', async () => {
    const { signIn, call, dispatched } = bench;
    const tab = await signIn();
    const failed = await call(tab, 'fails', { deep: [1] });
    expect(failed.status).toBe(200);
    expect(failed.json()).toEqual({ ok: false, code: 'not_found', message: 'There is none.' });
    expect(dispatched).toEqual([{ name: 'fails', input: { deep: [1] } }]);
  });

  it('takes bodies up to 1 MiB', async () => {
    const { signIn, own, send } = bench;
    const body = `{"name":"x","input":"${'a'.repeat(MIB - 23)}"}`;
    expect(Buffer.byteLength(body)).toBe(MIB);
    const answer = await send('POST', '/call', { ...own, 'x-countersign-tab': await signIn() }, body);
    expect(answer.status).toBe(200);
  });

  it.each<[string, (tab: string) => Promise<{ status: number }>, number]>([
    ['no tab', () => bench.post('/call', { name: 'x', input: {} }), 401],
    ['a tab that was never given', () => bench.call('x'.repeat(43), 'x'), 401],
    ['a one-time token for a tab', () => bench.call(bench.tokenOf(bench.server.newLink()), 'x'), 401],
    ['a form', (tab) => sendAs(tab, { 'content-type': 'application/x-www-form-urlencoded' }, '{}'), 415],
    ['plain text', (tab) => sendAs(tab, { 'content-type': 'text/plain' }, '{"name":"x","input":{}}'), 415],
    ['a packed body', (tab) => sendAs(tab, { 'content-encoding': 'gzip' }, '{}'), 415],
    ['a length above 1 MiB', (tab) => sendAs(tab, { 'content-length': MIB + 1 }, 'x'.repeat(MIB + 1)), 413],
    ['more than 1 MiB without a length', (tab) => sendAs(tab, {}, ['x'.repeat(MIB), 'x']), 413],
    ['what is not JSON', (tab) => sendAs(tab, {}, '{"name":'), 400],
    ['nothing', (tab) => sendAs(tab, {}, ''), 400],
    ['another shape', (tab) => bench.post('/call', { nome: 'x' }, { 'x-countersign-tab': tab }), 400],
    ['a forged Host', (tab) => sendAs(tab, { host: 'evil.test' }, '{}'), 421],
    ['a forged Origin', (tab) => sendAs(tab, { origin: 'http://evil.test' }, '{}'), 403],
    ['a cross-site request', (tab) => sendAs(tab, { 'sec-fetch-site': 'cross-site' }, '{}'), 403],
    ['another method', (tab) => bench.send('GET', '/call', { ...bench.own, 'x-countersign-tab': tab }), 405],
    ['an absolute address', () => bench.send('POST', 'http://evil.test/call', bench.own), 400],
  ])('with %s never reaches the host', async (_case, sendIt, status) => {
    expect(await sendIt(await bench.signIn())).toMatchObject({ status });
    expect(bench.dispatched).toEqual([]);
  });

  it('without Origin never reaches the host', async () => {
    const { origin: _origin, ...rest } = bench.own;
    const answer = await bench.send(
      'POST',
      '/call',
      { ...rest, 'x-countersign-tab': await bench.signIn() },
      '{}',
    );
    expect(answer.status).toBe(403);
    expect(bench.dispatched).toEqual([]);
  });

  it('is refused after a burst that no screen makes, until time went by', async () => {
    const { signIn, call } = bench;
    const tab = await signIn();
    const statuses = await Promise.all(
      Array.from({ length: 305 }, async () => (await call(tab, 'x')).status),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    atMs += 1_000;
    expect((await call(tab, 'x')).status).toBe(200);
  });

  const sendAs = (tab: string, headers: object, body: string | string[]) =>
    bench.send('POST', '/call', { ...bench.own, 'x-countersign-tab': tab, ...headers }, body);
});

describe('the files', () => {
  const read = (path: string, headers: object = {}) =>
    bench.send('GET', path, { host: bench.authority, ...headers });

  it('come with the policy of the screen and a nonce of their own', async () => {
    const first = await read('/');
    const second = await read('/');
    expect(first.text).not.toContain('__CSP_NONCE__');
    const [, nonce] = /nonce="([^"]+)"/.exec(first.text) ?? [];
    expect(first.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; ` +
        "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(second.text).not.toContain(String(nonce));
  });

  it.each([
    ['the page', () => read('/'), 200],
    ['a file', () => read('/assets/main-a1.js'), 200],
    ['what is not there', () => read('/none.js'), 404],
    ['a refusal', () => read('/', { host: 'evil.test' }), 421],
    ['a cross-site request', () => read('/', { 'sec-fetch-site': 'cross-site' }), 403],
    ['a preflight', () => bench.send('OPTIONS', '/call', bench.own), 405],
    ['a wrong sign-in', () => bench.post('/session', { token: 'x' }), 401],
  ])('and answers of every kind let no other origin in: %s', async (_case, ask, status) => {
    const { status: answered, headers } = await ask();
    expect(answered).toBe(status);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'permissions-policy': expect.stringContaining('camera=()'),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers['set-cookie']).toBeUndefined();
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/assets/..%5c..%5cpackage.json',
    '/assets/%00',
    '//etc/passwd',
    '/index.html%00.js',
    '/%',
  ])('hold nothing at %s', async (path) => {
    const { status, text } = await read(path);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('root:');
    expect(text).not.toContain('"name":');
  });

  it('answer a head without a body', async () => {
    const { status, text, headers } = await bench.send('HEAD', '/', { host: bench.authority });
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });
});

describe('the server', () => {
  it('says which port is taken', async () => {
    const port = Number(new URL(bench.server.url).port);
    const second = openLoopbackServer({
      host: { dispatch: async () => ({ ok: true, value: null }), subscribe: () => () => {} },
      port,
      rendererDir: tinyScreen(),
      logger: silentLogger,
    });
    await expect(second).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(String(port)),
    });
  });

  it('listens on 127.0.0.1 alone', async () => {
    const port = Number(new URL(bench.server.url).port);
    // Had it taken every address, this one would be taken too.
    const other = createServer();
    await new Promise<void>((resolve, reject) =>
      other.once('error', reject).listen(port, '127.0.0.2', () => resolve()),
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('closes although clients hold connections open', async () => {
    const port = Number(new URL(bench.server.url).port);
    const idle = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1', () => half.write('POST /call HTTP/1.1\r\nhost: x\r\n'));
    const ends = [idle, half].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of [idle, half]) socket.on('error', () => {});
    await Promise.all([idle, half].map((socket) => new Promise((resolve) => socket.once('ready', resolve))));
    const events = bench.openEvents();
    await new Promise((resolve) => events.once('open', resolve));
    const gone = new Promise((resolve) => events.once('close', resolve));
    await bench.server.close();
    await Promise.all([...ends, gone]);
  });

  it('stays up under bytes that are no request', async () => {
    const port = Number(new URL(bench.server.url).port);
    for (const noise of [
      '\x16\x03\x01\x00\xa5',
      'GET / HTTP/1.1\r\n\r\n',
      'x'.repeat(20_000),
      'GET /\r\nhost\r\n\r\n',
    ]) {
      await new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(noise));
        socket.on('error', () => {});
        socket.on('data', () => {});
        socket.once('close', resolve);
      });
    }
    expect((await bench.send('GET', '/', { host: bench.authority })).status).toBe(200);
  });
});
