import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Failure, messageOf } from './failure.ts';
import { guardedLookup, type Refuses, refuseForbiddenAddress } from './forbidden-address.ts';

/** Certificates of a system that a public authority does not vouch for; PEM. */
export type Tls = {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
};

export type Exchange = {
  /** What the system is called in sentences. */
  system: string;
  url: URL;
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  headers: Record<string, string>;
  body?: string | Uint8Array;
  tls?: Tls;
  /** Hosts that are refused besides the ones that always are. */
  refuses?: Refuses | undefined;
  /** Ends the whole exchange, the body included. */
  signal: AbortSignal;
};

/**
 * Sends one request and resolves when the head of the reply is there. It never follows a redirect, never sends again and
 * uses a connection of its own, so that a stale one cannot make a request's fate uncertain. `node:http` rather than
 * `fetch`, because only here can the address be checked at the moment of connecting and a certificate be given.
 */
export function openExchange(exchange: Exchange): Promise<IncomingMessage> {
  const { url, method, headers, body, tls, refuses, signal } = exchange;
  refuseForbiddenAddress(url, refuses);
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? https.request : http.request;
    const allHeaders = { 'accept-encoding': 'identity', ...headers, ...lengthOf(body) };
    const options = { method, headers: allHeaders, signal, agent: false, lookup: guardedLookup(refuses) };
    try {
      const request = send(url, { ...options, ...tls });
      request.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
      request.on('response', resolve);
      request.on('error', (error) => reject(failureOf(error, exchange)));
      request.end(body);
    } catch (error) {
      reject(unsendable(error, exchange));
    }
  });
}

/** Reads a body to its end, or fails when it is larger than `maxBytes`: a reply must not fill the memory. */
export async function readBody(
  reply: IncomingMessage,
  exchange: Exchange,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(exchange, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw failureOf(error, exchange);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether the request cannot have reached the system: the connection was never made. */
export const neverSent = (failure: unknown): boolean =>
  failure instanceof Failure &&
  (failure.code === 'refused' || (failure.cause instanceof Error && beforeSending(codeOf(failure.cause))));

/** What went wrong below HTTP, as a sentence with a remedy. It names the host, never a header or a query. */
export function failureOf(error: unknown, { system, url, tls, signal }: Exchange): Failure {
  if (error instanceof Failure) return error;
  const where = `${system} at ${url.host}`;
  if (signal.aborted) {
    if (isTimeout(signal.reason)) {
      return new Failure(
        'timeout',
        `${where} did not answer in time. It may be overloaded or out of reach.`,
        error,
      );
    }
    return new Failure('cancelled', `The request to ${where} was cancelled.`, error);
  }
  const code = codeOf(error);
  // OpenSSL puts the alert of TLS 1.2 into the message alone.
  const told = code === 'EPROTO' ? `${code} ${messageOf(error)}` : code;
  const sentence = sentences(tls).find(([pattern]) => pattern.test(told))?.[1];
  return new Failure(
    'unreachable',
    `${where} ${sentence ?? `cannot be reached: ${messageOf(error)}`}`,
    error,
  );
}

const sentences = (tls: Tls | undefined): [RegExp, string][] => [
  [/^ECONNREFUSED$/, 'refuses connections. Is it running, and is the port right?'],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    'cannot be found: its name does not resolve. Check the address and the network.',
  ],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, 'is out of reach from this network. Is a VPN or tunnel needed?'],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED)$/,
    tls?.cert === undefined
      ? 'closed the connection before it had answered.'
      : 'closed the connection before it had answered. It may not accept the client certificate: was it signed by an authority that it knows?',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'shows a certificate made out to another name. Enter the address under the name in it.',
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    'shows a certificate that has expired. Have it renewed there; it is read again by itself.',
  ],
  [/^CERT_NOT_YET_VALID$/, 'shows a certificate that is not valid yet. Is the clock right, there and here?'],
  [
    /ALERT_CERTIFICATE_REQUIRED|alert handshake failure/,
    'asks for a client certificate. Add one, with its key, to the connection.',
  ],
  [
    /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)|alert (bad certificate|certificate|unknown ca)/,
    'does not accept the client certificate. Enter one that has not expired, signed by an authority that it knows.',
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|^CERT_/,
    tls?.ca === undefined
      ? 'shows a certificate that no authority known to this machine vouches for. If that is as it should be, give its authority with the connection.'
      : 'shows a certificate that the authority given with the connection does not vouch for. Was another one put before it, or the authority renewed?',
  ],
  [/^(EPROTO|ERR_SSL)/, 'does not speak TLS as expected. Is it http:// instead of https://?'],
  [/^HPE_/, 'does not answer in HTTP. Is it https:// instead of http://, or another port?'],
];

const beforeSending = (code: string) =>
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_CERT_ALTNAME_INVALID)$/.test(code) ||
  /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|^CERT_/.test(code);

/** With several addresses of one name Node reports the attempts together; the first says why. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const isTimeout = (reason: unknown) => reason instanceof DOMException && reason.name === 'TimeoutError';

const lengthOf = (body: string | Uint8Array | undefined) =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };

/** Node refuses to send a header with a line break or a letter beyond Latin-1, or a certificate that is none. */
const unsendable = (error: unknown, { system, url }: Exchange) =>
  new Failure(
    'bad_input',
    codeOf(error) === 'ERR_INVALID_CHAR'
      ? `The credentials for ${system} at ${url.host} hold a character that cannot be sent. Enter them again.`
      : `The request to ${system} at ${url.host} cannot be made with this address, these credentials or certificates.`,
  );

const tooLarge = ({ system, url }: Exchange, maxBytes: number) =>
  new Failure(
    'bad_reply',
    `${system} at ${url.host} sent more than ${Math.round(maxBytes / 1_048_576)} MB for one question. Ask for a shorter time or fewer series.`,
  );
