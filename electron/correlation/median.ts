/** The middle of the values, 0 for none. The input is left as it is. */
export function median(values: readonly number[]): number {
  const sorted = new Float64Array(values).sort();
  return middleOf(sorted);
}

/** The value below which a share `q` of the values lies, 0 for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = new Float64Array(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

/** Median over each run of `width` values: element i is the median of values i to i + width - 1. */
export function forwardMedians(values: readonly number[], width: number): number[] {
  const window = new Float64Array(width);
  const medians: number[] = [];
  for (let at = 0; at + width <= values.length; at += 1) {
    for (let filled = 0; filled < width; filled += 1) insert(window, filled, values[at + filled] ?? 0);
    medians.push(middleOf(window));
  }
  return medians;
}

/** INVARIANT: the order of the summands does not change the sum, so neither does the order of a case file. */
export function sumOf(values: Iterable<number>): number {
  return Float64Array.from(values)
    .sort()
    .reduce((sum, value) => sum + value, 0);
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
