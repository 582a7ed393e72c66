import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Failure } from './failure.ts';
import { type Exchange, openExchange, readBody } from './http-exchange.ts';

/** A whole answer, and what is needed to speak about it. */
export type HttpReply = {
  system: string;
  url: URL;
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** What was sent as Authorization, so that no sentence quotes it back. */
  authorization: string | undefined;
};

export async function fetchReply(exchange: Exchange, maxBytes: number): Promise<HttpReply> {
  return replyOf(await openExchange(exchange), exchange, maxBytes);
}

/** The rest of an answer whose head is there already. */
export async function replyOf(
  message: IncomingMessage,
  exchange: Exchange,
  maxBytes: number,
): Promise<HttpReply> {
  return {
    system: exchange.system,
    url: exchange.url,
    status: message.statusCode ?? 0,
    headers: message.headers,
    text: await readBody(message, exchange, maxBytes),
    authorization: exchange.headers['authorization'],
  };
}

export const isSuccess = ({ status }: HttpReply): boolean => status >= 200 && status < 300;

/** The JSON of an answer, whatever type it claims to be, unless it is a page for people. */
export function jsonIn(reply: HttpReply): unknown {
  if (isWebPage(reply)) throw webPage(reply);
  try {
    return JSON.parse(reply.text);
  } catch {
    // The parser's message would quote the body, where a secret may stand.
    throw new Failure(
      'bad_reply',
      `${whereOf(reply)} answered with something that is not JSON, or with half of it. Is the address that of ${reply.system}?`,
    );
  }
}

/** A failure that the server stated by a status of its own. */
export class Refused extends Failure {
  readonly status: number;
  /** How long it wants not to be asked (RFC 9110 §10.2.3), in milliseconds; null where it does not say. */
  readonly retryAfterMs: number | null;

  constructor(failure: Failure, reply: Pick<HttpReply, 'status' | 'headers'>) {
    super(failure.code, failure.message, failure.cause);
    this.name = 'Refused';
    this.status = reply.status;
    this.retryAfterMs = retryAfterIn(reply.headers['retry-after'], Date.now());
  }
}

/** Seconds or a date; a server that asks for longer than this is asked again all the same. */
const LONGEST_RETRY_AFTER_MS = 300_000;
export function retryAfterIn(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS);
}

/** An answer other than 2xx as a failure: what it means, and what the server said about it. */
export const refusalOf = (reply: HttpReply): Refused => new Refused(meaningOf(reply), reply);

function meaningOf(reply: HttpReply): Failure {
  const { status } = reply;
  const where = whereOf(reply);
  const said = isWebPage(reply) ? '' : saidIn(reply);
  const saying = said === '' ? '' : ` It says: "${said}"`;
  if (status === 401) {
    return new Failure(
      'unauthorized',
      `${where} does not accept the credentials (401). Enter them again.${saying}`,
    );
  }
  if (status === 403) {
    return new Failure('unauthorized', `${where} does not allow this with these credentials (403).${saying}`);
  }
  if (status >= 300 && status < 400) {
    return new Failure(
      'bad_reply',
      `${where} redirects${targetOf(reply)} (${status}), which Countersign does not follow, to keep the credentials where they belong. Enter the final address.`,
    );
  }
  if (status === 404) {
    return new Failure(
      'not_found',
      `${where} has nothing there (404). Is the address that of ${reply.system}?${saying}`,
    );
  }
  if (status === 429) {
    const afterMs = retryAfterIn(reply.headers['retry-after'], Date.now());
    const when = afterMs === null ? '' : ` It is asked again in ${Math.ceil(afterMs / 1_000)} s.`;
    return new Failure('unreachable', `${where} asks for fewer requests (429).${when}${saying}`);
  }
  if (status >= 502 && status <= 504) {
    return new Failure('unreachable', `${where} is not ready or overloaded (${status}).${saying}`);
  }
  if (isWebPage(reply)) return webPage(reply);
  if (status === 400 || status === 422) {
    return new Failure('bad_input', `${where} does not understand the question (${status}).${saying}`);
  }
  return new Failure('bad_reply', `${where} answered with status ${status}.${saying}`);
}

/** What a server said, fit for one sentence: its own message where there is one, bounded, without credentials. */
export function saidIn({ text, authorization }: HttpReply, limit = 300): string {
  const raw = withoutSecrets(messageIn(text) ?? text, authorization);
  const words = raw.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return words.length > limit ? `${words.slice(0, limit)}…` : words;
}

const isWebPage = ({ headers, text }: HttpReply) =>
  /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(text);

const webPage = (reply: HttpReply) =>
  new Failure(
    'bad_reply',
    `${whereOf(reply)} answered with a web page, not JSON: is there a login or a proxy in front? Enter the address of ${reply.system} itself.`,
  );

const whereOf = ({ system, url }: HttpReply) => `${system} at ${url.host}${url.pathname}`;

/** Only the host of where it leads: the rest may carry a token. */
function targetOf({ headers: { location }, url }: HttpReply): string {
  if (location === undefined || !URL.canParse(location, url.href)) return '';
  return ` to ${new URL(location, url).host}`;
}

/**
 * Replaces credentials wherever a server quotes them back, in every form in which they were sent. One of three letters
 * would be found in every other word, and replacing it would point at it.
 */
function withoutSecrets(text: string, authorization: string | undefined): string {
  if (authorization === undefined) return text;
  return secretsIn(authorization)
    .filter((secret) => secret.length > 3)
    .sort((a, b) => b.length - a.length)
    .reduce((told, secret) => told.replaceAll(secret, '(credential)'), text);
}

/** Prometheus says `error`, Kubernetes and Alertmanager `message`. */
function messageIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return undefined;
    const said = 'error' in value ? value.error : 'message' in value ? value.message : undefined;
    return typeof said === 'string' ? said : undefined;
  } catch {
    return undefined; // Not JSON: the text speaks for itself.
  }
}

function secretsIn(authorization: string): string[] {
  const [scheme = '', credential = ''] = authorization.split(/ (.*)/s);
  if (scheme.toLowerCase() !== 'basic') return [authorization, credential];
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return [authorization, credential, pair, password];
}
