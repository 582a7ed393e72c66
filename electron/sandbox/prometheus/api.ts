import type { Answer, Request } from '../http/loopback.ts';
import { json, text } from './answers.ts';
import { labelNames, labelValues, seriesNamed } from './find-series.ts';
import { tellMetadata } from './metadata.ts';
import { parametersOf } from './parameters.ts';
import { QueryError } from './promql/query-error.ts';
import type { RuleEngine } from './rules.ts';
import { instantQuery, rangeQuery } from './run-query.ts';
import type { SeriesStore } from './series-store.ts';
import { tellAlerts, tellRules } from './tell-rules.ts';

export { refusals } from './answers.ts';

/** The version whose behaviour is imitated. */
const buildInformation = {
  version: '2.42.0',
  revision: 'countersign-sandbox',
  branch: 'HEAD',
  buildUser: 'countersign',
  buildDate: '20260101-00:00:00',
  goVersion: 'none',
};

/** As Prometheus writes its configuration back: alerts arrive at the simulated Alertmanager with their own labels. */
const configuration = {
  yaml: `global:
  scrape_interval: 15s
  scrape_timeout: 10s
  evaluation_interval: 15s
alerting:
  alertmanagers:
  - follow_redirects: true
    enable_http2: true
    scheme: http
    timeout: 10s
    api_version: v2
    static_configs:
    - targets:
      - alertmanager.monitoring.example:9093
`,
};

type Route = { byForm: boolean; answer: (parameters: URLSearchParams) => unknown };

/**
 * The HTTP API of Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api/): instant and range queries,
 * series, labels, metadata, alerts, rules, build information and configuration. `advance` brings the world to now.
 */
export function prometheusApi(options: {
  store: SeriesStore;
  rules: RuleEngine;
  now: () => number;
  advance: () => void;
}): (request: Request) => Answer {
  const { store, rules, now, advance } = options;

  const routes = new Map<string, Route>([
    ['query', { byForm: true, answer: (parameters) => instantQuery(parameters, store, now()) }],
    ['query_range', { byForm: true, answer: (parameters) => rangeQuery(parameters, store) }],
    ['series', { byForm: true, answer: (parameters) => seriesNamed(parameters, store) }],
    ['labels', { byForm: true, answer: (parameters) => labelNames(parameters, store) }],
    ['metadata', { byForm: false, answer: tellMetadata }],
    ['alerts', { byForm: false, answer: () => tellAlerts(rules) }],
    ['rules', { byForm: false, answer: (parameters) => tellRules(parameters, rules) }],
    ['status/buildinfo', { byForm: false, answer: () => buildInformation }],
    ['status/config', { byForm: false, answer: () => configuration }],
  ]);

  function routeOf(path: string): Route | undefined {
    const label = /^label\/([^/]+)\/values$/.exec(path)?.[1];
    if (label === undefined) return routes.get(path);
    return { byForm: false, answer: (parameters) => labelValues(label, parameters, store) };
  }

  return (request) => {
    const [, path = ''] = /^\/api\/v1\/(.*)$/.exec(request.path) ?? [];
    const route = routeOf(path);
    if (!route) return text(404, '404 page not found\n');
    if (request.method === 'OPTIONS') return { status: 204, headers: {}, body: '' };
    if (request.method !== 'GET' && !(request.method === 'POST' && route.byForm)) {
      const allow = route.byForm ? 'GET, OPTIONS, POST' : 'GET, OPTIONS';
      return text(405, 'Method Not Allowed\n', { allow });
    }
    try {
      advance();
      return json(200, { status: 'success', data: route.answer(parametersOf(request)) });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const status = error.type === 'bad_data' ? 400 : 422;
      return json(status, { status: 'error', errorType: error.type, error: error.message });
    }
  };
}
