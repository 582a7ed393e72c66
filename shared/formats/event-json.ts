import type { Event, EventKind } from '../vocabulary/event.ts';

/** What a list, its counts and its density need of an event. */
export type EventFront = Pick<Event, 'kind' | 'atMs' | 'key'>;

/** An event as one line of JSON, in front what a list needs of it. */
export const eventJson = ({ kind, atMs, key, ...rest }: Event): string =>
  JSON.stringify({ kind, atMs, key, ...rest });

const FRONT = /^\{"kind":"(signal|change|note|record)","atMs":(\d{1,15}),"key":"([^"\\]{1,400})",/;

/**
 * The front of a line that `eventJson` wrote, a tenth of the work of reading the whole. Null where it has another beginning,
 * or a key that is escaped: then the whole is to be read.
 */
export function frontOf(json: string): EventFront | null {
  const [, kind, atMs, key] = FRONT.exec(json) ?? [];
  return key === undefined ? null : { kind: kind as EventKind, atMs: Number(atMs), key };
}
