import type { EventPlace } from '../../shared/vocabulary/event-page.ts';

/** In the order of time, keys settling what happened at once. */
export const byTime = (one: EventPlace, other: EventPlace) =>
  one.atMs - other.atMs || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);

/**
 * Which keys a list holds, for the newest list only: whoever derives a list from it takes the index over. So a list of a
 * hundred thousand takes one event more without being walked through for duplicates.
 */
const indexes = new WeakMap<readonly EventPlace[], Set<string>>();

/**
 * The ordered list with what was added. A source may deliver twice: the newest delivery of a key stands. Pure to whoever
 * looks from outside; both lists are ordered, neither is changed.
 */
export function withEvents<T extends EventPlace>(events: readonly T[], added: readonly T[]): readonly T[] {
  if (added.length === 0) return events;
  const known = keysOf(events);
  indexes.delete(events);
  const before = known.size;
  for (const { key } of added) known.add(key);
  const areNew = known.size === before + added.length;
  const merged = areNew ? merge(events, inOrder(added)) : withNewest(events, added);
  indexes.set(merged, known);
  return merged;
}

/**
 * The list with what was read from before it, in order and each key once. What is held already came later and stands.
 * Nothing of it is indexed before something more comes: of a hundred thousand that takes longer than all else here.
 */
export function withOlder<T extends EventPlace>(events: readonly T[], older: readonly T[]): readonly T[] {
  const known = keysOf(events);
  return merge(
    older.filter(({ key }) => !known.has(key)),
    events,
  );
}

const keysOf = (events: readonly EventPlace[]): Set<string> =>
  indexes.get(events) ?? new Set(events.map(({ key }) => key));

/** Some keys are held already, or were delivered twice at once. */
function withNewest<T extends EventPlace>(events: readonly T[], added: readonly T[]): readonly T[] {
  const newest = new Map(added.map((event) => [event.key, event]));
  const others = events.filter(({ key }) => !newest.has(key));
  return merge(others, inOrder([...newest.values()]));
}

/** Most of what comes is in order already. */
const inOrder = <T extends EventPlace>(events: readonly T[]): readonly T[] =>
  events.every((event, at) => at === 0 || byTime(events[at - 1] ?? event, event) < 0)
    ? events
    : events.toSorted(byTime);

/** Most of what comes is newer than everything, or older than everything: then nothing is compared. */
function merge<T extends EventPlace>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (isBefore(one, other)) return [...one, ...other];
  if (isBefore(other, one)) return [...other, ...one];
  return [...one, ...other].sort(byTime);
}

function isBefore(one: readonly EventPlace[], other: readonly EventPlace[]): boolean {
  const [last, first] = [one.at(-1), other[0]];
  return !last || !first || byTime(last, first) < 0;
}
