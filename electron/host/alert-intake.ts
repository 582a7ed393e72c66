import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { SourceFact } from '../connectors/delivered.ts';
import type { Alert, Connector, EndedAlert, SampledSeries } from '../connectors/source.ts';
import type { QuietAlert, StandingAlerts } from '../connectors/standing-alerts.ts';
import type { Ledger } from '../ledger/log.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventRepository } from '../store/event-repository.ts';
import { alertBook } from '../timeline/alert-book.ts';
import { wellFormed } from '../timeline/normalise.ts';
import { payloadOf } from '../timeline/payload.ts';
import { quietWords } from '../timeline/standing.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { IncidentDesk } from './incident-desk.ts';
import { keptQuietElsewhere } from './kept-quiet-elsewhere.ts';

/** Evidence is gathered from this long before the first alert: causes are older than their symptoms. */
const LOOK_BACK_MS = 65 * 60_000;
/** Alerts that ended unseen are kept so long, and so many, for an incident in whose time they fired. */
const UNTOLD_FOR_MS = 24 * 3_600_000;
const MOST_UNTOLD = 500;
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
  /** All that are connected, of which some know what is to be kept quiet. */
  connectors(): readonly Connector[];
  /** Begins the work on an incident that an alert has opened. */
  onOpened(incident: Incident): void;
};

/**
 * Makes incidents of firing alerts. While an incident is open, further alerts join it; an alert that was seen before,
 * in whatever incident, opens none again. One that is silenced, inhibited or muted opens none, and is told in what is open.
 */
