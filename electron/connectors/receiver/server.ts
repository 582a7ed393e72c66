import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { allowance } from '../../platform/allowance.ts';
import { listen } from '../../platform/listen.ts';
import { commonHeaders } from '../../platform/security-headers.ts';
import { urlOf } from './addresses.ts';
import type { Receipt } from './inbox.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import type { Route } from './routes.ts';

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

export type EventServer = { port: number; urls: string[]; close(): Promise<void> };

/**
 * Takes what is posted at each of its addresses, from whoever shows the token or signs with it. Nothing of what is sent is
 * logged or repeated in an answer.
 * @throws Failure `conflict` when the port is taken, `bad_input` when it may not be used.
 */
export async function openServer(options: {
  /** One address of this machine. */
  host: string;
  /** 0 for any free one. */
  port: number;
  token: string;
  /** By the path without its slash. */
  routes: ReadonlyMap<string, Route>;
  /** Told that answering failed, which is a defect. */
  onDefect(error: unknown): void;
  limits: Limits;
}): Promise<EventServer> {
  const { host, limits, routes } = options;
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
    const path = request.url?.split('?', 1)[0] ?? '';
    const route = path.startsWith('/') ? routes.get(path.slice(1)) : undefined;
    if (!route) {
      const taken = [...routes.keys()].map((one) => `/${one}`).join(', ');
      throw new Refusal(404, `There is nothing here; it takes what goes to ${taken}.`);
    }
    if (request.method !== 'POST') throw new Refusal(405, `${path} takes POST only.`, { allow: 'POST' });
    demandNoPage(request);
    const headers = request.headersDistinct;
    const { proof } = route;
    if (proof === 'token') proven(timingSafeEqual(digest(tokenOf(request)), token), wrongToken);
    const signature = proof === 'token' ? null : proof.signature(headers);
    if (!events.take()) throw tooMany;
    route.demand(headers);
    const body = await readBody(request, { mostBytes: route.mostBytes, withinMs: limits.bodyWithinMs });
    if (signature !== null) proven(isSigned(body, signature), wrongSignature);
    const { events: found, take } = route.read({ headers, body });
    if (found > 1 && !events.take(found - 1)) throw tooMany;
    return take();
  }

  /** Whoever tries to guess waits a little longer each time. */
  function proven(isProven: boolean, refusal: Refusal): void {
    if (!isProven) throw wrongTokens.take() ? refusal : tooMany;
  }

  const isSigned = (body: Uint8Array, signature: string): boolean =>
    timingSafeEqual(createHmac('sha256', options.token).update(body).digest(), Buffer.from(signature, 'hex'));

  const port = await listen(
    server,
    options.port,
    ' by another program. Choose another port for it or for this receiver.',
    host,
  );
  // A connection that breaks is its sender's affair.
  server.on('error', options.onDefect);
  return {
    port,
    urls: [...routes.keys()].map((kind) => urlOf({ host, port }, kind)),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const tooMany = new Refusal(429, 'Too many at once; send again a little later.', { 'retry-after': '2' });
const defect = new Refusal(500, 'That failed in Countersign itself; its log says where.');

const wrongToken = new Refusal(401, 'Send Authorization: Bearer and the token of this receiver.', {
  'www-authenticate': 'Bearer',
});
const wrongSignature = new Refusal(401, 'The signature is not one made with the token of this receiver.');

/**
 * A page in a browser says where it is from, programs do not: whatever a person's browser was led to send is not taken, even
 * if it knew the token. @throws Refusal 403
 */
function demandNoPage({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    throw new Refusal(403, 'Pages in a browser cannot post here.');
}

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
