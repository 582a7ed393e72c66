import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Proposal, Recheck } from '../../shared/vocabulary/proposal.ts';
import type { Room } from '../../shared/vocabulary/room.ts';
import { type EventLine, lineOf } from './event-line.ts';
import { byTime, withEvents, withOlder } from './ordered-events.ts';

/** The open room as the screen holds it: the host's room, with what only the screen needs. */
export type RoomView = Omit<Room, 'rechecks' | 'events'> & {
  /** In the order of time; those before the first of them are still being read while `earlier` is above zero. */
  events: readonly EventLine[];
  /** The newest re-check of each proposal. */
  rechecks: Readonly<Record<string, Recheck>>;
  /** Rises whenever new samples can be read. */
  metricsVersion: number;
};

export const roomView = ({ rechecks, ...room }: Room): RoomView => ({
  ...room,
  events: room.events.toSorted(byTime).map(lineOf),
  rechecks: rechecks.reduce(withRecheck, {}),
  metricsVersion: 0,
});

/**
 * The room after one host event. Pure; an event of another incident returns the same object, and an event that comes
 * twice changes nothing, so that a room read while events run can take them all on top.
 */
export function foldRoom(room: RoomView, event: HostEvent): RoomView {
  const ofRoom = (incident: string) => incident === room.incident.id;
  switch (event.name) {
    case 'status.changed':
      return room;
    case 'incident.changed':
      return ofRoom(event.incident.id) ? { ...room, incident: event.incident } : room;
    case 'timeline.added':
      return ofRoom(event.incident)
        ? { ...room, events: withEvents(room.events, event.events.map(lineOf)) }
        : room;
    case 'timeline.pinned':
      return ofRoom(event.incident) ? { ...room, pinned: event.pinned } : room;
    case 'candidates.changed':
      return ofRoom(event.incident)
        ? { ...room, candidates: event.candidates, topology: event.topology }
        : room;
    case 'metrics.changed':
      return ofRoom(event.incident) ? { ...room, metricsVersion: room.metricsVersion + 1 } : room;
    case 'analyst.step': {
      const { step } = event;
      if (!ofRoom(step.incident) || room.analyst.steps.some(({ seq }) => seq === step.seq)) return room;
      const steps = [...room.analyst.steps, step].sort((a, b) => a.seq - b.seq);
      return { ...room, analyst: { ...room.analyst, steps } };
    }
    case 'analyst.changed':
      return ofRoom(event.incident)
        ? { ...room, analyst: { ...event.run, steps: room.analyst.steps } }
        : room;
    case 'hypotheses.changed':
      return ofRoom(event.incident) ? { ...room, hypotheses: event.hypotheses } : room;
    case 'proposal.changed':
      return ofRoom(event.proposal.incident)
        ? { ...room, proposals: withOne(room.proposals, event.proposal) }
        : room;
    case 'proposal.rechecked':
      return holds(room.proposals, event.recheck.proposal)
        ? { ...room, rechecks: withRecheck(room.rechecks, event.recheck) }
        : room;
    case 'sent.added':
      return room;
    case 'escalation.changed':
      return ofRoom(event.escalation.incident)
        ? { ...room, escalations: withOne(room.escalations, event.escalation) }
        : room;
    case 'memory.changed':
      return ofRoom(event.incident) ? { ...room, memory: event.memory } : room;
    default:
      return event satisfies never;
  }
}

/** The room with what stands before its first event, in order; `isLast` when nothing stands before that. */
export function withEarlier(room: RoomView, read: readonly EventLine[], isLast: boolean): RoomView {
  const earlier = isLast ? 0 : Math.max(1, room.earlier - read.length);
  return { ...room, events: withOlder(room.events, read), earlier };
}

/** Replaces in place, so that nothing moves under the cursor; what is new comes last. */
function withOne<T extends { id: string }>(all: T[], one: T): T[] {
  return all.some(({ id }) => id === one.id)
    ? all.map((other) => (other.id === one.id ? one : other))
    : [...all, one];
}

const holds = (proposals: Proposal[], id: string) => proposals.some((proposal) => proposal.id === id);

function withRecheck(
  all: Readonly<Record<string, Recheck>>,
  one: Recheck,
): Readonly<Record<string, Recheck>> {
  const known = all[one.proposal];
  return known && known.atMs > one.atMs ? all : { ...all, [one.proposal]: one };
}