export function alertIntake(ports: AlertIntakePorts) {
  const { incidents, timeline, events, ledger } = ports;
  const book = alertBook();
  /** Where each alert stands that fires now, by its key. */
  const placed = new Map<string, IncidentId>();
  /** What each source keeps quiet now. */
  const quiet = new Map<string, SourceFact[]>();
  const keptQuiet = keptQuietElsewhere(ports.connectors);

  /** What fired and ended unseen, as long as no incident holds it. */
  let untold: Missed[] = [];

  async function take(connector: Connector, delivered: StandingAlerts): Promise<void> {
    const read = wellFormed(delivered) as StandingAlerts;
    const standing = await keptQuiet(connector, read, book.unknown(connector.id, read.firing));
    quiet.set(
      connector.id,
      (read.quiet ?? []).map((alert) => quietObservation(connector, alert)),
    );
    const news = book.take(connector.id, standing, ports.nowMs());
    resolve(connector, news.ended);
    const fresh = news.fresh.filter((alert) => !isPlaced(connector, alert));
    const told = Map.groupBy(fresh, (alert) => placedElsewhere(connector, alert));
    for (const [incident, alerts] of told) {
      if (incident === undefined) await place(connector, alerts);
      // It has its line; what only this source can show of it is still missing.
      else await addEvidence(connector, alerts, incident);
    }
    tellQuiet();
    tellUntold();
  }

  /**
   * Alerts that a source read afterwards: they fired, and had ended when somebody looked again. INVARIANT: what the look or
   * another connection told is told no second time; and what is over already opens no incident.
   */
  function missed(connector: Connector, ended: readonly EndedAlert[]): void {
    for (const alert of wellFormed(ended) as readonly EndedAlert[]) {
      const known = [connector, ...othersThan(connector)].flatMap((one) => heldOf(one, alert))[0];
      if (known === undefined) untold.push({ connector, alert });
      else {
        placed.delete(known.key);
        if (events.holderOf(`${known.key}:resolved`) === undefined)
          timeline.add(known.incident, [endOf(connector, alert, known.key)]);
      }
    }
    tellUntold();
  }

  /** The line of an alert of the same labels that began while this one fired, if there is one. */
  function heldOf({ id }: Connector, { fingerprint, startedMs, endedMs }: EndedAlert) {
    const keyAt = (atMs: number) => `alert:${id}:${fingerprint}:${atMs}`;
    // What is read afterwards is dated in whole seconds.
    return events
      .keysBetween(keyAt(startedMs - 1_000), keyAt(endedMs + 1))
      .filter(({ key }) => /^alert:.*:[0-9a-f]{16}:[0-9]+$/.test(key));
  }

  /** Tells what ended in the time of an incident that is open; what is older than the last day is let go. */
  function tellUntold(): void {
    const [incident] = incidents.openOnes().slice(-1);
    const nowMs = ports.nowMs();
    const fitting = untold.filter(({ alert }) => incident !== undefined && alert.endedMs >= incident.fromMs);
    if (incident !== undefined && fitting.length > 0)
      timeline.add(
        incident.id,
        fitting.flatMap(({ connector, alert }) => missedObservations(connector, alert)),
      );
    untold = untold
      .filter((one) => !fitting.includes(one) && nowMs - one.alert.endedMs < UNTOLD_FOR_MS)
      .slice(-MOST_UNTOLD);
  }

  /** Whether it stands already, from before Countersign was started. */
  function isPlaced(connector: Connector, alert: Alert): boolean {
    const key = keyOf(connector, alert);
    const incident = events.holderOf(key);
    if (incident !== undefined) placed.set(key, incident);
    return incident !== undefined;
  }

  /** Where the same alert of the same time stands already, as another connection told it: a webhook beside a look, say. */
  function placedElsewhere(connector: Connector, alert: Alert): IncidentId | undefined {
    const other = othersThan(connector).find((one) => isPlaced(one, alert));
    return other && placed.get(keyOf(other, alert));
  }

  function othersThan({ id }: Connector): Connector[] {
    return ports.connectors().filter((other) => other.id !== id && other.alerts !== undefined);
  }

  async function place(connector: Connector, fresh: readonly Alert[]): Promise<void> {
    const incident = incidents.openOnes().at(-1) ?? opened(connector, fresh);
    timeline.add(
      incident.id,
      fresh.map((alert) => observationOf(connector, alert)),
    );
    incidents.involve(
      incident.id,
      fresh.flatMap(({ service }) => service ?? []),
    );
    for (const alert of fresh) placed.set(keyOf(connector, alert), incident.id);
    await addEvidence(connector, fresh, incident.id);
  }

  async function addEvidence(
    connector: Connector,
    alerts: readonly Alert[],
    incident: IncidentId,
  ): Promise<void> {
    // A storm of alerts is a few rules on many services: asked for each alert, they would keep the ranking from its metrics.
    const byQuery = Map.groupBy(alerts, ({ query }) => query?.series);
    await Promise.all(
      [...byQuery].map(([query, some]) =>
        query === undefined ? undefined : addMetrics(connector, { query, alerts: some, incident }),
      ),
    );
  }

  /** A timeline holds each fact once, so that it may be told at every poll; a longer silence is another fact. */
  function tellQuiet(): void {
    const [incident] = incidents.openOnes().slice(-1);
    if (!incident) return;
    const untold = [...quiet.values()].flat().filter(({ key }) => events.holderOf(key) === undefined);
    if (untold.length > 0) timeline.add(incident.id, untold);
  }

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
      alerts.map(({ fingerprint, name, labels, startedMs, raw }) => ({
        kind: 'signal' as const,
        incident: incident.id,
        actor,
        body: {
          alert: name,
          fingerprint,
          labels,
          startedMs,
          ...(raw === null ? {} : { payload: payloadOf(raw).digest }),
        },
      })),
    );
    ports.onOpened(incident);
    return incident;
  }

  /** The series behind each alert stands on the timeline with its value, as evidence of what fired. */
  async function addMetrics(
    connector: Connector,
    { query, alerts, incident }: { query: string; alerts: readonly Alert[]; incident: IncidentId },
  ): Promise<void> {
    const { metrics } = connector;
    if (!metrics) return;
    const nowMs = ports.nowMs();
    try {
      const window = { fromMs: Math.max(0, nowMs - METRIC_WINDOW_MS), toMs: nowMs, stepMs: 15_000 };
      const found = await metrics.range(query, window, AbortSignal.timeout(READ_TIMEOUT_MS));
      timeline.add(
        incident,
        alerts.flatMap((alert) =>
          found
            .filter(({ labels }) => isOf(alert, labels))
            .slice(0, MOST_SERIES)
            .flatMap((series, index) => metricObservation(connector, alert, series, index)),
        ),
      );
    } catch (error) {
      ports.logger.warn(
        { alerts: [...new Set(alerts.map(({ name }) => name))], error: messageOf(error) },
        'the series of alerts could not be read',
      );
    }
  }

  function resolve(connector: Connector, ended: readonly Alert[]): void {
    for (const alert of ended) {
      const key = [connector, ...othersThan(connector)]
        .map((one) => keyOf(one, alert))
        .find((one) => placed.has(one));
      const incident = key === undefined ? undefined : placed.get(key);
      if (key === undefined || incident === undefined) continue;
      placed.delete(key);
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
          // That it is over is told by its absence.
          raw: null,
        },
      ]);
    }
  }

  return { take, missed };
}

