import { create } from 'zustand';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import { IncidentId } from '../../shared/vocabulary/ids.ts';
import { announce } from './announcements.ts';
import { call, messageOf } from './call.ts';
import { foldRoom, type RoomView, roomView, withEarlier } from './fold-room.ts';
import { keepIncident } from './host.ts';
import { withEvents } from './ordered-events.ts';

export type RoomState =
  | { phase: 'none' }
  | { phase: 'loading'; id: string }
  | { phase: 'failed'; id: string; message: string }
  | { phase: 'ready'; id: string; room: RoomView };

export const useRoomState = create<{ state: RoomState }>(() => ({ state: { phase: 'none' } }));

/** Events that came while the room was being read; they are taken on top of what was read. */
let early: HostEvent[] = [];
/** Counts the readings, so that a late answer to an older one is dropped. */
let reading = 0;
let inFlight = 0;

/** Shows the room of an incident, reading it unless it is the one already shown. */
export async function enterRoom(id: string): Promise<void> {
  const { state } = useRoomState.getState();
  if (state.phase !== 'none' && state.phase !== 'failed' && state.id === id) return;
  useRoomState.setState({ state: { phase: 'loading', id } });
  await readRoom(id);
}

/** Reads the shown room again, after a gap or a lost link; what is shown stays until the answer is there. */
export async function rereadRoom(): Promise<void> {
  const { state } = useRoomState.getState();
  if (state.phase !== 'none') await readRoom(state.id);
}

async function readRoom(id: string): Promise<void> {
  const mine = ++reading;
  early = [];
  inFlight += 1;
  try {
    const read = roomView(await call('incidents.room', { incident: IncidentId.parse(id) }));
    if (mine !== reading) return;
    const { state } = useRoomState.getState();
    const known = state.phase === 'ready' && state.id === id ? state.room : null;
    const room = early.reduce(foldRoom, {
      ...read,
      metricsVersion: known ? known.metricsVersion + 1 : 0,
      events: known ? withEvents(known.events, read.events) : read.events,
    });
    keepIncident(room.incident);
    useRoomState.setState({ state: { phase: 'ready', id, room } });
    if (read.earlier > 0) void readEarlier(id, read.events, mine);
  } catch (error) {
    if (mine !== reading) return;
    const { state } = useRoomState.getState();
    if (state.phase === 'ready' && state.id === id) return;
    useRoomState.setState({ state: { phase: 'failed', id, message: messageOf(error) } });
  } finally {
    inFlight -= 1;
  }
}

const PAGE = 5_000;

/** Reads what stands before the newest events, page by page, while the room is already in use. */
async function readEarlier(id: string, newest: readonly Event[], mine: number): Promise<void> {
  let first = newest[0];
  while (first) {
    const { atMs, key } = first;
    let page: Event[];
    try {
      page = await call('timeline.before', {
        incident: IncidentId.parse(id),
        before: { atMs, key },
        limit: PAGE,
      });
    } catch (error) {
      announce(`Earlier events could not be read: ${messageOf(error)}`, 'assertive');
      return;
    }
    if (mine !== reading) return;
    useRoomState.setState(({ state }) =>
      state.phase === 'ready' && state.id === id
        ? { state: { ...state, room: withEarlier(state.room, page, PAGE) } }
        : { state },
    );
    first = page.length < PAGE ? undefined : page[0];
  }
}

/** One host event into the shown room. */
export function takeRoomEvent(event: HostEvent): void {
  if (inFlight > 0) early.push(event);
  useRoomState.setState(({ state }) => {
    if (state.phase !== 'ready') return { state };
    const room = foldRoom(state.room, event);
    return room === state.room ? { state } : { state: { ...state, room } };
  });
}

/** The least a component needs of the room that is shown; undefined while there is none. */
export const useRoom = <T>(select: (room: RoomView) => T): T | undefined =>
  useRoomState(({ state }) => (state.phase === 'ready' ? select(state.room) : undefined));
