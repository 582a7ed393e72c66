import { type Labels, withLabels } from '../labels.ts';
import { QueryError } from './query-error.ts';

/** One series over all steps of a query. A sample may be `NaN`, so what is there is marked beside it. */
export type Row = { labels: Labels; values: Float64Array; present: Uint8Array };

export const emptyRow = (labels: Labels, steps: number): Row => ({
  labels,
  values: new Float64Array(steps),
  present: new Uint8Array(steps),
});

export function guardSize(samples: number): void {
  if (samples > maxSamples) {
    throw new QueryError(
      'execution',
      'query processing would load too many samples into memory in query execution',
    );
  }
}

export function withoutName(row: Row): Row {
  return { ...row, labels: withLabels(row.labels, [], false) };
}

/** Index of the last scrape at or before each step, or -1. */
export function latestScrapes(
  times: Float64Array,
  scrapes: number,
  stepsMs: Float64Array,
  backMs: number,
): Int32Array {
  const found = new Int32Array(stepsMs.length);
  let index = -1;
  for (let step = 0; step < stepsMs.length; step++) {
    const limit = (stepsMs[step] ?? 0) - backMs;
    while (index + 1 < scrapes && (times[index + 1] ?? 0) <= limit) index += 1;
    found[step] = index;
  }
  return found;
}

const maxSamples = 20_000_000;
