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

/** A measurement as it is told on a terminal. */
export function linesOf({ title, numbers, targets }: Measurement): string[] {
  return [
    `\n${title}`,
    ...numbers.map(({ what, value, unit }) => `  ${what.padEnd(46)} ${shown(value).padStart(12)} ${unit}`),
    ...targets.map(({ says, met }) => `  ${met ? 'met   ' : 'MISSED'}  ${says}`),
  ];
}

function shown(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
