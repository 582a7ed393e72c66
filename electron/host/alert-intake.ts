import type { SignalEvent } from '../../shared/vocabulary/event.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { bounded } from '../connectors/bounded.ts';
import type { SourceFact } from '../connectors/delivered.ts';
import type { Alert, Connector, EndedAlert, SampledSeries } from '../connectors/source.ts';
import type { QuietAlert, StandingAlerts } from '../connectors/standing-alerts.ts';
import type { Ledger } from '../ledger/log.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventRepository } from '../store/event-repository.ts';
import { alertBook } from '../timeline/alert-book.ts';
import { alertKey, endKey } from '../timeline/alert-lines.ts';
import { wellFormed } from '../timeline/normalise.ts';
import { payloadOf } from '../timeline/payload.ts';
import { quietWords } from '../timeline/standing.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { alertArrivals } from './alert-arrivals.ts';
import { type AlertPlace, alertPlaces } from './alert-places.ts';
import type { IncidentDesk } from './incident-desk.ts';
import { keptQuietElsewhere } from './kept-quiet-elsewhere.ts';
import { wordsElsewhere } from './words-elsewhere.ts';

/** Evidence is gathered from this long before the first alert: causes are older than their symptoms. */
const LOOK_BACK_MS = 65 * 60_000;
/** Alerts that ended unseen are kept so long, and so many, for an incident in whose time they fired. */
const UNTOLD_FOR_MS = 24 * 3_600_000;
const MOST_UNTOLD = 500;
const METRIC_WINDOW_MS = 15 * 60_000;
const READ_TIMEOUT_MS = 8_000;
const MOST_DETAIL = 8_000;

