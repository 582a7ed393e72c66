import { type Clock, scaledClock } from '../../platform/clock.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { type HttpOptions, httpClient } from '../../platform/http.ts';
import { bounded } from '../bounded.ts';
import type { LogSource, LogWish } from '../inspection.ts';
import type { Connector, Window } from '../source.ts';
import { type LokiApi, lokiApi, type Stream } from './api.ts';
import { descriptionOf } from './description.ts';
import { errorSource } from './error-source.ts';
import { logQuery, scopeSelector } from './log-query.ts';
import { NAMESPACE_LABELS, namespaceIn, SERVICE_LABELS } from './stream-labels.ts';

export type LokiOptions = Pick<HttpOptions, 'tenant' | 'tls' | 'maxBytes'> & {
  id: string;
  name: string;
  url: string;
  /** The whole Authorization header, or null. */
  authorization: string | null;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  timeoutMs?: number;
  /** Matchers that every stream must fit, as the envelope has them; none where there is no limit. */
  logScope?: () => readonly string[];
  /** Whether the envelope lets a namespace be read; a stream that names none is in the namespace ''. */
  mayRead?: (namespace: string) => boolean;
  /** A drill has a time of its own. */
  clock?: Clock;
  /** Whether error lines are heard as they are written. */
  isLive?: boolean;
};

type Limits = Required<Pick<LokiOptions, 'logScope' | 'mayRead'>>;

const MOST_LINES = 1_500;
const MOST_BYTES = 8 * 1_048_576;
const MOST_CHARACTERS_A_LINE = 2_000;
const TESTED_MS = 5 * 60_000;
const MOST_SPAN_MS = 6 * 3_600_000;

/** The logs of a Loki by service, and where errors in them pile up. It only reads. */
export function loki({
  id,
  name,
  logScope = () => [],
  mayRead = () => true,
  clock = machineClock(),
  isLive = false,
  ...connection
}: LokiOptions): Connector {
  const api = lokiApi(httpClient({ system: 'Loki', maxBytes: MOST_BYTES, ...connection }));
  const errors = errorSource({ api, source: name, clock, logScope, mayRead, isLive });
  return {
    id,
    kind: 'loki',
    name,
    describe: () => descriptionOf(logScope()),
    changes: errors,
    health: () => ({ skewMs: null, sentence: errors.oddity() }),
    logs: logSource(api, { logScope, mayRead }),
    test: (signal) => testConnection(api, clock.now(), signal),
  };
}

/** A task that fails without saying so itself is a defect. */
const machineClock = (): Clock =>
  scaledClock((error) => {
    throw error;
  }).clock;

function logSource(api: LokiApi, { logScope, mayRead }: Limits): LogSource {
  const isInside = (labels: Record<string, string>) => mayRead(namespaceIn(labels));

  async function queryOf(wish: LogWish, window: Window, signal: AbortSignal) {
    const scope = logScope();
    return logQuery(await labelOf(api, wish.service, scope, window, signal), wish, scope);
  }

  return {
    async lines(wish, window, signal) {
      const span = latestOf(window);
      const { query, selector } = await queryOf(wish, span, signal);
      const streams = await api.lines(query, { ...span, limit: MOST_LINES }, signal);
      const inside = streams.filter(({ labels }) => isInside(labels));
      const found = streams.reduce((sum, { lines }) => sum + lines.length, 0);
      return {
        selector,
        lines: linesIn(inside),
        cut: found >= MOST_LINES || span.fromMs > window.fromMs,
        outside: streams.length - inside.length,
      };
    },

    async counts(wish, { stepMs, ...window }, signal) {
      const span = latestOf(window);
      const { query } = await queryOf(wish, span, signal);
      const range = `${Math.max(1, Math.round(stepMs / 1000))}s`;
      const counted = `sum by (${NAMESPACE_LABELS.join(', ')}) (count_over_time(${query} [${range}]))`;
      const rows = await api.counts(counted, { ...span, stepMs }, signal);
      const sums = new Map<number, number>();
      for (const { labels, points } of rows) {
        if (!isInside(labels)) continue;
        for (const { atMs, value } of points) {
          if (Number.isFinite(value)) sums.set(atMs, (sums.get(atMs) ?? 0) + value);
        }
      }
      return [...sums].sort(([a], [b]) => a - b).map(([atMs, value]) => ({ atMs, value }));
    },
  };
}

const latestOf = ({ fromMs, toMs }: Window): Window => ({
  fromMs: Math.max(fromMs, toMs - MOST_SPAN_MS),
  toMs,
});

async function labelOf(
  api: LokiApi,
  service: string,
  scope: readonly string[],
  window: Window,
  signal: AbortSignal,
): Promise<string> {
  const selector = scopeSelector(scope);
  const labels = new Set(await api.labels(window, signal));
  for (const label of SERVICE_LABELS) {
    if (!labels.has(label)) continue;
    if ((await api.valuesOf(label, selector, window, signal)).includes(service)) return label;
  }
  throw new Failure(
    'not_found',
    `Loki has no stream of ${JSON.stringify(service.slice(0, 100))} in this time${scope.length === 0 ? '' : ', within what the envelope lets be read (reads.logs)'}. Looked at: ${SERVICE_LABELS.join(', ')}.`,
  );
}

const linesIn = (streams: readonly Stream[]) =>
  streams
    .flatMap(({ labels, lines }) =>
      lines.map(({ atMs, text }) => ({
        atMs,
        text: bounded(text, MOST_CHARACTERS_A_LINE),
        pod: labels['pod'] ?? labels['k8s_pod_name'] ?? null,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs);

async function testConnection(api: LokiApi, now: number, signal: AbortSignal): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const version = await api.version(signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const labels = await api.labels({ fromMs: now - TESTED_MS, toMs: now }, signal);
    const known = SERVICE_LABELS.filter((label) => labels.includes(label));
    return {
      ok: true,
      sentence:
        known.length > 0
          ? `Loki ${version} answers, with streams that name their service.`
          : `Loki ${version} answers, but no stream of the last five minutes names its service. Let the collector set one of ${SERVICE_LABELS.join(', ')}.`,
      version,
      latencyMs,
      sees: known,
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}
