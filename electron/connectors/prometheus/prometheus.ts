import { Failure, messageOf } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { type HttpOptions, httpClient } from '../../platform/http.ts';
import { fingerprintOf, nameOf, serviceOf, severityOf, summaryOf } from '../alert-labels.ts';
import { alertQuery } from '../alert-query.ts';
import type { Alert, Connector, EndedAlert, MetricSource, Window } from '../source.ts';
import { ofOneProcess } from '../standing-alerts.ts';
import { withSkew } from '../with-skew.ts';
import { type ActiveAlert, type PrometheusApi, prometheusApi, type Rule } from './api.ts';
import { callsQuery, topologyOf } from './call-topology.ts';
import { conventionMetrics, conventions } from './conventions/all.ts';
import { descriptionOf } from './description.ts';
import { endedAlerts, endedGrid, endedQueries } from './ended-alerts.ts';
import { leftOutMeter } from './left-out.ts';
import { limitedTo } from './limited-to.ts';
import { withinScope } from './metric-scope.ts';
import { namesThere } from './names-there.ts';
import { joinParts, rangeParts } from './range-parts.ts';
import { readSoFar } from './read-so-far.ts';
import { type SentAlerts, sentAlerts } from './sent-alerts.ts';
import { expressionFor, tellsOf } from './series-expression.ts';
import { firstOfEach, type Grid, gridOf, seriesBy } from './service-metrics.ts';
import { type Asks, type WideScan, wideScan } from './wide-scan.ts';

export type PrometheusOptions = Pick<HttpOptions, 'tenant' | 'tls' | 'maxBytes'> & {
  id: string;
  name: string;
  url: string;
  /** The whole Authorization header, or null. */
  authorization: string | null;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  timeoutMs?: number;
  /** Matchers that everything read must fit, as the envelope has them; none where there is no limit. */
  metricScope?: () => readonly string[];
  /** With more series of services than this, those that changed are read alone. */
  wideFrom?: number;
};

/** Metrics and firing alerts of a Prometheus, or of anything that speaks its query API. It only reads. */
export function prometheus({
  id,
  name,
  metricScope = () => [],
  wideFrom,
  ...connection
}: PrometheusOptions): Connector {
  const http = httpClient({ system: 'Prometheus', maxBytes: MOST_BYTES, ...connection });
  const meter = leftOutMeter(Date.now);
  const api = prometheusApi(http, meter.note);
  // A share of nothing is no number, and nothing is wrong with it: our own queries make many.
  const ours = prometheusApi(http, (leftOut) => meter.note({ ...leftOut, notFinite: 0 }));
  const patient = prometheusApi(
    httpClient({ system: 'Prometheus', ...connection, timeoutMs: LOOK_TIMEOUT_MS }),
  );
  const limited = limitedTo(4);
  const wide = wideScan(politely(ours, limited), politely(patient, limitedTo(2)), wideFrom);
  const names = namesThere(ours);
  const sent = sentAlerts(ours);
  const connector: Connector = {
    id,
    kind: 'prometheus',
    name,
    describe: () => descriptionOf(metricScope()),
    metrics: metricSource({ api, ours, limited, wide, names, metricScope }),
    alerts: {
      startOf: 'condition',
      firing: async (signal) => (await standingAlerts({ api, sent, configuredMs: null }, signal)).firing,
      async standing(signal) {
        let configuredMs: number | null = null;
        const runningSince = async () => {
          const runtime = await api.runtime(signal);
          configuredMs = runtime.configuredMs;
          return runtime.sinceMs;
        };
        const told = await ofOneProcess(runningSince, () =>
          standingAlerts({ api, sent, configuredMs }, signal),
        );
        return { ...told, quiet: null };
      },
      async ended(window, signal) {
        const grid = endedGrid(window);
        const { fires, since } = endedQueries(grid);
        const read = (query: string) =>
          limited(() => ours.range(withinScope(query, metricScope()), grid, signal));
        const [fired, began] = await Promise.all([read(fires), read(since)]);
        return endedAlerts(fired, began, grid).map((alert) => asSent(sent, alert));
      },
    },
    test: (signal) => testConnection(api, sent, signal),
  };
  const skewed = withSkew(connector, 'Prometheus', http.skewMs);
  return {
    ...skewed,
    health: () => {
      const { skewMs, sentence } = skewed.health?.() ?? { skewMs: null, sentence: null };
      const odd = [sentence, meter.sentence(), wide.sentence(), names.sentence()].filter(
        (one) => one !== null,
      );
      return { skewMs, sentence: odd.length === 0 ? null : odd.join(' ') };
    },
  };
}

