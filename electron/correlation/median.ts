/** The middle of the values, 0 for none. The input is left as it is. */
export function median(values: ArrayLike<number>): number {
  const { length } = values;
  if (length === 0) return 0;
  const scratch = copied(values);
  const middle = length >> 1;
  const upper = select(scratch, length, middle);
  if (length % 2 === 1) return upper;
  // All before the middle are at most as large now.
  let lower = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < middle; at += 1) lower = Math.max(lower, scratch[at] ?? lower);
  return (lower + upper) / 2;
}

/** The value below which a share `q` of the values lies, 0 for none. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const { length } = values;
  if (length === 0) return 0;
  return select(copied(values), length, Math.min(length - 1, Math.floor(q * length)));
}

/** Median over each run of `width` values: element i is the median of values i to i + width - 1. */
export function forwardMedians(values: ArrayLike<number>, width: number): Float64Array {
  const count = Math.max(0, values.length - width + 1);
  const medians = new Float64Array(count);
  if (count === 0 || width === 0) return medians;
  const window = new Float64Array(width);
  for (let filled = 0; filled < width; filled += 1) insert(window, filled, values[filled] ?? 0);
  for (let at = 0; ; ) {
    medians[at] = middleOf(window);
    at += 1;
    if (at >= count) return medians;
    replace(window, values[at - 1] ?? 0, values[at + width - 1] ?? 0);
  }
}

/** How far each value is from a level. */
export function distances(values: Float64Array, level: number): Float64Array {
  const away = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += 1) away[at] = Math.abs((values[at] ?? 0) - level);
  return away;
}

/** INVARIANT: the order of the summands does not change the sum, so neither does the order of a case file. */
export function sumOf(values: Iterable<number>): number {
  return Float64Array.from(values)
    .sort()
    .reduce((sum, value) => sum + value, 0);
}

let room = new Float64Array(1024);

/** Into a buffer used again and again: medians are taken by the ten thousand. */
function copied(values: ArrayLike<number>): Float64Array {
  if (room.length < values.length) room = new Float64Array(2 * values.length);
  for (let at = 0; at < values.length; at += 1) room[at] = values[at] ?? 0;
  return room;
}

/** The value that would stand at place `k` were the first `length` sorted (Hoare 1961); smaller ones are moved before it. */
function select(values: Float64Array, length: number, k: number): number {
  let left = 0;
  let right = length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? 0;
    let low = left;
    let high = right;
    while (low <= high) {
      while ((values[low] ?? 0) < pivot) low += 1;
      while ((values[high] ?? 0) > pivot) high -= 1;
      if (low > high) break;
      const other = values[low] ?? 0;
      values[low] = values[high] ?? 0;
      values[high] = other;
      low += 1;
      high -= 1;
    }
    if (k <= high) right = high;
    else if (k >= low) left = low;
    else break;
  }
  return values[k] ?? 0;
}

function middleOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Insertion into the sorted first `filled` places: the fastest for a dozen values. */
function insert(window: Float64Array, filled: number, value: number): void {
  let place = filled;
  while (place > 0 && (window[place - 1] ?? 0) > value) {
    window[place] = window[place - 1] ?? 0;
    place -= 1;
  }
  window[place] = value;
}

/** Takes one value out of the sorted window and puts another in. */
function replace(window: Float64Array, gone: number, come: number): void {
  let place = 0;
  while (place < window.length - 1 && window[place] !== gone) place += 1;
  for (; place < window.length - 1 && (window[place + 1] ?? 0) < come; place += 1)
    window[place] = window[place + 1] ?? 0;
  for (; place > 0 && (window[place - 1] ?? 0) > come; place -= 1) window[place] = window[place - 1] ?? 0;
  window[place] = come;
}
