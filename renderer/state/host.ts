import { create } from 'zustand';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { HostStatus } from '../../shared/vocabulary/status.ts';
import type { LinkState } from '../bridge/transport.ts';

type HostState = {
  link: LinkState;
  status: HostStatus | null;
  /** When the status came, on this machine's clock: the drill's clock is told from here on. */
  statusReceivedMs: number;
  /** When the connection was lost, on this machine's clock: what is shown is as of then. Null while there is one. */
  lostMs: number | null;
  /** Rises when everything is to be read again, because something may have been missed. */
  readings: number;
  /** Null until they were read once. */
  incidents: Incident[] | null;
  /** Why the incidents or the status could not be read, and since when they are not read anew. */
  problem: string | null;
  readMs: number;
  /** The incident that Room, Report and the top bar show. */
  currentIncident: string | null;
};

export const useHost = create<HostState>(() => ({
  link: 'connecting',
  status: null,
  statusReceivedMs: 0,
  lostMs: null,
  readings: 0,
  incidents: null,
  problem: null,
  readMs: 0,
  currentIncident: null,
}));

/** Takes over one incident as the host told it; before the list was read there is nothing to keep it in. */
export function keepIncident(incident: Incident): void {
  useHost.setState(({ incidents }) => (incidents ? { incidents: withIncident(incidents, incident) } : {}));
}

export function withIncident(incidents: Incident[], incident: Incident): Incident[] {
  const others = incidents.filter(({ id }) => id !== incident.id);
  return [...others, incident].sort((a, b) => b.openedMs - a.openedMs);
}

export const setCurrentIncident = (id: string | null) => useHost.setState({ currentIncident: id });

export const useCurrentIncident = (): Incident | null =>
  useHost(({ incidents, currentIncident }) => incidents?.find(({ id }) => id === currentIncident) ?? null);

export const useStatus = () => useHost(({ status }) => status);

/** The names the host knows the person and the stop by, for those who need one word of the status only. */
export const usePerson = () => useHost(({ status }) => status?.person ?? '');
export const useStopped = () => useHost(({ status }) => status?.stop.stopped === true);
