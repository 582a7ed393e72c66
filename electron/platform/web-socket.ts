import { WebSocket } from 'ws';
import { Failure } from './failure.ts';
import { guardedLookup, refuseForbiddenAddress } from './forbidden-address.ts';
import { type Exchange, failureOf } from './http-exchange.ts';
import { refusalOf } from './http-reply.ts';

/** It answers, and gives no WebSocket: it offers none, or a proxy between lets none through. */
export class NotUpgraded extends Failure {
  constructor(failure: Failure) {
    super(failure.code, failure.message, failure.cause);
    this.name = 'NotUpgraded';
  }
}

export type SocketListener = { onOpen(): void; onText(text: string): void };

const OPENING_MS = 7_000;
const PING_MS = 10_000;
/** Longer silence, though it was asked for a sign of life, means that the connection is dead. */
const SILENCE_MS = 30_000;

/**
 * Listens to a WebSocket (RFC 6455) until the other side ends it, the signal aborts it or nothing is heard of it any more.
 * The address is checked as for every other request, nothing is sent but pings, no redirect is followed and no message is
 * longer than `maxBytes`.
 * @throws NotUpgraded where the answer is another one; another Failure where it cannot be reached or is cut.
 */
export function listenTo(
  exchange: Pick<Exchange, 'system' | 'url' | 'headers' | 'tls' | 'refuses' | 'signal'>,
  { onOpen, onText }: SocketListener,
  maxBytes: number,
): Promise<void> {
  const { url, headers, tls, refuses, signal, system } = exchange;
  refuseForbiddenAddress(url, refuses);
  const asked: Exchange = { ...exchange, method: 'GET' };
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const address = new URL(url);
    address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address, {
      headers,
      ...tls,
      lookup: guardedLookup(refuses),
      agent: false,
      followRedirects: false,
      handshakeTimeout: OPENING_MS,
      maxPayload: maxBytes,
      perMessageDeflate: false,
    });
    const end = () => socket.terminate();
    signal.addEventListener('abort', end, { once: true });
    // By the time of the machine: while it sleeps no timer runs, and the connection may be long dead when it wakes.
    let heardMs = Date.now();
    const heard = () => {
      heardMs = Date.now();
    };
    const pinging = setInterval(() => {
      if (Date.now() - heardMs > SILENCE_MS) end();
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, PING_MS);
    socket.on('pong', heard);
    socket.on('open', () => {
      heard();
      onOpen();
    });
    socket.on('message', (data) => {
      heard();
      try {
        onText(String(data));
      } catch (error) {
        reject(error);
        end();
      }
    });
    socket.on('unexpected-response', (_request, reply) => {
      const { statusCode = 0, headers } = reply;
      const answer = { system, url, status: statusCode, headers, text: '', authorization: undefined };
      reply.destroy();
      reject(new NotUpgraded(refusalOf(answer)));
      end();
    });
    socket.on('error', (error) => (signal.aborted ? resolve() : reject(failureOf(error, asked))));
    socket.on('close', (_code, reason) => {
      clearInterval(pinging);
      signal.removeEventListener('abort', end);
      if (signal.aborted || reason.length === 0) resolve();
      else reject(new Failure('unreachable', `${system} at ${url.host} ended it: ${String(reason)}`));
    });
  });
}
