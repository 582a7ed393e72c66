import type { Answer, Request } from '../http/loopback.ts';
import { keyOf, type Labels } from '../prometheus/labels.ts';
import { directionOf, limitOf, nsOf, spanOf, stepsOf, timeOf } from './parameters.ts';
import type { LogSource } from './pod-logs.ts';
import { LogQueryError } from './query-error.ts';
import { type Cost, type FoundStream, findLines, matches, measure } from './run-query.ts';
import { parseQuery, parseSelector, type StreamMatcher } from './syntax.ts';

const sixHoursMs = 6 * 3_600_000;

/**
 * The reading part of the HTTP API of Loki (https://grafana.com/docs/loki/latest/reference/loki-http-api/): lines and
 * counts over a range, counts at an instant, labels, their values and streams, by GET or form POST. Nothing can be
 * pushed. `advance` brings the world to now and returns it.
 */
export function lokiApi(options: { source: LogSource; advance: () => number }): (request: Request) => Answer {
  const { source, advance } = options;

  const routes: Readonly<Record<string, (parameters: URLSearchParams, nowMs: number) => Answer>> = {
    query_range(parameters, nowMs) {
      const span = spanOf(parameters, nowMs);
      const limit = limitOf(parameters);
      const direction = directionOf(parameters);
      const steps = stepsOf(parameters, span);
      const query = parseQuery(parameters.get('query') ?? '');
      if (query.kind === 'logs') {
        const { streams, cost } = findLines(source, query, span, limit, direction);
        return success({
          resultType: 'streams',
          result: streams.map(toStream),
          stats: statistics(cost, streams),
        });
      }
      const { rows, cost } = measure(source, query, steps);
      const result = rows.map(({ labels, values }) => ({
        metric: labels,
        values: steps.flatMap((at, step) => sampleAt(at, values[step] ?? null)),
      }));
      return success({ resultType: 'matrix', result, stats: statistics(cost, []) });
    },

    query(parameters, nowMs) {
      limitOf(parameters);
      directionOf(parameters);
      const at = timeOf(parameters, 'time') ?? nsOf(nowMs);
      const query = parseQuery(parameters.get('query') ?? '');
      if (query.kind === 'logs') {
        throw new LogQueryError(
          'log queries are not supported as an instant query type, please change your query to a range query type',
        );
      }
      const { rows, cost } = measure(source, query, [at]);
      const result = rows.flatMap(({ labels, values }) =>
        sampleAt(at, values[0] ?? null).map((value) => ({ metric: labels, value })),
      );
      return success({ resultType: 'vector', result, stats: statistics(cost, []) });
    },

    labels: (parameters, nowMs) =>
      list(labelSets(parameters, nowMs, selectorIn(parameters)).flatMap(Object.keys)),

    series(parameters, nowMs) {
      const selectors = parameters.getAll('match[]').concat(parameters.getAll('match'));
      if (selectors.length === 0) throw new LogQueryError('0 matcher groups supplied');
      const found = new Map<string, Labels>();
      for (const selector of selectors) {
        for (const labels of labelSets(parameters, nowMs, parseSelector(selector), 3_600_000)) {
          found.set(keyOf(labels), labels);
        }
      }
      return success([...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, labels]) => labels));
    },

    // Reached only by whoever does not ask for a WebSocket.
    tail(parameters) {
      parseQuery(parameters.get('query') ?? '');
      return text(400, 'Bad Request\n', { 'sec-websocket-version': '13' });
    },

    'status/buildinfo': () =>
      json(200, {
        version: '3.5.0',
        revision: 'countersign-sandbox',
        branch: 'HEAD',
        buildUser: 'countersign',
        buildDate: '2026-01-01T00:00:00Z',
        goVersion: 'none',
      }),
  };

  return (request) => {
    if (request.path === '/ready') return text(200, 'ready\n');
    const [, path = ''] = /^\/loki\/api\/v1\/(.*)$/.exec(request.path) ?? [];
    const [, label] = /^label\/([^/]+)\/values$/.exec(path) ?? [];
    const route =
      label === undefined
        ? Object.hasOwn(routes, path)
          ? routes[path]
          : undefined
        : (parameters: URLSearchParams, nowMs: number) => valuesOf(label, parameters, nowMs);
    if (!route) return text(404, '404 page not found\n');
    if (request.method !== 'GET' && (request.method !== 'POST' || path === 'status/buildinfo')) {
      return text(405, '');
    }
    try {
      return route(parametersOf(request), advance());
    } catch (error) {
      if (!(error instanceof LogQueryError)) throw error;
      return text(error.status, error.message);
    }
  };

  function valuesOf(label: string, parameters: URLSearchParams, nowMs: number): Answer {
    const sets = labelSets(parameters, nowMs, selectorIn(parameters));
    return list(sets.flatMap((labels) => (Object.hasOwn(labels, label) ? [labels[label] ?? ''] : [])));
  }

  function labelSets(
    parameters: URLSearchParams,
    nowMs: number,
    matchers: readonly StreamMatcher[],
    defaultMs = sixHoursMs,
  ): Labels[] {
    const { fromNs, toNs } = spanOf(parameters, nowMs, defaultMs);
    const { from, to } = source.windows(Number(fromNs / 1_000_000n), Number(toNs / 1_000_000n));
    return source
      .streams(from, to)
      .map(({ labels }) => labels)
      .filter((labels) => matches(matchers, labels));
  }
}

