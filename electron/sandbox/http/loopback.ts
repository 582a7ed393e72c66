import { createHash, timingSafeEqual } from 'node:crypto';
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../platform/failure.ts';
import type { Logger } from '../../platform/logger.ts';

export type Request = {
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string;
  accept: string;
  /** The tags of what the client has already; absent when it names none. */
  ifNoneMatch?: string;
  body: string;
  /** The body as it came, for what is no text. */
  bytes?: Buffer;
  /** As whom its sender wants to act (`Impersonate-User`). */
  impersonate?: string;
  /** Who sends it, where the server knows more than one. */
  identity?: Identity;
};

/** Whom a token is of. */
export type Identity = { user: string; uid?: string; groups: readonly string[] };

export type Answer = { status: number; headers: Record<string, string>; body: string } | Stream;

/** An answer that goes on; `start` is given a way to send and to end, and returns what must be undone when the peer leaves. */
export type Stream = {
  status: number;
  headers: Record<string, string>;
  start(send: (text: string) => void, end: () => void): () => void;
};

/** A request for another protocol on the same connection; `socket` and `head` are for whoever takes it up. */
export type Upgrade = { request: Request; incoming: IncomingMessage; socket: Duplex; head: Buffer };

export type LoopbackServer = { url: string; close(): Promise<void> };

/** What the server itself has to say, in the words of the system it stands for. */
export type Refusals = { unauthorized: Answer; tooLarge: Answer; failed: Answer };

const maxBodyBytes = 3 * 1_024 * 1_024;

/**
 * Serves on 127.0.0.1 only, to whoever shows the token. A handler that throws is a defect: it is logged and answered
 * as the imitated system would answer, never with its stack.
 */
export async function serveOnLoopback(options: {
  /** The one token there is; or whose a token is that somebody shows, null for nobody's. */
  token: string | ((shown: string) => Identity | null);
  /** Some systems want the token alone in the header, without `Bearer` before it; they get it either way. */
  bareToken?: boolean;
  handler: (request: Request) => Answer;
  refusals: Refusals;
  logger: Logger;
  tls?: { key: string; cert: string };
  /** Takes up a WebSocket and returns null, or answers instead. */
  upgrade?: (upgrade: Upgrade) => Answer | null;
}): Promise<LoopbackServer> {
  const { token, bareToken = false, handler, refusals, logger, tls, upgrade } = options;

  const listener: RequestListener = (incoming, response) => {
    respond(incoming, response).catch((error: unknown) => {
      logger.error({ path: incoming.url, error: messageOf(error) }, 'a sandbox request failed');
      if (response.headersSent) response.destroy();
      else write(response, refusals.failed);
    });
  };

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const sender = senderOf(incoming, token, bareToken);
    if (!sender) {
      // The rest of an unwanted body is not read.
      response.setHeader('connection', 'close');
      return write(response, refusals.unauthorized);
    }
    const body = await readBody(incoming);
    if (body === null) {
      response.setHeader('connection', 'close');
      return write(response, refusals.tooLarge);
    }
    write(response, handler({ ...requestOf(incoming, body.toString('utf8')), ...sender, bytes: body }));
  }

  const server = tls ? createTlsServer(tls, listener) : createPlainServer(listener);
  if (upgrade) {
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      // The connection may end at any time, and nobody else listens for how.
      socket.on('error', () => socket.destroy());
      try {
        const sender = senderOf(incoming, token, bareToken);
        const request = { ...requestOf(incoming, ''), ...sender };
        const answer = sender ? upgrade({ request, incoming, socket, head }) : refusals.unauthorized;
        if (answer) refuseUpgrade(socket, answer);
      } catch (error) {
        logger.error({ path: incoming.url, error: messageOf(error) }, 'a sandbox upgrade failed');
        socket.destroy();
      }
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function requestOf(incoming: IncomingMessage, body: string): Request {
  const url = new URL(`http://loopback${incoming.url?.startsWith('/') ? incoming.url : '/'}`);
  const ifNoneMatch = incoming.headers['if-none-match'];
  const impersonate = incoming.headers['impersonate-user'];
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    contentType: (incoming.headers['content-type'] ?? '').toLowerCase(),
    accept: incoming.headers.accept ?? '',
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    ...(typeof impersonate === 'string' ? { impersonate } : {}),
    body,
  };
}

/** An answer on a connection that has no response of its own any more. */
function refuseUpgrade(socket: Duplex, answer: Answer): void {
  const body = 'body' in answer ? answer.body : '';
  const headers = { ...answer.headers, connection: 'close', 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}\r\n${body}`,
  );
}

function write(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers);
  if (!('start' in answer)) {
    response.end(answer.body);
    return;
  }
  response.flushHeaders();
  const stop = answer.start(
    (text) => response.write(text),
    () => response.end(),
  );
  response.once('close', stop);
}

/** What is known of whoever sends a request, or null without a token that is good. */
function senderOf(
  incoming: IncomingMessage,
  token: string | ((shown: string) => Identity | null),
  bareToken: boolean,
): { identity?: Identity } | null {
  const authorization = incoming.headers.authorization ?? '';
  const [, shown = bareToken ? authorization : ''] = /^Bearer (.+)$/i.exec(authorization) ?? [];
  if (typeof token === 'string') return isSame(shown, token) ? {} : null;
  const identity = token(shown);
  return identity ? { identity } : null;
}

/** In constant time: the digests have one length whatever was sent. */
const isSame = (shown: string, token: string) => timingSafeEqual(digest(shown), digest(token));

const digest = (text: string) => createHash('sha256').update(text).digest();

async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    bytes += part.length;
    if (bytes > maxBodyBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
