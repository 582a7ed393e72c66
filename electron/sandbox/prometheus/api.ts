import type { Answer, Request } from '../http/loopback.ts';
import { keyOf, type Labels } from './labels.ts';
import { durationMs } from './promql/duration.ts';
import { evaluate, select, type Value } from './promql/evaluate.ts';
import { QueryError } from './promql/query-error.ts';
import type { Row } from './promql/row.ts';
import { parseQuery, typeOf } from './promql/syntax.ts';
import type { Alert, RuleEngine } from './rules.ts';
import type { SeriesStore } from './series-store.ts';

const maxPoints = 11_000;

/**
 * The HTTP API of Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api/): instant and range queries,
 * series, labels, metadata, alerts, rules and build information, by GET or form POST. `advance` brings the world to now.
 */
export function prometheusApi(options: {
  store: SeriesStore;
  rules: RuleEngine;
  now: () => number;
  advance: () => void;
}): (request: Request) => Answer {
  const { store, rules, now, advance } = options;

  const routes: Record<string, (parameters: URLSearchParams) => unknown> = {
    query(parameters) {
      const atMs = timeOf(parameters, 'time', now());
      const expr = parseQuery(required(parameters, 'query'));
      const value = evaluate(expr, store, Float64Array.of(atMs));
      if (value.type === 'scalar') return { resultType: 'scalar', result: sample(atMs, value.values[0]) };
      const ordered = expr.kind === 'aggregate' && expr.parameter ? value.rows : sorted(value.rows);
      const result = ordered
        .filter((row) => row.present[0])
        .map((row) => ({ metric: row.labels, value: sample(atMs, row.values[0]) }));
      return { resultType: 'vector', result };
    },

    query_range(parameters) {
      const fromMs = timeOf(parameters, 'start');
      const toMs = timeOf(parameters, 'end');
      const stepMs = stepOf(parameters);
      if (toMs < fromMs) badParameter('end', 'end timestamp must not be before start time');
      if ((toMs - fromMs) / stepMs > maxPoints) {
        throw new QueryError(
          'bad_data',
          'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
        );
      }
      const expr = parseQuery(required(parameters, 'query'));
      if (typeOf(expr) === 'matrix') {
        badParameter(
          'query',
          'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
        );
      }
      const steps = Float64Array.from(
        { length: Math.floor((toMs - fromMs) / stepMs) + 1 },
        (_, step) => fromMs + step * stepMs,
      );
      return { resultType: 'matrix', result: matrix(evaluate(expr, store, steps), steps) };
    },

    series(parameters) {
      const selectors = parameters.getAll('match[]');
      if (selectors.length === 0) throw new QueryError('bad_data', 'no match[] parameter provided');
      return matching(selectors);
    },

    labels: (parameters) => [...new Set(matching(parameters.getAll('match[]')).flatMap(Object.keys))].sort(),

    metadata(parameters) {
      const wanted = parameters.get('metric');
      const described = Object.entries(metadata).filter(([name]) => wanted === null || name === wanted);
      return Object.fromEntries(described.map(([name, type]) => [name, [{ ...type, unit: '' }]]));
    },

    alerts: () => ({ alerts: rules.alerts().map(toAlert) }),
    rules: () => ({ groups: [ruleGroup(rules)] }),
    'status/buildinfo': () => ({
      version: '3.5.0',
      revision: 'countersign-sandbox',
      branch: 'HEAD',
      buildUser: 'countersign',
      buildDate: '20260101-00:00:00',
      goVersion: 'none',
    }),
  };

  const formats = new Set(['query', 'query_range', 'series', 'labels']);

  return (request) => {
    const [, path = ''] = /^\/api\/v1\/(.*)$/.exec(request.path) ?? [];
    const labelName = /^label\/([^/]+)\/values$/.exec(path)?.[1];
    const route =
      labelName === undefined
        ? own(routes, path)
        : (parameters: URLSearchParams) => valuesOf(labelName, parameters);
    if (!route) return text(404, '404 page not found\n');
    if (request.method !== 'GET' && !(request.method === 'POST' && formats.has(path))) {
      return text(405, 'Method Not Allowed\n', { allow: formats.has(path) ? 'GET, POST' : 'GET' });
    }
    try {
      advance();
      return json(200, { status: 'success', data: route(parametersOf(request)) });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const status = error.type === 'bad_data' ? 400 : 422;
      return json(status, { status: 'error', errorType: error.type, error: error.message });
    }
  };

  function valuesOf(label: string, parameters: URLSearchParams): string[] {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
      throw new QueryError('bad_data', `invalid label name: ${JSON.stringify(label)}`);
    const values = matching(parameters.getAll('match[]')).map((labels) => labels[label] ?? '');
    return [...new Set(values.filter((value) => value !== ''))].sort();
  }

  function matching(selectors: readonly string[]): Labels[] {
    if (selectors.length === 0) return store.all().map(({ labels }) => labels);
    const found = new Map<string, Labels>();
    for (const selector of selectors) {
      const expr = parseQuery(selector);
      if (expr.kind !== 'selector' || expr.rangeMs !== null)
        badParameter('match[]', `not a series selector: ${selector}`);
      else for (const { labels } of select(expr.matchers, store)) found.set(keyOf(labels), labels);
    }
    return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, labels]) => labels);
  }
}

