import { keyOf, type Labels, withLabels } from '../labels.ts';
import { emptyRow, type Row } from './row.ts';
import type { Aggregation, Expr } from './syntax.ts';

type Aggregate = Extract<Expr, { kind: 'aggregate' }>;

export function aggregate(
  { op, grouping }: Aggregate,
  rows: readonly Row[],
  parameter: Float64Array | null,
): Row[] {
  const groups = new Map<string, { labels: Labels; rows: Row[] }>();
  for (const row of rows) {
    const labels = withLabels(row.labels, grouping.labels, !grouping.without);
    const key = keyOf(labels);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { labels, rows: [row] });
  }
  if (op === 'topk' || op === 'bottomk') {
    return [...groups.values()].flatMap((group) => extremes(op, group.rows, parameter ?? new Float64Array()));
  }
  return [...groups.values()].map((group) => reduce(op, group.labels, group.rows));
}

function reduce(op: Exclude<Aggregation, 'topk' | 'bottomk'>, labels: Labels, rows: readonly Row[]): Row {
  const steps = rows[0]?.values.length ?? 0;
  const result = emptyRow(labels, steps);
  const counts = new Float64Array(steps);
  for (const row of rows) {
    for (let step = 0; step < steps; step++) {
      if (!row.present[step]) continue;
      const value = row.values[step] ?? 0;
      const before = result.values[step] ?? 0;
      const isFirst = result.present[step] === 0;
      result.present[step] = 1;
      counts[step] = (counts[step] ?? 0) + 1;
      if (op === 'sum' || op === 'avg') result.values[step] = before + value;
      else if (isFirst || Number.isNaN(before)) result.values[step] = value;
      else if (op === 'max') result.values[step] = value > before ? value : before;
      else if (op === 'min') result.values[step] = value < before ? value : before;
    }
  }
  if (op === 'count') result.values = counts;
  if (op === 'avg') result.values = result.values.map((sum, step) => sum / (counts[step] ?? 1));
  return result;
}

/** At each step the k largest (or smallest) series stay, with their own labels; largest last seen first. */
function extremes(op: 'topk' | 'bottomk', rows: readonly Row[], parameter: Float64Array): Row[] {
  const steps = rows[0]?.values.length ?? 0;
  const kept = rows.map((row) => emptyRow(row.labels, steps));
  const order = (one: number, other: number) => (op === 'topk' ? other - one : one - other);
  for (let step = 0; step < steps; step++) {
    const limit = Math.max(0, Math.trunc(parameter[step] ?? 0));
    const ranked = rows
      .map((row, index) => ({ index, value: row.values[step] ?? Number.NaN, present: row.present[step] }))
      .filter(({ present }) => present)
      .sort((one, other) => nanLast(one.value, other.value) || order(one.value, other.value));
    for (const { index, value } of ranked.slice(0, limit)) {
      const row = kept[index];
      if (!row) continue;
      row.values[step] = value;
      row.present[step] = 1;
    }
  }
  return kept
    .filter((row) => row.present.includes(1))
    .sort((one, other) => order(one.values.at(-1) ?? 0, other.values.at(-1) ?? 0));
}

const nanLast = (one: number, other: number) => Number(Number.isNaN(one)) - Number(Number.isNaN(other));
