import { create } from 'zustand';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { EventPage, EventPlace } from '../../shared/vocabulary/event-page.ts';
import { IncidentId } from '../../shared/vocabulary/ids.ts';
import { call, messageOf } from './call.ts';
import { type EventLine, linesIn } from './event-line.ts';
import { foldRoom, type RoomView, roomView, withEarlier } from './fold-room.ts';
import { keepIncident } from './host.ts';
import { withEvents } from './ordered-events.ts';
import { forgetTimeView } from './time-view.ts';

export type RoomState =
  | { phase: 'none' }
  | { phase: 'loading'; id: string }
  | { phase: 'failed'; id: string; message: string }
  | ({ phase: 'ready'; id: string; room: RoomView; problems: RoomProblems } & ReadAt);

/** When it was read, and when it was compared with what is remembered, on this machine's clock. */
type ReadAt = { readMs: number; comparedMs: number };

/** Why a part of the room that is shown could not be read, or not read again; what was read of it before stays. */
export type RoomProblems = Record<'room' | 'earlier' | 'memory', string | null>;
const NO_PROBLEMS: RoomProblems = { room: null, earlier: null, memory: null };

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
  forgetTimeView();
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
    const shown = state.phase === 'ready' && state.id === id ? state : null;
    const known = shown?.room ?? null;
    const room = early.reduce(foldRoom, {
      ...read,
      memory: read.memory ?? known?.memory ?? null,
      metricsVersion: known ? known.metricsVersion + 1 : 0,
      events: known ? withEvents(known.events, read.events) : read.events,
    });
    keepIncident(room.incident);
    const readMs = Date.now();
    const comparedMs = read.memory ? readMs : (shown?.comparedMs ?? 0);
    useRoomState.setState({ state: { phase: 'ready', id, room, readMs, comparedMs, problems: NO_PROBLEMS } });
    void readRest(id, read, mine);
  } catch (error) {
    if (mine !== reading) return;
    const { state } = useRoomState.getState();
    if (state.phase === 'ready' && state.id === id) return tell(id, 'room', error);
    useRoomState.setState({ state: { phase: 'failed', id, message: messageOf(error) } });
  } finally {
    inFlight -= 1;
  }
}

/** What did not come with the room because there is too much of it. One that fails does not hold up the other. */
async function readRest(id: string, read: RoomView, mine: number): Promise<void> {
  const attempt = async (part: keyof RoomProblems, what: () => Promise<void>) => {
    try {
      await what();
    } catch (error) {
      if (mine === reading) tell(id, part, error);
    }
  };
  if (read.earlier > 0) await attempt('earlier', () => readEarlier(id, read.events, mine));
  if (read.memory === null && mine === reading) await attempt('memory', () => compare(id));
}

function tell(id: string, part: keyof RoomProblems, error: unknown): void {
  useRoomState.setState(({ state }) =>
    state.phase === 'ready' && state.id === id
      ? { state: { ...state, problems: { ...state.problems, [part]: messageOf(error) } } }
      : { state },
  );
}

/** Seven megabytes or so: of a hundred thousand events more pages take longer, and fewer keep the host longer each. */
const PAGE = 25_000;
/** Drawing a hundred thousand events takes as long as reading ten thousand: what came is shown this often meanwhile. */
const SHOWN_EVERY_MS = 1_000;

/** Reads what stands before the newest events, page by page, while the room is already in use. */
async function readEarlier(id: string, newest: readonly EventLine[], mine: number): Promise<void> {
  const [first] = newest;
  // Asked for before anything is waited for: the host reads it while the room is drawn for the first time.
  let asked = first && pageBefore(id, first);
  asked?.catch(() => undefined);
  let pages: EventLine[][] = [];
  let shownMs = performance.now();
  const show = (isLast: boolean) => {
    const events = pages.toReversed().flat();
    pages = [];
    shownMs = performance.now();
    if (mine === reading) change(id, (room) => withEarlier(room, events, isLast));
  };
  try {
    while (asked) {
      const page: EventPage = await asked;
      if (mine !== reading) return;
      // The next one is read by the host while this one is read here.
      asked = page.before ? pageBefore(id, page.before) : undefined;
      asked?.catch(() => undefined);
      pages.push(linesIn(page));
      if (!asked || performance.now() - shownMs >= SHOWN_EVERY_MS) show(!asked);
    }
  } catch (error) {
    // What came before stands, whatever became of the page after it.
    if (pages.length > 0) show(false);
    throw error;
  }
}

const pageBefore = (id: string, { atMs, key }: EventPlace): Promise<EventPage> =>
  call('timeline.before', { incident: IncidentId.parse(id), before: { atMs, key }, limit: PAGE });

/** What takes the host long is asked for last, so that it keeps nothing else waiting. */
async function compare(id: string): Promise<void> {
  const before = memoryShown();
  const memory = await call('memory.about', { incident: IncidentId.parse(id) });
  // A ranking may have told it meanwhile.
  if (memoryShown() === before) change(id, (room) => ({ ...room, memory }));
  useRoomState.setState(({ state }) =>
    state.phase === 'ready' && state.id === id ? { state: { ...state, comparedMs: Date.now() } } : { state },
  );
}

const memoryShown = () => {
  const { state } = useRoomState.getState();
  return state.phase === 'ready' ? state.room.memory : null;
};

function change(id: string, to: (room: RoomView) => RoomView): void {
  useRoomState.setState(({ state }) =>
    state.phase === 'ready' && state.id === id ? { state: { ...state, room: to(state.room) } } : { state },
  );
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

/** Why a part of the room that is shown could not be read; null while all is well. */
export const useRoomProblem = (part: keyof RoomProblems): string | null =>
  useRoomState(({ state }) => (state.phase === 'ready' ? state.problems[part] : null));
