import type { Event } from '../../shared/vocabulary/event.ts';
import type { Evidence } from '../../shared/vocabulary/hypothesis.ts';

/** What a proposal rests on, for the guard: nobody may talk the analyst into an action through a log line alone. */
export type CitedText = 'observed' | 'outsider-text-only';

/**
 * Whether at least one cited fact was observed by a connection itself. What is cited and not there counts for nothing, and
 * so does citing nothing.
 */
export function citedText(
  evidence: readonly Evidence[],
  facts: {
    event(key: string): Event | undefined;
    /** Whether a recorded read holds more than such text; undefined when there is no such read. */
    readIsObserved(id: string): boolean | undefined;
  },
): CitedText {
  const isObserved = evidence.some(
    ({ events, reads }) =>
      events.some((key) => eventIsObserved(facts.event(key))) ||
      reads.some((id) => facts.readIsObserved(id) === true),
  );
  return isObserved ? 'observed' : 'outsider-text-only';
}

/**
 * A log line is whatever a client got a service to write. A symptom and a note are words of somebody who may pass them on;
 * the records are Countersign's own, and saying a thing again makes it no truer.
 */
function eventIsObserved(event: Event | undefined): boolean {
  if (!event) return false;
  switch (event.kind) {
    case 'change':
      return true;
    case 'signal':
      return event.sort === 'metric' || event.sort === 'alert' || event.sort === 'kubernetes';
    case 'note':
    case 'record':
      return false;
    default:
      return event satisfies never;
  }
}
