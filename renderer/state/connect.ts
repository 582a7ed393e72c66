import type { HostEvent, StreamedEvent } from '../../shared/bridge/host-events.ts';
import { bridgeClient } from '../bridge/client.ts';
import type { LinkState, Transport } from '../bridge/transport.ts';
import { announce, say, wordsFor } from './announcements.ts';
import { rereadBacklog } from './backlog.ts';
import { connectClient } from './call.ts';
import { inBatches } from './event-batches.ts';
import { useHost } from './host.ts';
import { hearOfHost, readEverything } from './read-everything.ts';
import { takeRoomEvent, useRoomState } from './room.ts';
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

function takeEvent(event: HostEvent): void {
  const { state } = useRoomState.getState();
  const before = {
    status: useHost.getState().status,
    proposals: state.phase === 'ready' ? state.room.proposals : [],
  };
  hearOfHost(event);
  if (event.name === 'escalation.changed') void rereadBacklog();
  if (event.name === 'sent.added') keepSent(event.request);
  takeRoomEvent(event);
  for (const said of wordsFor(event, before)) say(said);
}
