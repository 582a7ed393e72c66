import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Host } from '../host/host.ts';
import { allowance } from '../platform/allowance.ts';
import { LOOPBACK, listen } from '../platform/listen.ts';
import type { Logger } from '../platform/logger.ts';
import { rendererFiles } from '../platform/renderer-files.ts';
import { eventFeed, type FeedLimits } from './event-feed.ts';
import { readJson } from './read-json.ts';
import { refuse, refuseUpgrade, sendJson, sendReply } from './refuse.ts';
import { type Asked, type Refusal, refusalOf, socketRefusalOf } from './request-gate.ts';
import { signIn } from './sign-in.ts';

export type LoopbackOptions = {
  host: Pick<Host, 'dispatch' | 'subscribe'>;
  /** 0 for any free one. */
  port: number;
  rendererDir: string;
  logger: Logger;
  now?: () => number;
  /** How long a tab may go without a call before it must sign in again. */
  idleMs?: number;
  /** Told when a one-time token was used, so that the person sees a sign-in that was not theirs. */
  onSignIn?: () => void;
  feed?: Partial<FeedLimits>;
};

export type LoopbackServer = {
  /** The first address that signs in one browser tab, once: `http://127.0.0.1:<port>/#token=<token>`. */
  url: string;
  /** Another such address. An older unused one is void from now on. */
  newLink(): string;
  /** Cuts every connection at once. */
  close(): Promise<void>;
};

const HALF_A_DAY_MS = 12 * 3_600_000;
const MAX_SESSION_BYTES = 1_024;
const MAX_CALL_BYTES = 1_048_576;

const Session = z.strictObject({ token: z.string().max(200) });
const Call = z.strictObject({ name: z.string().max(100), input: z.unknown() });

/**
 * The host for a browser on this machine. It listens on loopback alone, and still trusts nobody there: see the request
 * gate and sign-in.
 * @throws Failure `conflict` when the port is taken, `bad_input` when it may not be used, `storage` without a screen.
 */
export async function openLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  const { host, logger, now = Date.now, idleMs = HALF_A_DAY_MS, onSignIn = () => {} } = options;
  const files = rendererFiles(options.rendererDir);
  const door = signIn({ now, idleMs });
  const feed = eventFeed(host, door, options.feed);
  // Only what fails is counted against wrong tokens: whoever holds a right one cannot be locked out by noise.
  const wrongTokens = allowance({ burst: 10, perSecond: 0.2, now });
  const calls = allowance({ burst: 300, perSecond: 100, now });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 });
  server.maxConnections = 256;
  let authorities: string[] = [];

  server.on('request', (request, response) => {
    answer(request, response).catch((error) => {
      logger.error({ error }, 'a request could not be answered');
      if (response.headersSent) response.destroy();
      else refuse(response, defect);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const asked = askedBy(request);
    const refusal = asked ? socketRefusalOf(asked, authorities) : malformed;
    if (!refusal) return feed.accept(request, socket, head);
    logger.warn({ status: refusal.status, path: asked?.pathname }, 'an event stream was refused');
    refuseUpgrade(socket, refusal);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = askedBy(request);
    const refusal = asked ? refusalOf(asked, authorities) : malformed;
    if (!asked || refusal) {
      logger.warn({ status: refusal?.status, path: asked?.pathname }, 'a request was refused');
      return refuse(response, refusal ?? malformed);
    }
    if (asked.pathname === '/session') return exchange(request, response);
    if (asked.pathname === '/call') return call(request, response);
    const file = files.find(asked.pathname);
    if (!file) return refuse(response, nothingHere);
    response.writeHead(200, { ...file.headers, 'content-length': file.body.length });
    response.end(asked.method === 'HEAD' ? undefined : file.body);
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request, MAX_SESSION_BYTES);
    if (!body.ok) return refuse(response, body.refusal);
    const asked = Session.safeParse(body.value);
    if (!asked.success) return refuse(response, badShape('{ "token" }'));
    const tab = door.exchange(asked.data.token);
    if (tab === undefined) return refuse(response, wrongTokens.take() ? tokenUsed : tooOften);
    onSignIn();
    sendJson(response, 200, { tab });
  }

  async function call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const tab = request.headers['x-countersign-tab'];
    if (typeof tab !== 'string' || !door.isSignedIn(tab)) {
      return refuse(response, wrongTokens.take() ? notSignedIn : tooOften);
    }
    if (!calls.take()) return refuse(response, tooOften);
    const body = await readJson(request, MAX_CALL_BYTES);
    if (!body.ok) return refuse(response, body.refusal);
    const asked = Call.safeParse(body.value);
    if (!asked.success) return refuse(response, badShape('{ "name", "input" }'));
    sendReply(response, await host.dispatch(asked.data.name, asked.data.input));
  }

  const port = await listen(server, options.port, '. Choose another with --port, or leave it out.');
  authorities = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  server.on('error', (error) => logger.error({ error }, 'the loopback server failed'));
  const newLink = () => `http://${LOOPBACK}:${port}/#token=${door.newToken()}`;
  return {
    url: newLink(),
    newLink,
    async close() {
      feed.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const malformed: Refusal = { status: 400, code: 'bad_input', message: 'That address is not one.' };
const nothingHere: Refusal = { status: 404, code: 'not_found', message: 'There is nothing here.' };
const defect: Refusal = { status: 500, code: 'defect', message: 'That failed; the log has the details.' };
const notSignedIn: Refusal = {
  status: 401,
  code: 'unauthorized',
  message: 'Sign in first: open the address that Countersign printed.',
};
const tokenUsed: Refusal = {
  status: 401,
  code: 'unauthorized',
  message:
    'This link was used already, or a newer one was made. Press Enter in the terminal where Countersign runs to get a new one.',
};
const tooOften: Refusal = {
  status: 429,
  code: 'too_often',
  message: 'Too often; wait a little.',
  headers: { 'retry-after': '5' },
};
const badShape = (shape: string): Refusal => ({ status: 400, code: 'bad_input', message: `Send ${shape}.` });

function askedBy({ method = '', url = '', headersDistinct }: IncomingMessage): Asked | undefined {
  // Only paths: an absolute address here is a request to a proxy (RFC 9112 §3.2.2).
  if (!url.startsWith('/') || url.startsWith('//') || !URL.canParse(url, 'http://x')) return undefined;
  return { method, pathname: new URL(url, 'http://x').pathname, headers: headersDistinct };
}
