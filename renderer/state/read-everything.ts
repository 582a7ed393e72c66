import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { rereadBacklog } from './backlog.ts';
import { call, messageOf } from './call.ts';
import { keepIncident, useHost } from './host.ts';
import { rereadRoom } from './room.ts';

/** What was told while an answer was under way, for each reading: that answer may be older than it. */
const meanwhile = new Set<HostEvent[]>();

/**
 * Status, incidents and the open room, as after a start; each place reads what it shows besides. What cannot be read leaves
 * what was read before, and holds up nothing that comes after it.
 */
export async function readEverything(): Promise<void> {
  useHost.setState(({ readings }) => ({ readings: readings + 1 }));
  await readHost();
  await Promise.all([rereadRoom(), rereadBacklog()]);
}

async function readHost(): Promise<void> {
  const told: HostEvent[] = [];
  meanwhile.add(told);
  try {
    const status = await call('host.status', {});
    useHost.setState({ status, statusReceivedMs: Date.now() });
    const incidents = await call('incidents.list', {});
    useHost.setState({
      incidents: incidents.toSorted((a, b) => b.openedMs - a.openedMs),
      problem: null,
      readMs: Date.now(),
    });
    told.forEach(keepOfHost);
  } catch (error) {
    useHost.setState({ problem: messageOf(error) });
  } finally {
    meanwhile.delete(told);
  }
}

/** Takes over what the host told of its status and of an incident, also on top of an answer that is under way. */
export function hearOfHost(event: HostEvent): void {
  for (const told of meanwhile) told.push(event);
  keepOfHost(event);
}

function keepOfHost(event: HostEvent): void {
  if (event.name === 'status.changed') {
    useHost.setState({ status: event.status, statusReceivedMs: Date.now() });
  }
  if (event.name === 'incident.changed') keepIncident(event.incident);
}
