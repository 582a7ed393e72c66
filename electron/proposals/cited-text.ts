import { eventText } from '../../shared/formats/event-text.ts';
import { suspicionsIn } from '../../shared/formats/suspicious-text.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Evidence } from '../../shared/vocabulary/hypothesis.ts';

/** What a proposal rests on, for the guard: nobody may talk the analyst into an action through a log line alone. */
export type CitedText = 'observed' | 'suspicious' | 'outsider-text-only';

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
    /** The text of a recorded read, byte for byte; undefined when there is no such read. */
    readText(id: string): string | undefined;
  },
): CitedText {
  const isObserved = evidence.some(
    ({ events, reads }) =>
      events.some((key) => eventIsObserved(facts.event(key))) ||
      reads.some((id) => facts.readIsObserved(id) === true),
  );
  if (!isObserved) return 'outsider-text-only';
  return evidence.some((one) => citesSuspicious(one, facts)) ? 'suspicious' : 'observed';
}

/**
 * What is quoted, an event that is named, and a read that holds nothing but such text. A read that lists many things is not
 * looked through whole: a line that nobody cites must not say how a proposal is approved.
 */
function citesSuspicious(
  { events, reads, quotes }: Evidence,
  facts: Parameters<typeof citedText>[1],
): boolean {
  const texts = [
    ...(quotes ?? []).map(({ text }) => text),
    ...events.map((key) => eventText(facts.event(key))),
    ...reads.filter((id) => facts.readIsObserved(id) === false).map((id) => facts.readText(id) ?? ''),
  ];
  return texts.some((text) => suspicionsIn(text).length > 0);
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
