import { keyOf, type Labels, withLabels } from '../labels.ts';
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

/** The row with every value turned into another; what was there stays there. */
export function mapped(row: Row, change: (value: number, step: number) => number): Row {
  return { ...row, values: row.values.map(change) };
}

/** Rows that came to carry the same labels are one, unless both have a sample at the same step. */
export function distinct(rows: readonly Row[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row.labels);
    const known = byKey.get(key);
    byKey.set(key, known ? joined(known, row) : row);
  }
  return [...byKey.values()];
}

function joined(one: Row, other: Row): Row {
  const values = one.values.slice();
  const present = one.present.slice();
  for (let step = 0; step < values.length; step++) {
    if (!other.present[step]) continue;
    if (present[step]) throw sameLabels();
    values[step] = other.values[step] ?? Number.NaN;
    present[step] = 1;
  }
  return { ...one, values, present };
}

/** Some operations look at whole series: they refuse equal labels even where the series take turns. */
export function refuseSameLabels(rows: readonly Row[]): Row[] {
  if (new Set(rows.map(({ labels }) => keyOf(labels))).size < rows.length) throw sameLabels();
  return [...rows];
}

const sameLabels = () => new QueryError('execution', 'vector cannot contain metrics with the same labelset');

/** Index of the last of `count` rising times at or before each limit (or strictly before it), or -1; limits rise as well. */
export function latestBefore(
  times: Float64Array,
  count: number,
  limits: Float64Array,
  strictly = false,
): Int32Array {
  const found = new Int32Array(limits.length);
  let index = -1;
  for (let step = 0; step < limits.length; step++) {
    const limit = limits[step] ?? 0;
    for (; index + 1 < count; index++) {
      const next = times[index + 1] ?? 0;
      if (strictly ? next >= limit : next > limit) break;
    }
    found[step] = index;
  }
  return found;
}

const maxSamples = 20_000_000;
