import type { Observation } from '../../shared/vocabulary/event.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Alert, Connector } from '../connectors/source.ts';
import type { Ledger } from '../ledger/log.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventRepository } from '../store/event-repository.ts';
import { wellFormed } from '../timeline/normalise.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { IncidentDesk } from './incident-desk.ts';

/** Evidence is gathered from this long before the first alert: causes are older than their symptoms. */
const LOOK_BACK_MS = 65 * 60_000;
const METRIC_WINDOW_MS = 15 * 60_000;
const READ_TIMEOUT_MS = 8_000;

export type AlertIntakePorts = {
  incidents: IncidentDesk;
  timeline: Timeline;
  events: EventRepository;
  ledger: Ledger;
  logger: Logger;
  person(): string;
  drill(): Incident['drill'];
  nowMs(): number;
  /** Begins the work on an incident that an alert has opened. */
  onOpened(incident: Incident): void;
};

/**
 * Makes incidents of firing alerts. While an incident is open, further alerts join it; an alert that was seen before,
 * in whatever incident, opens none again.
 */
export function alertIntake(ports: AlertIntakePorts) {
  const { incidents, timeline, events, ledger } = ports;
  const firing = new Map<string, { incident: IncidentId; alert: Alert }>();

  return async (connector: Connector, delivered: readonly Alert[]): Promise<void> => {
    const alerts = wellFormed(delivered) as Alert[];
    const fresh = alerts.filter((alert) => !events.hasKey(keyOf(connector, alert)));
    if (fresh.length > 0) {
      const incident = incidents.openOnes().at(-1) ?? opened(connector, fresh);
      timeline.add(
        incident.id,
        fresh.map((alert) => observationOf(connector, alert)),
      );
      incidents.involve(
        incident.id,
        fresh.flatMap(({ service }) => service ?? []),
      );
      for (const alert of fresh) firing.set(keyOf(connector, alert), { incident: incident.id, alert });
      await Promise.all(fresh.map((alert) => addMetric(connector, alert, incident.id)));
    }
    resolveGone(connector, alerts);
  };

  function opened(connector: Connector, alerts: readonly Alert[]): Incident {
    const worst = alerts.find(({ severity }) => severity === 'critical') ?? alerts[0];
    if (!worst) throw new Error('An incident is opened by at least one alert');
    const actor = { kind: 'connector' as const, name: connector.name };
    const incident = incidents.open({
      title: worst.summary,
      severity: worst.severity === 'critical' ? 'sev1' : worst.severity === 'warning' ? 'sev2' : 'sev3',
      commander: ports.person(),
      fromMs: Math.min(...alerts.map(({ startedMs }) => startedMs)) - LOOK_BACK_MS,
      services: [],
      drill: ports.drill(),
      openedBy: actor,
      because: `The alert ${worst.name} fired${alerts.length > 1 ? `, with ${alerts.length - 1} more` : ''}`,
    });
    ledger.record(
      alerts.map(({ fingerprint, name, labels, startedMs }) => ({
        kind: 'signal' as const,
        incident: incident.id,
        actor,
        body: { alert: name, fingerprint, labels, startedMs },
      })),
    );
    ports.onOpened(incident);
    return incident;
  }

  /** The series behind an alert stands on the timeline with its value, as evidence of what fired. */
  async function addMetric(connector: Connector, alert: Alert, incident: IncidentId): Promise<void> {
    const { metrics } = connector;
    if (!metrics || !alert.query) return;
    const nowMs = ports.nowMs();
    try {
      const window = { fromMs: Math.max(0, nowMs - METRIC_WINDOW_MS), toMs: nowMs, stepMs: 15_000 };
      const found = await metrics.range(alert.query.series, window, AbortSignal.timeout(READ_TIMEOUT_MS));
      timeline.add(
        incident,
        found
          .filter(({ labels }) => isOf(alert, labels))
          .slice(0, MOST_SERIES)
          .flatMap((series, index) => metricObservation(connector, alert, series, index)),
      );
    } catch (error) {
      ports.logger.warn(
        { alert: alert.name, error: messageOf(error) },
        'the series of an alert could not be read',
      );
    }
  }

  function resolveGone(connector: Connector, alerts: readonly Alert[]): void {
    const still = new Set(alerts.map((alert) => keyOf(connector, alert)));
    for (const [key, { incident, alert }] of firing) {
      if (!key.startsWith(prefixOf(connector)) || still.has(key)) continue;
      firing.delete(key);
      timeline.add(incident, [
        {
          kind: 'signal',
          sort: 'alert',
          severity: 'info',
          key: `${key}:resolved`,
          atMs: ports.nowMs(),
          service: alert.service,
          title: `Resolved: ${alert.summary}`,
          source: connector.name,
        },
      ]);
    }
  }
}

const MOST_SERIES = 5;

/** An alert carries the labels of its series; a series with other ones is another's. */
const isOf = (alert: Alert, labels: Record<string, string>): boolean =>
  Object.entries(labels).every(([name, value]) => name === '__name__' || alert.labels[name] === value);

const prefixOf = (connector: Connector) => `alert:${connector.id}:`;
const keyOf = (connector: Connector, { fingerprint, startedMs }: Alert) =>
  `${prefixOf(connector)}${fingerprint}:${startedMs}`;

const observationOf = (connector: Connector, alert: Alert): Observation => ({
  kind: 'signal',
  sort: 'alert',
  severity: alert.severity,
  key: keyOf(connector, alert),
  atMs: alert.startedMs,
  service: alert.service,
  title: alert.summary,
  detail: `${alert.name}${alert.query ? `: ${alert.query.expression}` : ''}`,
  source: connector.name,
  labels: alert.labels,
});

function metricObservation(
  connector: Connector,
  alert: Alert,
  { points }: { points: { atMs: number; value: number }[] },
  index: number,
): Observation[] {
  const last = points.at(-1);
  if (!last || !alert.query) return [];
  const { series, threshold } = alert.query;
  const limit = threshold === null ? '' : `, threshold ${threshold}`;
  return [
    {
      kind: 'signal',
      sort: 'metric',
      severity: alert.severity,
      key: `${keyOf(connector, alert)}:metric:${index}`,
      atMs: last.atMs,
      service: alert.service,
      title: `${alert.name} is ${Number(last.value.toPrecision(4))}${limit}`,
      detail: [
        series,
        ...points.slice(-20).map(({ atMs, value }) => `${new Date(atMs).toISOString()} ${value}`),
      ].join('\n'),
      source: connector.name,
    },
  ];
}
