import { Failure, messageOf } from '../../platform/failure.ts';
import type { Alert, Connector } from '../source.ts';
import { withSkew } from '../with-skew.ts';
import { Alarms, alertOf, cloudAlarmOf } from './alarms.ts';
import type { CloudAccess, CloudWatchApi } from './api.ts';
import { descriptionOf } from './description.ts';
import { historySource } from './history-source.ts';
import { lazyApi } from './lazy-api.ts';
import { readMetric } from './metric-data.ts';
import { wideScan } from './wide-scan.ts';

export type CloudWatchOptions = CloudAccess & {
  id: string;
  name: string;
  clock?: { now(): number };
  /** How often the history of alarms is read. */
  everyMs?: number;
};

/** Alarms look at whole minutes or ten seconds; asking more often costs and tells nothing. */
const ALARMS_KEPT_MS = 5_000;
const MOST_TOLD = 5_000;

/** Alarms, their history and metrics of CloudWatch, in each region that was named. It only reads. */
export function cloudWatch({ id, name, clock, everyMs, ...access }: CloudWatchOptions): Connector {
  const apis = access.regions.map((region) => lazyApi(region, access));
  const now = () => clock?.now() ?? Date.now();
  const told = new Set<string>();
  let mayReadHistory = true;
  let kept: { atMs: number; alerts: Alert[] } | null = null;

  async function firing(signal: AbortSignal): Promise<Alert[]> {
    if (kept && Date.now() - kept.atMs < ALARMS_KEPT_MS) return kept.alerts;
    const found = await inEach(apis, async (api) =>
      (await alarmsOf(api, true, signal)).map((alarm) => alertOf(api.region, alarm)),
    );
    for (const { labels, startedMs } of found)
      remember(told, keyOf(labels['region'] ?? '', labels['alertname'] ?? '', startedMs));
    kept = { atMs: Date.now(), alerts: found };
    return found;
  }

  const scansOf = new Map(apis.map((api) => [api.region, wideScan(api, Date.now)]));
  const connector: Connector = {
    id,
    kind: 'cloudwatch',
    name,
    describe: () => descriptionOf(access.regions),
    alerts: { firing },
    changes: historySource({
      apis,
      id,
      source: name,
      now,
      ...(everyMs === undefined ? {} : { everyMs }),
      isTold: (region, alarm, atMs) => told.has(keyOf(region, alarm, atMs)),
      onAllowed: (allowed) => {
        mayReadHistory = allowed;
      },
    }),
    cloud: {
      regions: access.regions,
      series: (metric, window, signal) => readMetric(apiOf(apis, metric.region), metric, window, signal),
      alarms: (signal) =>
        inEach(apis, async (api) =>
          (await alarmsOf(api, false, signal)).map((alarm) => cloudAlarmOf(api.region, alarm)),
        ),
      serviceMetrics: (window, signal) =>
        inEach(apis, async ({ region }) => (await scansOf.get(region)?.(window, signal)) ?? []),
    },
    test: (signal) => testConnection(apis, signal),
  };
  const skewed = withSkew(connector, 'CloudWatch', () => largest(apis.map((api) => api.skewMs())));
  return {
    ...skewed,
    health: () => {
      const { skewMs, sentence } = skewed.health?.() ?? { skewMs: null, sentence: null };
      const unseen = mayReadHistory
        ? null
        : 'It may not read the history of alarms (cloudwatch:DescribeAlarmHistory): what fired and was well again in between is not seen.';
      return { skewMs, sentence: [sentence, unseen].filter((one) => one !== null).join(' ') || null };
    },
  };
}

async function alarmsOf(api: CloudWatchApi, inAlarm: boolean, signal: AbortSignal) {
  const parsed = Alarms.safeParse(await api.alarms(inAlarm, signal));
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_reply',
    `CloudWatch in ${api.region} sent alarms that cannot be read.`,
    parsed.error,
  );
}

/** INVARIANT: all regions or none: an alarm that is missing would count as resolved. */
const inEach = async <T>(
  apis: readonly CloudWatchApi[],
  ask: (api: CloudWatchApi) => Promise<T[]>,
): Promise<T[]> => (await Promise.all(apis.map(ask))).flat();

function apiOf(apis: readonly CloudWatchApi[], region: string): CloudWatchApi {
  const found = apis.find((api) => api.region === region);
  if (found) return found;
  throw new Failure(
    'bad_input',
    `This connection reads ${apis.map((api) => api.region).join(', ')}, and not ${JSON.stringify(region.slice(0, 40))}.`,
  );
}

async function testConnection(
  apis: readonly CloudWatchApi[],
  signal: AbortSignal,
): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const alarms = await inEach(apis, (api) => alarmsOf(api, false, signal));
    const latencyMs = Math.round(performance.now() - startedMs);
    const [history, metrics] = await Promise.all([
      allowed(() =>
        inEach(apis, (api) => api.history({ fromMs: Date.now() - 60_000, toMs: Date.now() }, signal)),
      ),
      allowed(() => inEach(apis, (api) => api.metricData([aMetric], lastMinutes(), signal))),
    ]);
    const unseen = [
      history ? null : 'the history of alarms (cloudwatch:DescribeAlarmHistory)',
      metrics ? null : 'metrics (cloudwatch:GetMetricData)',
    ].filter((one) => one !== null);
    return {
      ok: true,
      sentence: `CloudWatch answers in ${apis.map(({ region }) => region).join(', ')}.${unseen.length === 0 ? '' : ` These credentials may not read ${unseen.join(' nor ')}.`}`,
      version: null,
      latencyMs,
      sees: [
        `${alarms.length} ${alarms.length === 1 ? 'alarm' : 'alarms'}, ${alarms.filter(({ StateValue }) => StateValue === 'ALARM').length} in alarm`,
        ...(history ? ['their history'] : []),
        ...(metrics ? ['metrics'] : []),
      ],
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}

/** Any will do: what counts is whether it may be asked for. */
const aMetric = {
  Id: 'm1',
  MetricStat: { Metric: { Namespace: 'AWS/Usage', MetricName: 'CallCount' }, Period: 60, Stat: 'Sum' },
};
const lastMinutes = () => {
  const toMs = Math.floor(Date.now() / 60_000) * 60_000;
  return { fromMs: toMs - 300_000, toMs };
};

async function allowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'unauthorized') return false;
    throw error;
  }
}

const largest = (all: readonly (number | null)[]): number | null =>
  all.reduce((most, one) => (one !== null && Math.abs(one) >= Math.abs(most ?? 0) ? one : most), null);

const keyOf = (region: string, alarm: string, atMs: number): string => JSON.stringify([region, alarm, atMs]);

function remember(told: Set<string>, key: string): void {
  told.delete(key);
  told.add(key);
  const oldest = told.values().next().value;
  if (told.size > MOST_TOLD && oldest !== undefined) told.delete(oldest);
}
