/**
 * The samples worth drawing of those from `first` to before `end` on so many pixels: of each pixel's share the lowest and
 * the highest, in their order, and one null where it has no sample at all. INVARIANT: no peak is lost, nothing is made up,
 * and what is drawn as a gap is one. All of them where there are no more than two a pixel.
 */
export function thinOut(
  values: readonly (number | null)[],
  { first, end }: { first: number; end: number },
  pixels: number,
): number[] {
  const count = end - first;
  if (count <= 2 * pixels) return Array.from({ length: Math.max(0, count) }, (_, at) => first + at);
  const places: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const from = first + Math.floor((pixel * count) / pixels);
    const until = first + Math.floor(((pixel + 1) * count) / pixels);
    places.push(...extremes(values, from, until));
  }
  return places;
}

function extremes(values: readonly (number | null)[], from: number, until: number): number[] {
  let low = -1;
  let high = -1;
  for (let at = from; at < until; at += 1) {
    const value = values[at] ?? null;
    if (value === null) continue;
    if (low < 0 || value < (values[low] ?? 0)) low = at;
    if (high < 0 || value > (values[high] ?? 0)) high = at;
  }
  if (low < 0) return [from];
  if (low === high) return [low];
  return low < high ? [low, high] : [high, low];
}