/** More of one answer would fill the memory before it were of use. */
const MOST_BYTES = 16 * 1_048_576;
const LOOK_TIMEOUT_MS = 100_000;

type Limited = ReturnType<typeof limitedTo>;

/** So that people's own queries are not crowded out. */
const politely = (api: PrometheusApi, limited: Limited): Asks => ({
  instant: (...asked) => limited(() => api.instant(...asked)),
  labelNames: (...asked) => limited(() => api.labelNames(...asked)),
  labelValues: (...asked) => limited(() => api.labelValues(...asked)),
});

function metricSource({
  api,
  ours,
  limited,
  wide,
  names,
  metricScope,
}: {
  api: PrometheusApi;
  /** Tells of less: what our own queries make. */
  ours: PrometheusApi;
  limited: Limited;
  wide: WideScan;
  names: ReturnType<typeof namesThere>;
  metricScope: () => readonly string[];
}): MetricSource {
  const soFar = readSoFar();
  const existing = onceAMinute(names.existing);
  return {
    async instant(query, atMs, signal) {
      const scoped = withinScope(query, metricScope());
      return limited(() => api.instant(scoped, atMs, signal));
    },
    async range(query, window, signal) {
      const scoped = withinScope(query, metricScope());
      const { stepMs } = window;
      const answers = rangeParts(window).map((part) =>
        limited(() => api.range(scoped, { ...part, stepMs }, signal)),
      );
      return joinParts(await Promise.all(answers));
    },

    async serviceMetrics(window, signal) {
      const scope = metricScope();
      const known = await existing(window, signal);
      const grid = gridOf(window);
      const applying = conventions
        .filter(({ kind }) => window.kinds?.includes(kind) ?? true)
        .filter(({ metrics }) => metrics.every((metric) => known.has(metric)));
      const wish = { grid, scope, services: window.services ?? [], signal };
      const answers = applying.map(async (convention) => {
        const wanted = await wide.wantedOf(convention, applying, wish);
        const read = (query: string) => async (part: Grid) =>
          seriesBy(convention, await limited(() => ours.range(query, part, signal)), part);
        switch (wanted.kind) {
          case 'all':
            return soFar(`${convention.name} ${wanted.query}`, grid, read(wanted.query));
          case 'some':
            return (await Promise.all(wanted.queries.map((query) => read(query)(grid)))).flat();
          case 'none':
            return [];
        }
      });
      return firstOfEach(await Promise.all(answers));
    },

    async expressionOf(series, window, signal) {
      const known = await existing(window, signal);
      const grid = gridOf(window);
      const candidates = conventions
        .filter((convention) => tellsOf(convention, series))
        .filter(({ metrics }) => metrics.every((metric) => known.has(metric)))
        .map((convention) => withinScope(expressionFor(convention, series, grid), metricScope()));
      for (const expression of candidates) {
        const samples = await limited(() => api.instant(expression, grid.toMs, signal));
        if (samples.length > 0) return expression;
      }
      return candidates[0] ?? null;
    },

    async topology(window, signal) {
      const scope = metricScope();
      const metrics = await existing(window, signal);
      if (!metrics.has('istio_requests_total')) return { services: [], calls: [] };
      return topologyOf(
        await limited(() => api.instant(withinScope(callsQuery(window), scope), window.toMs, signal)),
      );
    },
  };
}

/**
 * Remembers an answer for a minute of the time that is asked about, which is not the machine's in a drill. A failure is
 * not remembered.
 */
function onceAMinute<Answer>(ask: (window: Window, signal: AbortSignal) => Promise<Answer>) {
  let held: { fromMs: number; toMs: number; answer: Answer } | undefined;
  return async (window: Window, signal: AbortSignal): Promise<Answer> => {
    if (held && Math.abs(window.toMs - held.toMs) < 60_000 && window.fromMs >= held.fromMs - 60_000)
      return held.answer;
    const answer = await ask({ fromMs: window.fromMs, toMs: window.toMs }, signal);
    held = { fromMs: window.fromMs, toMs: window.toMs, answer };
    return answer;
  };
}

