import type { Event, SignalEvent } from '../../shared/vocabulary/event.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { nameOf } from '../connectors/alert-labels.ts';
import type { Alert, Connector, EndedAlert } from '../connectors/source.ts';
import type { EventRepository } from '../store/event-repository.ts';
import {
  type AlertLine,
  alertKey,
  alertKeyParts,
  endKey,
  fingerprintsBeyond,
  isSameFiring,
} from '../timeline/alert-lines.ts';
import type { AlertArrivals } from './alert-arrivals.ts';
import type { WordOf } from './words-elsewhere.ts';

/** A line of an alert and the incident it stands in. */
export type AlertPlace = AlertLine & { key: string; incident: IncidentId };

/** Lines whose condition held longer before the alert began to fire are not looked for. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** What is read afterwards is dated in whole seconds. */
const SECOND_MS = 1_000;

/** Finds where alerts stand on the timelines, whichever connection told them and under which start. */
export function alertPlaces({
  events,
  arrivals,
  connectors,
}: {
  events: EventRepository;
  arrivals: Pick<AlertArrivals, 'behind'>;
  connectors(): readonly Connector[];
}) {
  const startOfAt = (source: string) => connectors().find(({ id }) => id === source)?.alerts?.startOf ?? null;

  function placeOf(key: string, incident: IncidentId): AlertPlace | null {
    const event = events.find(incident, key);
    if (event?.kind !== 'signal') return null;
    const tellings = [key, ...(event.toldAlso ?? [])].flatMap((told) => {
      const parts = alertKeyParts(told);
      if (parts === null) return [];
      return [{ ...parts, startOf: startOfAt(parts.source) }];
    });
    return {
      key,
      incident,
      tellings,
      endedMs: endOf(incident, key),
      firesWithinMs: event.firesWithinMs ?? null,
    };
  }

  function endOf(incident: IncidentId, key: string): number | null {
    return events.find(incident, endKey(key))?.atMs ?? null;
  }

  const isThere = (place: AlertPlace | null): place is AlertPlace => place !== null;

  /** Lines of one alert of one connection that began in a time, both ends included; the last first. */
  const linesOf = (source: string, fingerprint: string, fromMs: number, toMs: number): AlertPlace[] =>
    events
      .lastKeysBetween(alertKey(source, fingerprint, fromMs), alertKey(source, fingerprint, toMs + 1))
      .filter(({ key }) => alertKeyParts(key) !== null)
      .map(({ key, incident }) => placeOf(key, incident))
      .filter(isThere);

  function exact(key: string): AlertPlace[] {
    const incident = events.holderOf(key);
    return [incident === undefined ? null : placeOf(key, incident)].filter(isThere);
  }

  const others = (connector: Connector): Connector[] =>
    connectors().filter(({ id, alerts }) => id !== connector.id && alerts !== undefined);

  /**
   * Where an alert that fires now stands already, as this connection or another told it: of several, the last. `taken` holds
   * the keys of lines that other alerts of the connection joined a moment ago.
   */
  function find(
    connector: Connector,
    alert: Alert,
    told: { wordOf: WordOf; toldMs: number; runningSinceMs: number | null; taken: ReadonlySet<string> },
  ): AlertPlace | undefined {
    const { startedMs, fingerprint } = alert;
    const [own] = exact(alertKey(connector.id, fingerprint, startedMs));
    if (own) return own;
    const startOf = connector.alerts?.startOf ?? null;
    const candidates = others(connector).flatMap((other) =>
      linesElsewhere(connector, alert, { ...told, other }),
    );
    const telling = { ...told, source: connector.id, fingerprint, startOf, startedMs };
    return candidates
      .filter((line) => !told.taken.has(line.key) && isSameFiring(line, telling, told.wordOf))
      .sort((one, other) => firstOf(other) - firstOf(one))[0];
  }

  /** The lines of another connection that could be of the same firing. */
  function linesElsewhere(
    { alerts }: Connector,
    alert: Alert,
    { other, toldMs, runningSinceMs }: { other: Connector; toldMs: number; runningSinceMs: number | null },
  ): AlertPlace[] {
    const { startedMs, fingerprint } = alert;
    const [startOf, otherStartOf] = [alerts?.startOf, other.alerts?.startOf];
    const isAsYoung = runningSinceMs !== null && startedMs >= runningSinceMs;
    const fromMs = isAsYoung ? startedMs - LOOK_BACK_MS : startedMs;
    if (startOf === 'condition' && otherStartOf === 'firing')
      return fingerprintsBeyond(alert).flatMap((arrived) => linesOf(other.id, arrived, fromMs, toldMs));
    if (startOf === 'firing' && otherStartOf === 'condition')
      return arrivals
        .behind(other.id, fingerprint)
        .flatMap((own) => linesOf(other.id, own, startedMs - LOOK_BACK_MS, startedMs));
    return exact(alertKey(other.id, fingerprint, startedMs));
  }

  /** The lines of an alert that was read afterwards: by its own source, or by others while it fired. */
  function ofEnded(connector: Connector, ended: EndedAlert): AlertPlace[] {
    const { fingerprint, startedMs, endedMs } = ended;
    const fromMs = startedMs - SECOND_MS;
    const isOfAnother = ({ tellings }: AlertPlace) =>
      tellings.some((told) => told.source === connector.id && told.fingerprint !== fingerprint);
    const elsewhere = others(connector).flatMap(({ id, alerts }) =>
      // Who counts alike tells of the same one only where it began at the same time.
      alerts?.startOf === connector.alerts?.startOf
        ? linesOf(id, fingerprint, fromMs, startedMs + SECOND_MS)
        : fingerprintsBeyond(ended).flatMap((arrived) => linesOf(id, arrived, fromMs, endedMs)),
    );
    return [
      ...linesOf(connector.id, fingerprint, fromMs, endedMs),
      ...elsewhere.filter((line) => !isOfAnother(line)),
    ];
  }

  /** Of the facts of an incident, the alerts that a connection told and that nobody told to be over. */
  function standingIn({ id }: Connector, facts: readonly Event[]) {
    const keys = new Set(facts.map(({ key }) => key));
    return facts.flatMap((event) => {
      if (event.kind !== 'signal' || event.sort !== 'alert') return [];
      const { key, incident, toldAlso = [] } = event;
      if (alertKeyParts(key) === null || keys.has(endKey(key))) return [];
      return [key, ...toldAlso].flatMap((told) => {
        const parts = alertKeyParts(told);
        return parts?.source === id ? [{ alert: alertIn(event, parts), place: { key, incident } }] : [];
      });
    });
  }

  return { find, ofEnded, standingIn };
}
export type AlertPlaces = ReturnType<typeof alertPlaces>;

const firstOf = ({ tellings }: AlertLine): number => Math.min(...tellings.map(({ startedMs }) => startedMs));

/** As much of an alert as its line tells. */
const alertIn = (
  { severity, service, title, labels = {} }: SignalEvent,
  { fingerprint, startedMs }: { fingerprint: string; startedMs: number },
): Alert => ({
  fingerprint,
  name: nameOf(labels),
  severity,
  service,
  labels,
  summary: title,
  startedMs,
  raw: null,
});
