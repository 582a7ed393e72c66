import type { Event } from '../../shared/vocabulary/event.ts';

export type EventKind = Event['kind'];

/** The events of the chosen kinds (none chosen: all) that hold every word of the search. */
export function filterEvents(
  events: readonly Event[],
  kinds: ReadonlySet<EventKind>,
  search: string,
): Event[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter((event) => {
    if (kinds.size > 0 && !kinds.has(event.kind)) return false;
    if (words.length === 0) return true;
    const text = searchable(event);
    return words.every((word) => text.includes(word));
  });
}

const searchable = (event: Event) =>
  [
    event.kind,
    event.service,
    event.title,
    event.detail,
    event.source,
    event.kind === 'change' ? `${event.change} ${event.actor ?? ''}` : '',
    event.kind === 'note' ? event.author : '',
    ...Object.entries(event.labels ?? {}).map(([name, value]) => `${name}=${value}`),
  ]
    .join('\n')
    .toLowerCase();
