import type { Event, EventKind } from '../../shared/vocabulary/event.ts';
import type { EventLine } from '../state/event-line.ts';
import { isWithin, type Span } from '../state/span.ts';

export type Filter = {
  /** None chosen means all. */
  kinds: ReadonlySet<EventKind>;
  search: string;
  /** Null means the whole window. */
  span: Span | null;
};

/** The events of the chosen kinds, within the span, that hold every word of the search. */
export function filterEvents(
  events: readonly EventLine[],
  { kinds, search, span }: Filter,
): readonly EventLine[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (kinds.size === 0 && span === null && words.length === 0) return events;
  return events.filter((line) => {
    if (kinds.size > 0 && !kinds.has(line.kind)) return false;
    if (span !== null && !isWithin(span, line.atMs)) return false;
    if (words.length === 0) return true;
    const text = line.event ? searchable(line.event) : '';
    return words.every((word) => text.includes(word));
  });
}

/** How many there are of each kind. */
export function countKinds(events: readonly Pick<Event, 'kind'>[]): Record<EventKind, number> {
  const counts = { signal: 0, change: 0, note: 0, record: 0 };
  for (const { kind } of events) counts[kind] += 1;
  return counts;
}

/** A search that grows letter by letter asks for the same text again and again. */
const texts = new WeakMap<Event, string>();

function searchable(event: Event): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = [
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
  texts.set(event, text);
  return text;
}
