import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { allowance } from '../../platform/allowance.ts';
import { listen } from '../../platform/listen.ts';
import { commonHeaders } from '../../platform/security-headers.ts';
import { urlOf } from './addresses.ts';
import type { Receipt } from './inbox.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import type { Route } from './routes.ts';
import type { KnownSender, SenderBook } from './sender-book.ts';

export type Limits = {
  mostBytes: number;
  bodyWithinMs: number;
  /** Events of one sender, whether each comes by itself or in a batch. */
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

/** Known once a secret fits; it may be taken from its sender while the rest of the request is still on its way. */
type Proven = NonNullable<ReturnType<SenderBook['shown']>>;

/**
 * Takes what is posted at each of its addresses, from senders that show their secret or sign with it, each at its own
 * addresses. Nothing of what is sent is logged or repeated in an answer.
 * @throws Failure `conflict` when the port is taken, `bad_input` when it may not be used.
 */
export async function openServer(options: {
  /** One address of this machine. */
  host: string;
  /** 0 for any free one. */
  port: number;
  senders: SenderBook;
  /** By the path without its slash. */
  routes: ReadonlyMap<string, Route>;
  /** Told that answering failed, which is a defect. */
  onDefect(error: unknown): void;
  limits: Limits;
}): Promise<EventServer> {
  const { host, limits, routes, senders } = options;
  const now = () => performance.now();
  // A body must be read before its signature can be wrong: what strangers send takes nothing from what senders may.
  const unproven = allowance({ burst: limits.burst, perSecond: limits.perSecond, now });
  // Only what fails counts against wrong secrets: whoever holds a right one is not locked out by noise.
  const wrongSecrets = allowance({ burst: 20, perSecond: 0.5, now });

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
    const from: { sender: KnownSender | null } = { sender: null };
    try {
      send(request, response, 202, {}, await receiptFor(request, from));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : defect;
      if (refusal === defect) options.onDefect(error);
      senders.refused(from.sender?.id ?? null, refusal.message);
      send(request, response, refusal.status, refusal.headers, { error: refusal.message });
    }
  }

  /** @param from told who sends as soon as that is known */
  async function receiptFor(
    request: IncomingMessage,
    from: { sender: KnownSender | null },
  ): Promise<Receipt> {
    const path = request.url?.split('?', 1)[0] ?? '';
    const kind = path.startsWith('/') ? path.slice(1) : '';
    const route = routes.get(kind);
    if (!route) {
      const taken = [...routes.keys()].map((one) => `/${one}`).join(', ');
      throw new Refusal(404, `There is nothing here; it takes what goes to ${taken}.`);
    }
    if (request.method !== 'POST') throw new Refusal(405, `${path} takes POST only.`, { allow: 'POST' });
    demandNoPage(request);
    const headers = request.headersDistinct;

    /** Whoever tries to guess waits a little longer each time. */
    function proven(found: Proven | null, refusal: Refusal): Proven {
      if (!found) throw wrongSecrets.take() ? refusal : tooMany;
      const { sender } = found;
      from.sender = sender;
      if (!sender.sends.some((one) => one === kind)) throw elsewhere(sender);
      if (!sender.events.take()) throw tooMany;
      return found;
    }

    const { proof } = route;
    const signature = proof === 'token' ? null : proof.signature(headers);
    const early = signature === null ? proven(senders.shown(tokenOf(headers)), wrongToken) : null;
    if (!early && !unproven.take()) throw tooMany;
    route.demand(headers);
    const body = await readBody(request, { mostBytes: route.mostBytes, withinMs: limits.bodyWithinMs });
    const known = early ?? proven(senders.signed(body, signature ?? ''), wrongSignature);
    const { events, take } = route.read({ headers, body });
    if (events > 1 && !known.sender.events.take(events - 1)) throw tooMany;
    // Its secret may have been revoked while the body came.
    if (!known.holds()) throw wrongToken;
    const receipt = take(known.sender);
    senders.taken(known.sender.id);
    return receipt;
  }

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

const wrongToken = new Refusal(
  401,
  'Send Authorization: Bearer and the secret of a sender of this receiver.',
  {
    'www-authenticate': 'Bearer',
  },
);
const wrongSignature = new Refusal(
  401,
  'The signature is not one made with the secret of a sender of this receiver.',
);

/** Whoever holds the secret may know what it is for. */
const elsewhere = ({ sends }: KnownSender): Refusal =>
  new Refusal(403, `This sender may post to ${sends.map((one) => `/${one}`).join(', ')} and nowhere else.`);

/**
 * A page in a browser says where it is from, programs do not: whatever a person's browser was led to send is not taken, even
 * if it knew the token. @throws Refusal 403
 */
function demandNoPage({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    throw new Refusal(403, 'Pages in a browser cannot post here.');
}

/** Of two headers neither counts: whatever stands in front may have looked at the other. */
function tokenOf({ authorization = [] }: NodeJS.Dict<string[]>): string {
  const [given = '', ...more] = authorization;
  return more.length > 0 ? '' : (/^Bearer +(\S+)$/i.exec(given)?.[1] ?? '');
}

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
