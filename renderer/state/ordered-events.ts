import type { Event } from '../../shared/vocabulary/event.ts';

/** In the order of time, keys settling what happened at once. */
export const byTime = (one: Event, other: Event) =>
  one.atMs - other.atMs || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);

/**
 * Which keys a list holds, for the newest list only: whoever derives a list from it takes the index over. So a list of a
 * hundred thousand takes one event more without being walked through for duplicates.
 */
const indexes = new WeakMap<readonly Event[], Set<string>>();

/**
 * The ordered list with what was added. A source may deliver twice: the newest delivery of a key stands. Pure to whoever
 * looks from outside; both lists are ordered, neither is changed.
 */
export function withEvents(events: readonly Event[], added: readonly Event[]): readonly Event[] {
  if (added.length === 0) return events;
  const known = indexes.get(events) ?? new Set(events.map(({ key }) => key));
  indexes.delete(events);
  const newest = new Map(added.map((event) => [event.key, event]));
  const fresh = [...newest.values()].sort(byTime);
  const replaces = fresh.some(({ key }) => known.has(key));
  const others = replaces ? events.filter(({ key }) => !newest.has(key)) : events;
  const merged = merge(others, fresh);
  for (const { key } of fresh) known.add(key);
  indexes.set(merged, known);
  return merged;
}

/** Most of what comes is newer than everything, or older than everything: then nothing is compared. */
function merge(one: readonly Event[], other: readonly Event[]): readonly Event[] {
  if (isBefore(one, other)) return [...one, ...other];
  if (isBefore(other, one)) return [...other, ...one];
  return [...one, ...other].sort(byTime);
}

function isBefore(one: readonly Event[], other: readonly Event[]): boolean {
  const [last, first] = [one.at(-1), other[0]];
  return !last || !first || byTime(last, first) < 0;
}