export type AlertIntakePorts = {
  incidents: IncidentDesk;
  timeline: Timeline;
  events: EventRepository;
  ledger: Ledger;
  logger: Logger;
  person(): string;
  drill(): Incident['drill'];
  nowMs(): number;
  /** When the alerts of a connection were last read before Countersign was started; absent where nothing goes on. */
  lastReadMs?: (connection: string) => number | null;
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
  const arrivals = alertArrivals();
  const places = alertPlaces({ events, arrivals, connectors: ports.connectors });
  /** Where each alert stands that fires now, by the key that its connection would give it. */
  const placed = new Map<string, Pick<AlertPlace, 'key' | 'incident'>>();
  /** Alerts that fired when Countersign was closed and were not seen since, with when they were last. */
  const unseen = new Map<string, number>();
  /** What each source keeps quiet now. */
  const quiet = new Map<string, SourceFact[]>();
  const keptQuiet = keptQuietElsewhere(ports.connectors);
  const words = wordsElsewhere({ connectors: ports.connectors, book, arrivals });

  /** What fired and ended unseen, as long as no incident holds it. */
  let untold: Missed[] = [];

  async function take(connector: Connector, delivered: StandingAlerts): Promise<void> {
    const read = wellFormed(delivered) as StandingAlerts;
    if (!book.isKnown(connector.id)) resume(connector);
    for (const alert of read.firing) arrivals.note(connector.id, alert);
    const unknown = book.unknown(connector.id, read.firing);
    const { runningSinceMs } = read;
    const [standing, wordOf] = await Promise.all([
      keptQuiet(connector, read, unknown),
      words(connector, unknown, { runningSinceMs, nowMs: ports.nowMs() }),
    ]);
    // Closed or removed meanwhile: the others can no more be looked at, and it would stand beside their lines.
    if (!ports.connectors().some(({ id }) => id === connector.id)) return;
    // INVARIANT: nothing is waited for until all has its line, so that no two connections tell the same at the same time.
    quiet.set(
      connector.id,
      (read.quiet ?? []).map((alert) => quietObservation(connector, alert)),
    );
    const nowMs = ports.nowMs();
    const news = book.take(connector.id, standing, nowMs);
    if (unseen.size > 0)
      for (const alert of [...standing.firing, ...(standing.quiet ?? [])])
        unseen.delete(keyOf(connector, book.asFirstTold(connector.id, alert)));
    resolve(connector, news.ended);
    const taken = new Set<string>();
    const fresh = news.fresh.map((alert) => {
      const place = places.find(connector, alert, { wordOf, toldMs: nowMs, runningSinceMs, taken });
      if (place !== undefined) taken.add(place.key);
      return { alert, place };
    });
    join(connector, fresh);
    const first = fresh.flatMap(({ alert, place }) => (place === undefined ? [alert] : []));
    const incidentOfFirst = first.length === 0 ? undefined : place(connector, first);
    tellQuiet();
    tellUntold();
    // An alert that another told has its line; what only this source can show of it is still missing.
    const shown = Map.groupBy(fresh, ({ place }) => place?.incident ?? incidentOfFirst);
    for (const [incident, some] of shown) {
      const alerts = some.flatMap(({ alert, place }) =>
        place?.key === keyOf(connector, alert) ? [] : [alert],
      );
      if (incident !== undefined) await addEvidence(connector, alerts, incident);
    }
  }

  /** Goes on with what a connection told before Countersign was closed, in the incidents that are open still. */
  function resume(connector: Connector): void {
    if (!ports.lastReadMs) return;
    const lastReadMs = ports.lastReadMs(connector.id) ?? 0;
    const facts = incidents.openOnes().map(({ id }) => timeline.ofIncident(id));
    for (const some of facts) arrivals.noteLines(some);
    const stood = facts.flatMap((some) => places.standingIn(connector, some));
    const { resume } = connector.alerts ?? {};
    if (resume) resume(stood.map(({ alert }) => alert));
    book.restore(connector.id, resume ? [] : stood.map(({ alert }) => alert), {
      lastReadMs,
      nowMs: ports.nowMs(),
    });
    for (const { alert, place } of stood) {
      placed.set(keyOf(connector, alert), place);
      if (!resume) unseen.set(keyOf(connector, alert), lastReadMs);
    }
  }

  /**
   * Alerts that a source read afterwards: they fired, and had ended when somebody looked again. INVARIANT: what the look or
   * another connection told is told no second time; and what is over already opens no incident.
   */
  function missed(connector: Connector, ended: readonly EndedAlert[]): void {
    for (const alert of wellFormed(ended) as readonly EndedAlert[])
      if (!endKnown({ connector, alert })) untold.push({ connector, alert });
    tellUntold();
  }

  /** Gives its end to each line that an alert has already; false where it has none. */
  function endKnown({ connector, alert }: Missed): boolean {
    const known = places.ofEnded(connector, alert);
    for (const { key, incident } of known) {
      const end = events.find(incident, endKey(key));
      if (end === undefined) timeline.add(incident, [endOf(connector, alert, key)]);
      // Another connection found it over, and knew no more than that.
      else if (end.detail?.startsWith(ENDED_UNSEEN) && alert.endedMs < end.atMs) {
        const { raw: _raw, ...told } = endOf(connector, alert, key);
        timeline.replace({ ...told, incident });
      }
    }
    return known.length > 0;
  }

  /** Tells what ended in the time of an incident that is open; what is older than the last day is let go. */
  function tellUntold(): void {
    const open = incidents.openOnes();
    const nowMs = ports.nowMs();
    untold = untold.filter((one) => {
      const incident = open.findLast(({ fromMs }) => one.alert.endedMs >= fromMs);
      if (incident === undefined) return nowMs - one.alert.endedMs < UNTOLD_FOR_MS;
      // Another connection may have told it since.
      if (!endKnown(one)) timeline.add(incident.id, missedObservations(one.connector, one.alert));
      return false;
    });
    untold = untold.slice(-MOST_UNTOLD);
  }

  /** Notes of alerts that stand already who else tells them. */
  function join(connector: Connector, told: readonly { alert: Alert; place: AlertPlace | undefined }[]) {
    const fuller: SignalEvent[] = [];
    for (const { alert, place } of told) {
      if (place === undefined) continue;
      const { key, incident, tellings } = place;
      placed.set(keyOf(connector, alert), { key, incident });
      const isNoted = tellings.some(
        ({ source, startedMs }) => source === connector.id && startedMs === alert.startedMs,
      );
      const event = isNoted ? undefined : events.find(incident, key);
      if (event?.kind === 'signal') fuller.push(alsoTold(event, connector, alert));
    }
    if (fuller.length > 0) timeline.replace(...fuller);
  }

  function place(connector: Connector, fresh: readonly Alert[]): IncidentId {
    const incident = incidents.openOnes().at(-1) ?? opened(connector, fresh);
    timeline.add(
      incident.id,
      fresh.map((alert) => observationOf(connector, alert)),
    );
    incidents.involve(
      incident.id,
      fresh.flatMap(({ service }) => service ?? []),
    );
    for (const alert of fresh) {
      const key = keyOf(connector, alert);
      placed.set(key, { key, incident: incident.id });
    }
    return incident.id;
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
      const told = keyOf(connector, alert);
      const place = placed.get(told);
      const lastSeenMs = unseen.get(told);
      placed.delete(told);
      unseen.delete(told);
      // Another connection may have told its end.
      if (place === undefined || events.holderOf(endKey(place.key)) !== undefined) continue;
      timeline.add(place.incident, [
        {
          kind: 'signal',
          sort: 'alert',
          severity: 'info',
          key: endKey(place.key),
          atMs: Math.min(connector.alerts?.endedAt?.(alert) ?? ports.nowMs(), ports.nowMs()),
          service: alert.service,
          title: `Resolved: ${alert.summary}`,
          ...(lastSeenMs === undefined
            ? {}
            : { detail: endedUnseen(lastSeenMs), reconstructed: true as const }),
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
  alertKey(id, fingerprint, startedMs);

/** What is known of an end that nobody saw and whose source does not tell it. */
const ENDED_UNSEEN = 'It ended before this time, while Countersign was closed';
const endedUnseen = (lastSeenMs: number): string =>
  lastSeenMs === 0
    ? `${ENDED_UNSEEN}.`
    : `${ENDED_UNSEEN}; it was last seen to fire at ${new Date(lastSeenMs).toISOString()}.`;

/** More connections of one system are in nobody's hands. */
const MOST_TOLD_ALSO = 20;

/** A line of an alert with another connection that tells it. */
function alsoTold(event: SignalEvent, connector: Connector, alert: Alert): SignalEvent {
  const known = event.toldAlso ?? [];
  const since = new Date(alert.startedMs).toISOString();
  const told = `Also told by ${connector.name}, ${connector.alerts?.startOf === 'condition' ? 'where its condition holds' : 'where it fires'} since ${since}`;
  return {
    ...event,
    detail: bounded([event.detail, told].filter(Boolean).join('\n'), MOST_DETAIL),
    toldAlso: [...known, keyOf(connector, alert)].slice(-MOST_TOLD_ALSO),
  };
}

const observationOf = (connector: Connector, alert: Alert): AlertObservation => ({
  kind: 'signal',
  sort: 'alert',
  severity: alert.severity,
  key: keyOf(connector, alert),
  atMs: alert.startedMs,
  ...(alert.firesWithinMs === undefined ? {} : { firesWithinMs: alert.firesWithinMs }),
  ...(alert.sentAs === undefined ? {} : { sentAs: [...alert.sentAs] }),
  service: alert.service,
  title: alert.summary,
  detail: [
    alert.name,
    ...(alert.query ? [alert.query.expression] : []),
    ...(alert.groups ?? []).map((group) => `Grouped by ${group}`),
    ...(alert.sender === undefined ? [] : [`Sent by “${alert.sender}”, by the secret of that sender`]),
  ].join('\n'),
  source: connector.name,
  labels: alert.labels,
  raw: alert.raw,
});

const missedObservations = (connector: Connector, alert: EndedAlert): AlertObservation[] => [
  {
    ...observationOf(connector, { ...alert, raw: null }),
    raw: alert.raw,
    endedMs: alert.endedMs,
    reconstructed: true,
    detail: `${alert.name}\nIt fired and ended while ${connector.name} was not read: reconstructed from what ${connector.name} kept.`,
  },
  endOf(connector, alert, keyOf(connector, alert)),
];

/** That an alert is over, as it was read afterwards. */
const endOf = (connector: Connector, alert: EndedAlert, key: string): AlertObservation => ({
  kind: 'signal',
  sort: 'alert',
  severity: 'info',
  key: endKey(key),
  atMs: alert.endedMs,
  service: alert.service,
  title: `Resolved: ${alert.summary}`,
  reconstructed: true,
  detail: `Reconstructed from what ${connector.name} kept; nobody looked when it ended.`,
  source: connector.name,
  raw: alert.raw,
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