async function standingAlerts(
  { api, sent, configuredMs }: { api: PrometheusApi; sent: SentAlerts; configuredMs: number | null },
  signal: AbortSignal,
): Promise<{ firing: Alert[]; pending: string[] }> {
  const [all] = await Promise.all([api.alerts(signal), sent.follow(configuredMs, signal)]);
  const firing = all.filter(({ state }) => state === 'firing');
  const pending = all.filter(({ state }) => state === 'pending').map(({ labels }) => fingerprintOf(labels));
  if (firing.length === 0) return { firing: [], pending };
  const rules = await rulesIfTold(api, signal);
  return { firing: firing.map((alert) => asSent(sent, toAlert(alert, rules))), pending };
}

/** With the fingerprints under which Alertmanagers have it, where those are other ones. */
function asSent<Told extends Alert | EndedAlert>(sent: SentAlerts, alert: Told): Told {
  const sentAs = sent.sentAs(alert.labels);
  const isItself = sentAs?.length === 1 && sentAs[0] === alert.fingerprint;
  return sentAs === undefined || isItself ? alert : { ...alert, sentAs };
}

/** An alert is worth having without its query, so rules that cannot be read do not hide it. */
async function rulesIfTold(api: PrometheusApi, signal: AbortSignal): Promise<Rule[]> {
  try {
    return await api.alertingRules(signal);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'cancelled') return [];
    throw error;
  }
}

function toAlert(told: ActiveAlert, rules: readonly Rule[]): Alert {
  const { labels, annotations, activeAt } = told;
  const startedMs = Date.parse(activeAt ?? '');
  if (Number.isNaN(startedMs)) {
    throw new Failure('bad_reply', 'Prometheus tells of a firing alert without saying since when.');
  }
  const rule = ruleOf(labels, rules);
  return {
    fingerprint: fingerprintOf(labels),
    name: nameOf(labels),
    severity: severityOf(labels),
    service: serviceOf(labels),
    labels,
    summary: summaryOf(labels, annotations ?? {}),
    startedMs,
    ...(rule ? { query: alertQuery(rule.query), ...firesWithin(rule) } : {}),
    raw: JSON.stringify(told),
  };
}

/** Several rules may share a name and differ in their labels, most often the severity. */
function ruleOf(labels: Alert['labels'], rules: readonly Rule[]): Rule | undefined {
  const fitting = rules
    .filter(({ name }) => name === labels['alertname'])
    .filter((rule) =>
      Object.entries(rule.labels ?? {}).every(([key, value]) => isTemplate(value) || labels[key] === value),
    );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/**
 * An alert fires at the first evaluation after `for`, so before one interval more is over; to fire anew takes two intervals
 * at least, for it has to be over at one of them.
 */
const firesWithin = ({ duration, interval }: Rule): Pick<Alert, 'firesWithinMs'> =>
  duration === undefined || interval === undefined
    ? {}
    : { firesWithinMs: Math.min(Math.round((duration + interval * 1.5) * 1_000), MOST_FOR_MS) };
const MOST_FOR_MS = 365 * 86_400_000;

const isTemplate = (value: string) => value.includes('{{');

async function testConnection(
  api: PrometheusApi,
  sent: SentAlerts,
  signal: AbortSignal,
): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const version = await api.version(signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const metrics = await api.existing(conventionMetrics, null, signal);
    const rules = await rulesIfTold(api, signal);
    await sent.read(signal);
    const answers =
      metrics.size > 0
        ? `Prometheus ${version} answers, with metrics that Countersign knows.`
        : `Prometheus ${version} answers, but has none of the metrics that Countersign looks for; alerts and own queries work.`;
    return {
      ok: true,
      sentence: [answers, sent.sentence()].filter((one) => one !== null).join(' '),
      version,
      latencyMs,
      sees: [
        ...[...metrics].sort(),
        `${rules.length} alerting ${rules.length === 1 ? 'rule' : 'rules'}`,
        sent.summary(),
      ].filter((one) => one !== null),
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}
