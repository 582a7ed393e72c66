import { type WebSocket, WebSocketServer } from 'ws';
import type { Answer, Upgrade } from '../http/loopback.ts';
import { toStream } from './api.ts';
import { limitOf, nsOf, spanOf } from './parameters.ts';
import type { LogSource } from './pod-logs.ts';
import { LogQueryError } from './query-error.ts';
import { findLines } from './run-query.ts';
import { type LogQuery, parseQuery } from './syntax.ts';

/** As in Loki's own limits (`max_concurrent_tail_requests`). */
const maxTails = 10;
const maxDelaySeconds = 5;
/** Of a client that does not read, this much waits; then it is let go. */
const maxUnreadBytes = 8 * 1_048_576;
const internalError = 1011;

export type Tails = {
  /** Answers a request for a WebSocket, or says why not. */
  open(upgrade: Upgrade): Answer | null;
  /** Sends on what has been written since the last time. */
  deliver(): void;
  closeAll(): void;
};

/** `tail` (https://grafana.com/docs/loki/latest/reference/loki-http-api/#stream-logs): the lines of now, over a WebSocket. */
export function tails(options: { source: LogSource; advance: () => number }): Tails {
  const { source, advance } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: 4_096, perMessageDeflate: false });
  const deliveries = new Map<WebSocket, () => void>();

  function serve(socket: WebSocket, query: LogQuery, startNs: bigint, limit: number): void {
    if (deliveries.size >= maxTails) {
      const count = `${deliveries.size + 1} > ${maxTails}`;
      socket.close(internalError, `max concurrent tail requests limit exceeded, count > limit (${count})`);
      return;
    }
    let nextNs = startNs;
    const deliver = (atMost: number) => {
      advance();
      const toNs = nsOf(source.writtenUntilMs());
      if (toNs <= nextNs) return;
      try {
        const { streams } = findLines(source, query, { fromNs: nextNs, toNs }, atMost, 'backward');
        nextNs = toNs;
        if (streams.length === 0) return;
        const oldestFirst = streams.map(({ labels, entries }) => ({ labels, entries: entries.toReversed() }));
        socket.send(JSON.stringify({ streams: oldestFirst.map(toStream) }));
      } catch (error) {
        if (!(error instanceof LogQueryError)) throw error;
        socket.close(internalError, error.message);
      }
      if (socket.bufferedAmount > maxUnreadBytes) socket.terminate();
    };
    deliveries.set(socket, () => deliver(Number.MAX_SAFE_INTEGER));
    const forget = () => deliveries.delete(socket);
    socket.once('close', forget).once('error', forget);
    deliver(limit);
  }

  return {
    open({ request, incoming, socket, head }) {
      const { path, query: parameters } = request;
      if (path !== '/loki/api/v1/tail') return text(404, '404 page not found\n');
      try {
        const query = tailQuery(parameters);
        const limit = limitOf(parameters);
        const { fromNs } = spanOf(parameters, advance());
        server.handleUpgrade(incoming, socket, head, (webSocket) => serve(webSocket, query, fromNs, limit));
        return null;
      } catch (error) {
        if (!(error instanceof LogQueryError)) throw error;
        return text(error.status, error.message);
      }
    },
    deliver() {
      for (const deliver of deliveries.values()) deliver();
    },
    closeAll() {
      for (const socket of deliveries.keys()) socket.terminate();
      server.close();
    },
  };
}

function tailQuery(parameters: URLSearchParams): LogQuery {
  const query = parseQuery(parameters.get('query') ?? '');
  if (query.kind !== 'logs') throw new LogQueryError('only log selector is supported');
  const delay = parameters.get('delay_for') ?? '';
  if (!/^\d*$/.test(delay)) {
    throw new LogQueryError(`strconv.Atoi: parsing ${JSON.stringify(delay)}: invalid syntax`);
  }
  if (Number(delay) > maxDelaySeconds) throw new LogQueryError("delay_for can't be greater than 5");
  return query;
}

function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
