/** The event that is nearest in time, of those as near the first; `events` in the order of time. */
export function nearestEvent<T extends { atMs: number }>(events: readonly T[], atMs: number): T | undefined {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  const after = events[low];
  let before = events[low - 1];
  if (!before || (after && after.atMs - atMs < atMs - before.atMs)) return after;
  // Of several at one time the first, as it is when one comes from the other side.
  for (let at = low - 2; events[at]?.atMs === before.atMs; at -= 1) before = events[at] ?? before;
  return before;
}
