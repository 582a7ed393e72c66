/** What one bench found. A target is judged where it was measured, on the unrounded numbers. */
export type Measurement = {
  title: string;
  numbers: { what: string; value: number; unit: string }[];
  targets: { says: string; met: boolean }[];
};

/** Milliseconds that `work` took. */
export function timed(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** The value below which the given share (0 to 1) of the values lies. Does not change `values`. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const sum = (values: readonly number[]): number => values.reduce((so, value) => so + value, 0);
