import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/platform/failure.ts';
import { authorizationOf, httpClient } from '../../../electron/platform/http.ts';
import { type Received, sendJson, type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(answer: (request: Received, response: ServerResponse) => void): Promise<TinyServer> {
  const server = await tinyServer(answer);
  servers.push(server);
  return server;
}

const calm = () => new AbortController().signal;
const token = 'tok-3f9a1c7e55d04b';

const client = (
  url: string,
  more: { timeoutMs?: number; maxBytes?: number; authorization?: string | null } = {},
) => httpClient({ system: 'Prometheus', url, authorization: `Bearer ${token}`, ...more });

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => 'it was answered',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

/** Everything of a failure that could end up in a log: message, cause, stack, properties. */
const everythingIn = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return [error.message, error.stack, JSON.stringify(error), everythingIn(error.cause ?? '')].join('\n');
};

describe('asking', () => {
  it('asks under the prefix of the address, with the query and the credentials', async () => {
    const server = await serving((_request, response) => sendJson(response, { fine: true }));
    const http = client(`${server.url}/prefix/`);
    expect(await http.getJson('api/v1/x', { 'match[]': 'a{b="c & d"}', limit: 3 }, calm())).toEqual({
      fine: true,
    });
    const [received] = server.received;
    expect(received?.url).toBe('/prefix/api/v1/x?match%5B%5D=a%7Bb%3D%22c+%26+d%22%7D&limit=3');
    expect(received?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it('posts a form, whatever letters stand in it', async () => {
    const server = await serving((_request, response) => sendJson(response, null));
    const http = client(server.url);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (query) => {
        await http.postForm('q', { query }, calm());
        const received = server.received.at(-1);
        expect(received?.method).toBe('POST');
        expect(new URLSearchParams(received?.body).get('query')).toBe(query);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['nothing', { kind: 'none' as const }, null],
    ['a token', { kind: 'bearer' as const, token: 'abc' }, 'Bearer abc'],
    ['name and password', { kind: 'basic' as const, username: 'Åse', password: 'p:w' }, 'Basic w4VzZTpwOnc='],
  ])('signs in with %s', (_case, auth, header) => expect(authorizationOf(auth)).toBe(header));

  it.each(['ftp://x', 'nonsense', 'http://user:pw@host', 'file:///etc/passwd'])(
    'does not take the address %s',
    (url) => {
      expect(() => client(url)).toThrow(Failure);
      expect(() => client(url)).not.toThrow(/pw|passwd/);
    },
  );
});

describe('answers that are none', () => {
  const html = (response: ServerResponse, status: number) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Sign in</title>');
  };

  it.each([
    ['a login page', (response: ServerResponse) => html(response, 200), 'bad_reply', 'web page, not JSON'],
    [
      'a page under a wrong type',
      (response: ServerResponse) => sendText(response, 200, ' <html><body>'),
      'bad_reply',
      'web page',
    ],
    ['an error page', (response: ServerResponse) => html(response, 500), 'bad_reply', 'web page'],
    [
      'half of a JSON text',
      (response: ServerResponse) => sendText(response, 200, '{"status":"succ'),
      'bad_reply',
      'not JSON, or with half of it',
    ],
    ['nothing at all', (response: ServerResponse) => sendText(response, 200, ''), 'bad_reply', 'not JSON'],
    [
      '401',
      (response: ServerResponse) => sendText(response, 401, 'Unauthorized'),
      'unauthorized',
      'Enter them again',
    ],
    [
      '403 with words',
      (response: ServerResponse) => sendJson(response, { message: 'no viewer role' }, 403),
      'unauthorized',
      '"no viewer role"',
    ],
    [
      '404',
      (response: ServerResponse) => sendText(response, 404, '404 page not found'),
      'not_found',
      'Is the address that of Prometheus?',
    ],
    [
      '400 with words',
      (response: ServerResponse) => sendJson(response, { error: 'parse error at char 3' }, 400),
      'bad_input',
      '"parse error at char 3"',
    ],
    ['429', (response: ServerResponse) => sendText(response, 429, ''), 'unreachable', 'fewer requests'],
    ['500', (response: ServerResponse) => sendText(response, 500, 'boom'), 'bad_reply', '"boom"'],
    [
      '503',
      (response: ServerResponse) => sendText(response, 503, 'Service Unavailable'),
      'unreachable',
      'not ready',
    ],
  ])('fails on %s with a sentence that says what to do', async (_case, answer, code, words) => {
    const server = await serving((_request, response) => answer(response));
    const failure = await failureOf(client(server.url).getJson('api', {}, calm()));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('Prometheus at 127.0.0.1:');
  });

  it('bounds what a server says and takes control characters out', async () => {
    const server = await serving((_request, response) =>
      sendJson(response, { error: `a\u0007b\u202ec\n\n${'long '.repeat(500)}` }, 500),
    );
    const { message } = await failureOf(client(server.url).getJson('api', {}, calm()));
    expect(message).toContain('a b c long');
    expect(message.length).toBeLessThan(500);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('follows no redirect and sends the credentials nowhere else', async () => {
    const other = await serving((_request, response) => sendJson(response, { stolen: true }));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await serving((_request, response) => {
        response.writeHead(status, { location: `${other.url}/login?secret=1` });
        response.end();
      });
      const failure = await failureOf(client(server.url).getJson('api', {}, calm()));
      expect(failure).toMatchObject({
        code: 'bad_reply',
        message: expect.stringContaining('redirects to 127.0.0.1:'),
      });
      expect(failure.message).not.toContain('secret=1');
    }
    expect(other.received).toEqual([]);
  });
});

describe('a server that does not behave', () => {
  it('is given up on when it sends without end', async () => {
    let sent = 0;
    let isClosed = false;
    const server = await serving((_request, response) => {
      const chunk = Buffer.alloc(65_536, 0x20);
      response.on('close', () => {
        isClosed = true;
      });
      const pump = () => {
        while (!isClosed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', pump);
      response.writeHead(200, { 'content-type': 'application/json' });
      pump();
    });
    const failure = await failureOf(
      client(server.url, { maxBytes: 2 * 1_048_576 }).getJson('api', {}, calm()),
    );
    expect(failure).toMatchObject({ code: 'bad_reply', message: expect.stringContaining('more than 2 MB') });
    expect(sent).toBeLessThan(64 * 1_048_576);
  });

  it.each([
    ['says nothing', (_response: ServerResponse) => undefined],
    ['stops in the middle', (response: ServerResponse) => void response.write('{"a":')],
  ])('is given up on when it %s', async (_case, answer) => {
    const server = await serving((_request, response) => answer(response));
    const failure = await failureOf(client(server.url, { timeoutMs: 150 }).getJson('api', {}, calm()));
    expect(failure).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('did not answer in time'),
    });
  });

  it.each([
    ['before it answers', (response: ServerResponse) => void response.socket?.destroy()],
    [
      'in the middle of its answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{', () => response.socket?.destroy());
      },
    ],
  ])('is unreachable when it hangs up %s', async (_case, answer) => {
    const server = await serving((_request, response) => answer(response));
    const failure = await failureOf(client(server.url).getJson('api', {}, calm()));
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('closed the connection'),
    });
  });

  it('is unreachable when it speaks another protocol', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const failure = await failureOf(client(`http://127.0.0.1:${port}`).getJson('api', {}, calm()));
    server.close();
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('does not answer in HTTP'),
    });
  });

  it('is unreachable when nobody listens, and when TLS was expected', async () => {
    const server = await tinyServer((_request, response) => sendJson(response, {}));
    const overTls = await failureOf(client(server.url.replace('http', 'https')).getJson('api', {}, calm()));
    expect(overTls).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('http:// instead of https://'),
    });
    await server.close();
    const failure = await failureOf(client(server.url).getJson('api', {}, calm()));
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('refuses connections'),
    });
  });

  it('is unreachable when its name does not resolve', async () => {
    const failure = await failureOf(client('http://nowhere.invalid').getJson('api', {}, calm()));
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('does not resolve'),
    });
  });

  it('is let go of when the asker loses interest', async () => {
    const server = await serving(() => undefined);
    const asker = new AbortController();
    const call = client(server.url).getJson('api', {}, asker.signal);
    asker.abort();
    expect(await failureOf(call)).toMatchObject({ code: 'cancelled' });
  });
});