/** Loki itself knows no tokens; the proxies in front of it answer like this. */
export const refusals = {
  unauthorized: text(401, 'Unauthorized\n', { 'www-authenticate': 'Bearer' }),
  tooLarge: text(413, 'Request Entity Too Large\n'),
  failed: text(500, 'internal error'),
};

const selectorIn = (parameters: URLSearchParams): StreamMatcher[] => {
  const query = parameters.get('query') ?? '';
  return query === '' ? [] : parseSelector(query);
};

function parametersOf(request: Request): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  if (request.method !== 'POST' || !/^application\/x-www-form-urlencoded\b/.test(request.contentType)) {
    return parameters;
  }
  for (const [name, value] of new URLSearchParams(request.body)) parameters.append(name, value);
  return parameters;
}

/** A stream as query answers and tails carry it: times are nanoseconds, as texts, for they are too large for numbers. */
export const toStream = ({ labels, entries }: FoundStream) => ({
  stream: labels,
  values: entries.map(({ ns, line }): [string, string] => [String(ns), line]),
});

const sampleAt = (at: bigint, value: number | null): [number, string][] =>
  value === null ? [] : [[Number(at / 1_000_000n) / 1_000, String(value)]];

/** Loki leaves `data` out when there is nothing in it. */
function list(items: readonly string[]): Answer {
  const sorted = [...new Set(items)].sort();
  return json(200, { status: 'success', ...(sorted.length === 0 ? {} : { data: sorted }) });
}

const success = (data: unknown): Answer => json(200, { status: 'success', data });

/** The statistics of a real answer; what there is no storage for stands at 0, and a line takes a microsecond. */
function statistics({ lines, bytes }: Cost, streams: readonly FoundStream[]) {
  const execTime = Math.max(lines, 1) / 1e6;
  const chunk = {
    headChunkBytes: 0,
    headChunkLines: 0,
    decompressedBytes: bytes,
    decompressedLines: lines,
    compressedBytes: 0,
    totalDuplicates: 0,
  };
  const store = { totalChunksRef: 0, totalChunksDownloaded: 0, chunksDownloadTime: 0, chunk };
  const idle = { ...store, chunk: { ...chunk, decompressedBytes: 0, decompressedLines: 0 } };
  return {
    summary: {
      bytesProcessedPerSecond: Math.round(bytes / execTime),
      linesProcessedPerSecond: Math.round(lines / execTime),
      totalBytesProcessed: bytes,
      totalLinesProcessed: lines,
      execTime,
      queueTime: 0,
      subqueries: 0,
      totalEntriesReturned: streams.reduce((total, { entries }) => total + entries.length, 0),
      splits: 0,
      shards: 0,
    },
    querier: { store },
    ingester: { totalReached: 0, totalChunksMatched: 0, totalBatches: 0, totalLinesSent: 0, store: idle },
  };
}

function json(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(body),
  };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
    body,
  };
}
