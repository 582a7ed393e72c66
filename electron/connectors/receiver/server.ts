import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { allowance } from '../../platform/allowance.ts';
import { LOOPBACK, listen } from '../../platform/listen.ts';
import { commonHeaders } from '../../platform/security-headers.ts';
import { type CloudEvent, eventsIn, modeOf } from './cloud-event.ts';
import type { Receipt } from './inbox.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';

export type Limits = {
  mostBytes: number;
  bodyWithinMs: number;
  /** Events, whether each comes by itself or in a batch. */
  burst: number;
  perSecond: number;
};
export const defaultLimits: Limits = {
  mostBytes: 256 * 1_024,
  bodyWithinMs: 10_000,
  burst: 500,
  perSecond: 50,
};

export type EventServer = { port: number; url: string; close(): Promise<void> };

/**
 * `POST /events` on loopback alone, for whoever shows the token. Nothing of what is sent is logged or repeated in an
 * answer.
 * @throws Failure `conflict` when the port is taken, `bad_input` when it may not be used.
 */
export async function openServer(options: {
  /** 0 for any free one. */
  port: number;
  token: string;
  /** Takes all events of a request, or throws a Refusal and has taken none. */
  take(events: readonly CloudEvent[]): Receipt;
  /** Told that answering failed, which is a defect. */
  onDefect(error: unknown): void;
  limits?: Partial<Limits>;
}): Promise<EventServer> {
  const limits = { ...defaultLimits, ...options.limits };
  const now = () => performance.now();
  const events = allowance({ burst: limits.burst, perSecond: limits.perSecond, now });
  // Only what fails counts against wrong tokens: whoever holds the right one is not locked out by noise.
  const wrongTokens = allowance({ burst: 20, perSecond: 0.5, now });
  const token = digest(options.token);

  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: limits.bodyWithinMs + 10_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16_384,
    },
    (request, response) => void answer(request, response),
  );
  server.maxConnections = 64;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(request, response, 202, {}, await receiptFor(request));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : defect;
      if (refusal === defect) options.onDefect(error);
      send(request, response, refusal.status, refusal.headers, { error: refusal.message });
    }
  }

  async function receiptFor(request: IncomingMessage): Promise<Receipt> {
    if (request.url?.split('?', 1)[0] !== '/events')
      throw new Refusal(404, 'There is nothing here; events go to /events.');
    if (request.method !== 'POST') throw new Refusal(405, '/events takes POST only.', { allow: 'POST' });
    if (!timingSafeEqual(digest(tokenOf(request)), token)) {
      if (!wrongTokens.take()) throw tooMany;
      throw new Refusal(401, 'Send Authorization: Bearer and the token of this receiver.', {
        'www-authenticate': 'Bearer',
      });
    }
    if (!events.take()) throw tooMany;
    const headers = request.headersDistinct;
    modeOf({ headers });
    const body = await readBody(request, {
      mostBytes: limits.mostBytes,
      withinMs: limits.bodyWithinMs,
    });
    const found = eventsIn({ headers, body });
    if (found.length > 1 && !events.take(found.length - 1)) throw tooMany;
    return options.take(found);
  }

  const port = await listen(
    server,
    options.port,
    ' by another program. Choose another port for it or for this receiver.',
  );
  // A connection that breaks is its sender's affair.
  server.on('error', options.onDefect);
  return {
    port,
    url: `http://${LOOPBACK}:${port}/events`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const tooMany = new Refusal(429, 'Too many at once; send again a little later.', { 'retry-after': '2' });
const defect = new Refusal(500, 'That failed in Countersign itself; its log says where.');

const tokenOf = ({ headers }: IncomingMessage): string =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/** Digests have one length whatever was sent, so that comparing them takes one time. */
const digest = (text: string) => createHash('sha256').update(text).digest();

/** How long a sender may go on sending what is not wanted: cut off at once, it would never read why. */
const lingerMs = 1_000;

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  value: object,
): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  const isRead = request.complete;
  response.writeHead(status, {
    ...commonHeaders,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': body.length,
    ...(isRead ? {} : { connection: 'close' }),
    ...headers,
  });
  if (isRead) {
    response.end(body);
    return;
  }
  response.write(body);
  const timer = setTimeout(() => response.end(), lingerMs);
  request.once('end', () => response.end());
  response.once('close', () => clearTimeout(timer));
  request.resume();
}
