import type { Observation } from '../../shared/vocabulary/event.ts';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { SourceStatus } from '../../shared/vocabulary/status.ts';
import type { Alert, Connector, Window } from '../connectors/source.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';

/** Alerts are polled this often, so that a new one is an incident within seconds. */
const ALERT_PERIOD_MS = 3_000;
const TEST_PERIOD_MS = 10_000;
const READ_TIMEOUT_MS = 8_000;

export type SourceDeskPorts = {
  realm: Realm;
  clock: Clock;
  logger: Logger;
  onAlerts(connector: Connector, alerts: Alert[]): Promise<void>;
  onObservations(observations: Observation[]): void;
  onStatus(): void;
  /** Told of each connection as it is made. */
  onAttached(connector: Connector): void;
};
export type SourceDesk = ReturnType<typeof sourceDesk>;
type Attached = { connector: Connector; status: SourceStatus; stops: (() => void)[] };

/**
 * The connected systems of one realm: polls their alerts, listens to their changes and knows which are down. A source
 * that fails says so and disturbs no other; what it delivered before stays.
 */
export function sourceDesk(ports: SourceDeskPorts) {
  const { clock, logger } = ports;
  const attached = new Map<string, Attached>();

  function report(entry: Attached, state: SourceStatus['state'], sentence: string): void {
    const heard = state === 'up' ? clock.now() : entry.status.lastHeardMs;
    const isNews = entry.status.state !== state || entry.status.sentence !== sentence;
    entry.status = { ...entry.status, state, sentence, lastHeardMs: heard };
    if (isNews) ports.onStatus();
  }

  async function attach(connector: Connector): Promise<void> {
    detach(connector.id);
    const { id, name, kind } = connector;
    const entry: Attached = {
      connector,
      status: {
        id,
        name,
        kind,
        realm: ports.realm,
        state: 'connecting',
        sentence: 'Connecting',
        lastHeardMs: null,
      },
      stops: [],
    };
    attached.set(id, entry);
    ports.onStatus();
    ports.onAttached(connector);
    if (connector.changes) entry.stops.push(listen(entry, connector.changes));
    if (connector.alerts || connector.metrics) {
      entry.stops.push(clock.every(ALERT_PERIOD_MS, () => poll(entry)));
      await poll(entry);
    } else if (!connector.changes) {
      entry.stops.push(clock.every(TEST_PERIOD_MS, () => look(entry)));
      await look(entry);
    }
  }

  /** A source that is only read when somebody wants to know is asked now and then whether it answers. */
  async function look(entry: Attached): Promise<void> {
    const { ok, sentence } = await entry.connector.test(AbortSignal.timeout(READ_TIMEOUT_MS));
    if (attached.get(entry.connector.id) === entry) report(entry, ok ? 'up' : 'down', sentence);
  }

  const listen = (entry: Attached, changes: NonNullable<Connector['changes']>) =>
    changes.stream({
      onObservations: (observations) => {
        report(entry, 'up', 'Delivers changes');
        ports.onObservations(observations);
      },
      onState: (state) =>
        state.up ? report(entry, 'up', 'Delivers changes') : report(entry, 'down', state.because),
    });

  async function poll(entry: Attached): Promise<void> {
    const { connector } = entry;
    let alerts: Alert[];
    try {
      const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
      alerts = (await connector.alerts?.firing(signal)) ?? [];
    } catch (error) {
      logger.warn({ source: connector.id, error: messageOf(error) }, 'a source could not be read');
      if (attached.get(connector.id) === entry) report(entry, 'down', messageOf(error));
      return;
    }
    if (attached.get(connector.id) !== entry) return;
    report(entry, 'up', alerts.length === 1 ? '1 alert is firing' : `${alerts.length} alerts are firing`);
    await ports.onAlerts(connector, alerts);
  }

  function detach(id: string): void {
    const entry = attached.get(id);
    if (!entry) return;
    attached.delete(id);
    for (const stop of entry.stops) stop();
    ports.onStatus();
  }

  /** Everything the connected systems still hold of a window; one that fails is down and the others count. */
  async function backfill(window: Window): Promise<Observation[]> {
    const found = await Promise.all(
      [...attached.values()].map(async (entry) => {
        const { changes } = entry.connector;
        if (!changes) return [];
        try {
          return await changes.backfill(window, AbortSignal.timeout(READ_TIMEOUT_MS));
        } catch (error) {
          report(entry, 'down', messageOf(error));
          return [];
        }
      }),
    );
    return found.flat();
  }

  return {
    attach,
    detach,
    backfill,
    connectors: (): Connector[] => [...attached.values()].map(({ connector }) => connector),
    find: (id: string): Connector | undefined => attached.get(id)?.connector,
    statuses: (): SourceStatus[] => [...attached.values()].map(({ status }) => status),
    close(): void {
      for (const id of [...attached.keys()]) detach(id);
    },
  };
}