type Missed = { connector: Connector; alert: EndedAlert };

type AlertObservation = Extract<SourceFact, { kind: 'signal' }>;

const MOST_SERIES = 5;

/** An alert carries the labels of its series; a series with other ones is another's. */
const isOf = (alert: Alert, labels: Record<string, string>): boolean =>
  Object.entries(labels).every(([name, value]) => name === '__name__' || alert.labels[name] === value);

const keyOf = ({ id }: Connector, { fingerprint, startedMs }: Pick<Alert, 'fingerprint' | 'startedMs'>) =>
  `alert:${id}:${fingerprint}:${startedMs}`;

const observationOf = (connector: Connector, alert: Alert): AlertObservation => ({
  kind: 'signal',
  sort: 'alert',
  severity: alert.severity,
  key: keyOf(connector, alert),
  atMs: alert.startedMs,
  service: alert.service,
  title: alert.summary,
  detail: [
    `${alert.name}${alert.query ? `: ${alert.query.expression}` : ''}`,
    ...(alert.groups ?? []).map((group) => `Grouped by ${group}`),
    ...(alert.sender === undefined ? [] : [`Sent by “${alert.sender}”, by the secret of that sender`]),
  ].join('\n'),
  source: connector.name,
  labels: alert.labels,
  raw: alert.raw,
});

const missedObservations = (connector: Connector, alert: EndedAlert): AlertObservation[] => [
  {
    // It is put together from samples of many alerts; none was sent of it alone.
    ...observationOf(connector, { ...alert, raw: null }),
    endedMs: alert.endedMs,
    detail: `${alert.name}\nIt fired and ended while ${connector.name} was not read: reconstructed from what ${connector.name} kept.`,
  },
  endOf(connector, alert, keyOf(connector, alert)),
];

/** That an alert is over, as it was read afterwards. */
const endOf = (connector: Connector, alert: EndedAlert, key: string): AlertObservation => ({
  kind: 'signal',
  sort: 'alert',
  severity: 'info',
  key: `${key}:resolved`,
  atMs: alert.endedMs,
  service: alert.service,
  title: `Resolved: ${alert.summary}`,
  detail: `Reconstructed from what ${connector.name} kept; nobody looked when it ended.`,
  source: connector.name,
  raw: null,
});

const quietObservation = (connector: Connector, alert: QuietAlert): SourceFact => ({
  ...observationOf(connector, alert),
  severity: 'info',
  key: `${keyOf(connector, alert)}:${quietKey(alert.quiet)}`,
  title: `${alert.summary}: ${quietWords(alert.quiet)}`,
});

const quietKey = (quiet: QuietAlert['quiet']): string =>
  quiet.kind === 'silenced' ? `silenced:${quiet.untilMs}` : quiet.kind;

function metricObservation(
  connector: Connector,
  alert: Alert,
  told: SampledSeries,
  index: number,
): SourceFact[] {
  const { points } = told;
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
      raw: JSON.stringify({ query: series, ...told }),
    },
  ];
}