/** Prometheus itself knows no tokens; the proxies in front of it answer like this. */
export const refusals = {
  unauthorized: text(401, 'Unauthorized\n', { 'www-authenticate': 'Bearer' }),
  tooLarge: text(413, 'Request Entity Too Large\n'),
  failed: json(500, { status: 'error', errorType: 'internal', error: 'internal error' }),
};

const own = <T>(routes: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(routes, name) ? routes[name] : undefined;

function parametersOf(request: Request): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  if (request.method !== 'POST') return parameters;
  if (!/^application\/x-www-form-urlencoded\b/.test(request.contentType)) return parameters;
  for (const [name, value] of new URLSearchParams(request.body)) parameters.append(name, value);
  return parameters;
}

const badParameter = (name: string, why: string): never => {
  throw new QueryError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${why}`);
};

function required(parameters: URLSearchParams, name: string): string {
  return parameters.get(name) ?? '';
}

function timeOf(parameters: URLSearchParams, name: string, otherwise?: number): number {
  const text = parameters.get(name);
  if ((text === null || text === '') && otherwise !== undefined) return otherwise;
  const seconds = text ? Number(text) : Number.NaN;
  const milliseconds = Number.isFinite(seconds) ? Math.round(seconds * 1_000) : Date.parse(text ?? '');
  if (!Number.isFinite(milliseconds)) {
    return badParameter(name, `cannot parse ${JSON.stringify(text ?? '')} to a valid timestamp`);
  }
  return milliseconds;
}

function stepOf(parameters: URLSearchParams): number {
  const text = parameters.get('step') ?? '';
  const milliseconds = durationMs(text);
  if (milliseconds === null)
    return badParameter('step', `cannot parse ${JSON.stringify(text)} to a valid duration`);
  if (milliseconds <= 0) {
    return badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  return milliseconds;
}

function matrix(value: Value, steps: Float64Array): unknown[] {
  if (value.type === 'scalar') {
    return [{ metric: {}, values: [...steps].map((atMs, step) => sample(atMs, value.values[step])) }];
  }
  return sorted(value.rows).flatMap((row) => {
    const values: [number, string][] = [];
    for (let step = 0; step < steps.length; step++) {
      if (row.present[step]) values.push(sample(steps[step] ?? 0, row.values[step]));
    }
    return values.length === 0 ? [] : [{ metric: row.labels, values }];
  });
}

const sorted = (rows: readonly Row[]): Row[] =>
  rows
    .map((row) => ({ row, key: keyOf(row.labels) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ row }) => row);

const sample = (atMs: number, value: number | undefined): [number, string] => [
  atMs / 1_000,
  numberText(value ?? Number.NaN),
];

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}

const toAlert = (alert: Alert) => ({
  labels: alert.labels,
  annotations: alert.annotations,
  state: alert.state,
  activeAt: new Date(alert.activeAtMs).toISOString(),
  value: alert.value.toExponential(),
});

function ruleGroup(engine: RuleEngine) {
  const lastEvaluation = new Date(engine.lastEvaluationMs()).toISOString();
  return {
    name: 'services',
    file: '/etc/prometheus/rules/services.yaml',
    interval: 15,
    limit: 0,
    evaluationTime: 0.001,
    lastEvaluation,
    rules: engine.rules.map((rule) => {
      const alerts = engine.alerts().filter((alert) => alert.rule === rule);
      const pending = alerts.length > 0 ? 'pending' : 'inactive';
      return {
        type: 'alerting',
        state: alerts.some(({ state }) => state === 'firing') ? 'firing' : pending,
        name: rule.alert,
        query: rule.expr.trim().replaceAll(/\s+/g, ' '),
        duration: rule.forSeconds,
        keepFiringFor: 0,
        labels: rule.labels,
        annotations: rule.annotations,
        alerts: alerts.map(toAlert),
        health: 'ok',
        lastError: '',
        evaluationTime: 0.0005,
        lastEvaluation,
      };
    }),
  };
}

const metadata: Readonly<Record<string, { type: string; help: string }>> = {
  container_cpu_usage_seconds_total: { type: 'counter', help: 'Cumulative cpu time consumed' },
  container_memory_working_set_bytes: { type: 'gauge', help: 'Current working set of the container' },
  istio_request_duration_milliseconds: { type: 'histogram', help: 'Duration of requests' },
  istio_requests_total: { type: 'counter', help: 'Total number of requests' },
  kube_deployment_spec_replicas: { type: 'gauge', help: 'Number of desired pods for a deployment' },
  kube_deployment_status_replicas_available: {
    type: 'gauge',
    help: 'Number of available replicas per deployment',
  },
  kube_pod_container_resource_limits: {
    type: 'gauge',
    help: 'The number of requested limit resource by a container',
  },
  up: { type: 'gauge', help: 'Whether the last scrape of the target succeeded' },
};

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}
