import type { ChangeEvent, Event } from '../../shared/vocabulary/event.ts';
import type { EventRepository } from '../store/event-repository.ts';

/** So many incidents are worked at once at most; the others are read from the store when they are asked for. */
const MOST_HELD = 8;

/**
 * The facts of the incidents that are being worked, in memory and in order of time: every ranking, every read and every
 * check asks for all of them, and reading a hundred thousand from the store takes a second.
 * INVARIANT: what is held is what the store would answer; whoever changes the store behind this calls `forget`.
 */
export function heldEvents(repository: Pick<EventRepository, 'ofIncident'>) {
  const held = new Map<string, Event[]>();
  /** The changes among them by their key, made when first asked for. */
  const changes = new Map<string, Map<string, ChangeEvent>>();

  function listOf(incident: string): Event[] {
    const list = held.get(incident) ?? repository.ofIncident(incident);
    // Asked for last, forgotten last.
    held.delete(incident);
    held.set(incident, list);
    for (const [oldest] of held) {
      if (held.size <= MOST_HELD) break;
      held.delete(oldest);
      changes.delete(oldest);
    }
    return list;
  }

  function changesOf(incident: string): Map<string, ChangeEvent> {
    const list = listOf(incident);
    const known = changes.get(incident) ?? byKey(list);
    changes.set(incident, known);
    return known;
  }

  return {
    ofIncident: (incident: string): Event[] => [...listOf(incident)],
    some: (incident: string, is: (event: Event) => boolean): boolean => listOf(incident).some(is),
    /** The change of a key, and those of one kind, without a look at everything that is held. */
    change: (incident: string, key: string): ChangeEvent | undefined => changesOf(incident).get(key),
    changesOfKind: (incident: string, kind: ChangeEvent['change']): ChangeEvent[] =>
      [...changesOf(incident).values()].filter(({ change }) => change === kind),
    /** Takes over what was stored: new facts, and fuller ones in the place of those with the same key. */
    keep(incident: string, added: readonly Event[], fuller: readonly Event[]): void {
      const list = held.get(incident);
      if (!list) return;
      for (const event of added) list.splice(placeOf(list, event.atMs), 0, event);
      const known = changes.get(incident);
      for (const event of [...added, ...fuller]) if (isChange(event)) known?.set(event.key, event);
      if (fuller.length === 0) return;
      const replaced = new Map(fuller.map((event) => [event.key, event]));
      held.set(incident, list.map((event) => replaced.get(event.key) ?? event).sort(byTime));
    },
    forget(): void {
      held.clear();
      changes.clear();
    },
  };
}

const isChange = (event: Event): event is ChangeEvent => event.kind === 'change';
const byKey = (events: readonly Event[]): Map<string, ChangeEvent> =>
  new Map(events.filter(isChange).map((event) => [event.key, event]));

const byTime = (one: Event, other: Event) => one.atMs - other.atMs;

/** Behind everything of the same time or earlier: among facts of one time the order of arrival stays. */
function placeOf(list: readonly Event[], atMs: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
