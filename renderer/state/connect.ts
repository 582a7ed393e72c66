import type { HostEvent, StreamedEvent } from '../../shared/bridge/host-events.ts';
import { bridgeClient } from '../bridge/client.ts';
import type { LinkState, Transport } from '../bridge/transport.ts';
import { announce, wordsFor } from './announcements.ts';
import { rereadBacklog } from './backlog.ts';
import { call, connectClient, messageOf } from './call.ts';
import { inBatches } from './event-batches.ts';
import { keepIncident, useHost } from './host.ts';
import { rereadRoom, takeRoomEvent, useRoomState } from './room.ts';
import { keepSent } from './sent.ts';

/** Wires the stores to a host. Everything the screen knows comes through here. */
export function connect(transport: Transport): () => void {
  connectClient(bridgeClient(transport.send));
  let followed = follower();
  const take = inBatches(takeEvent);
  return transport.listen({
    onState(link) {
      followed = follower();
      takeLinkState(link);
    },
    onEvent(streamed) {
      // A gap means that something was missed: read everything again rather than guess.
      if (!followed(streamed)) void readEverything();
      take(streamed.event);
    },
  });
}

/** Tells whether each event follows the one before; the first of a connection may have any number. */
export function follower(): (streamed: StreamedEvent) => boolean {
  let last: number | null = null;
  return ({ seq }) => {
    const follows = last === null || seq === last + 1;
    last = seq;
    return follows;
  };
}

function takeLinkState(link: LinkState): void {
  const was = useHost.getState().link;
  useHost.setState(({ lostMs }) => ({ link, lostMs: link === 'lost' ? (lostMs ?? Date.now()) : null }));
  if (link === 'live') {
    if (was === 'lost' || was === 'connecting') void readEverything();
  }
  if (link === 'lost' && was === 'live')
    announce('The connection to Countersign was lost.', 'assertive', 'never');
}

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

function keepOfHost(event: HostEvent): void {
  if (event.name === 'status.changed') {
    useHost.setState({ status: event.status, statusReceivedMs: Date.now() });
  }
  if (event.name === 'incident.changed') keepIncident(event.incident);
}

function takeEvent(event: HostEvent): void {
  const { state } = useRoomState.getState();
  const before = {
    status: useHost.getState().status,
    proposals: state.phase === 'ready' ? state.room.proposals : [],
  };
  for (const told of meanwhile) told.push(event);
  keepOfHost(event);
  if (event.name === 'escalation.changed') void rereadBacklog();
  if (event.name === 'sent.added') keepSent(event.request);
  takeRoomEvent(event);
  for (const { text, how, shown } of wordsFor(event, before)) announce(text, how, shown);
}