describe('addresses that are never connected to', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.0.1',
    'http://0xA9FEA9FE',
    'http://2852039166',
    'http://[fe80::1]:9090',
    'http://[::ffff:169.254.169.254]',
    'http://[fd00:ec2::254]',
    'http://metadata.google.internal',
    'http://METADATA.google.internal.',
    'http://100.100.100.200',
  ])('%s', async (url) => {
    expect(await failureOf(client(url).getJson('api', {}, calm()))).toMatchObject({ code: 'refused' });
  });
});

describe('secrets', () => {
  const password = 'Sehr geheim: 42!';
  const basic = authorizationOf({ kind: 'basic', username: 'ops', password });

  it.each([
    ['a token', `Bearer ${token}`, [token]],
    ['a password', basic, [password, basic?.split(' ')[1] ?? '']],
  ])('%s stands in no message, though the server quotes it back', async (_case, authorization, secrets) => {
    const quoting = (status: number) => (request: Received, response: ServerResponse) =>
      sendJson(
        response,
        { error: `no such credential: ${request.headers.authorization} (${password})` },
        status,
      );
    for (const status of [400, 401, 403, 404, 422, 429, 500, 503, 599]) {
      const server = await serving(quoting(status));
      const failure = await failureOf(client(server.url, { authorization }).getJson('api', {}, calm()));
      for (const secret of secrets) expect(everythingIn(failure)).not.toContain(secret);
    }
    const broken = await serving((request, response) =>
      sendText(response, 200, `{"${request.headers.authorization}`),
    );
    const failure = await failureOf(client(broken.url, { authorization }).getJson('api', {}, calm()));
    for (const secret of secrets) expect(everythingIn(failure)).not.toContain(secret);
  });

  it('that cannot be sent are named as such and not quoted', async () => {
    const authorization = `Bearer ${token}\r\nx-injected: 1`;
    const failure = await failureOf(
      client('http://127.0.0.1:9', { authorization }).getJson('api', {}, calm()),
    );
    expect(failure.code).toBe('bad_input');
    expect(everythingIn(failure)).not.toContain(token);
  });
});

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(text);
}
