import { keyOf, type Labels, withLabels } from '../labels.ts';
import { type Context, rowsOf, scalarOf, textOf } from './context.ts';
import type { Aggregate, Aggregation } from './expr.ts';
import { numberText, plainText } from './go-number.ts';
import { QueryError } from './query-error.ts';
import { emptyRow, type Row } from './row.ts';
import { meanWith, quantileOf } from './statistics.ts';
import { summedRates } from './summed-rates.ts';

/** Turns the rows of each group into one row, or into those that are kept of it. */
export function aggregate(expr: Aggregate, context: Context, stepsMs: Float64Array): Row[] {
  const { op, grouping, parameter } = expr;
  const summed = summedRates(expr, context, stepsMs);
  if (summed) return summed;
  const rows = rowsOf(context.evaluate(expr.expr, stepsMs));
  const given = parameter ? context.evaluate(parameter, stepsMs) : undefined;
  if (op === 'count_values') return countValues(textOf(given), rows, grouping);
  if (op === 'topk' || op === 'bottomk') {
    const limits = scalarOf(given).map(wholeNumber);
    return [...groupsOf(rows, grouping).values()].flatMap((group) => extremes(op, group.rows, limits));
  }
  const quantiles = op === 'quantile' ? scalarOf(given) : null;
  return [...groupsOf(rows, grouping).values()].map((group) =>
    reduce(group, (values, step) => reducers[op](values, quantiles?.[step] ?? Number.NaN)),
  );
}

type Group = { labels: Labels; rows: Row[] };

function groupsOf(
  rows: readonly Row[],
  { labels: names, without }: Aggregate['grouping'],
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const labels = withLabels(row.labels, names, !without);
    const key = keyOf(labels);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { labels, rows: [row] });
  }
  return groups;
}

function reduce({ labels, rows }: Group, reducer: (values: readonly number[], step: number) => number): Row {
  const steps = rows[0]?.values.length ?? 0;
  const result = emptyRow(labels, steps);
  const values: number[] = [];
  for (let step = 0; step < steps; step++) {
    values.length = 0;
    for (const row of rows) if (row.present[step]) values.push(row.values[step] ?? Number.NaN);
    if (values.length === 0) continue;
    result.values[step] = reducer(values, step);
    result.present[step] = 1;
  }
  return result;
}

type Reducer = (values: readonly number[], quantile: number) => number;

const reducers: Readonly<Record<Exclude<Aggregation, 'topk' | 'bottomk' | 'count_values'>, Reducer>> = {
  sum: (values) => values.reduce((sum, value) => sum + value),
  avg: (values) => values.reduce((mean, value, index) => meanWith(mean, index + 1, value)),
  min: (values) => values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  max: (values) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  count: (values) => values.length,
  group: () => 1,
  stdvar: (values) => variance(values),
  stddev: (values) => Math.sqrt(variance(values)),
  quantile: (values, quantile) => quantileOf(quantile, values),
};

function variance(values: readonly number[]): number {
  let [mean = Number.NaN] = values;
  let squares = 0;
  for (const [index, value] of values.entries()) {
    if (index === 0) continue;
    const delta = value - mean;
    mean += delta / (index + 1);
    squares += delta * (value - mean);
  }
  return squares / values.length;
}

/** How many series have each value, the value as a label. */
function countValues(label: string, rows: readonly Row[], grouping: Aggregate['grouping']): Row[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) {
    throw new QueryError('execution', `invalid label name ${JSON.stringify(label)}`);
  }
  const { labels, without } = grouping;
  const names = without ? labels : [...labels, label];
  const counted = new Map<string, Row>();
  for (const row of rows) {
    for (let step = 0; step < row.values.length; step++) {
      if (!row.present[step]) continue;
      const marked = { ...row.labels, [label]: plainText(row.values[step] ?? Number.NaN) };
      const group = withLabels(marked, names, !without);
      const key = keyOf(group);
      const result = counted.get(key) ?? emptyRow(group, row.values.length);
      counted.set(key, result);
      result.values[step] = (result.values[step] ?? 0) + 1;
      result.present[step] = 1;
    }
  }
  return [...counted.values()];
}

/** At each step the k largest (or smallest) series stay, with their own labels; largest last seen first. */
function extremes(op: 'topk' | 'bottomk', rows: readonly Row[], limits: Float64Array): Row[] {
  const steps = rows[0]?.values.length ?? 0;
  const kept = rows.map((row) => emptyRow(row.labels, steps));
  const order = (one: number, other: number) =>
    nanLast(one, other) || (op === 'topk' ? other - one : one - other);
  for (let step = 0; step < steps; step++) {
    const limit = Math.max(0, limits[step] ?? 0);
    const ranked = rows
      .map((row, index) => ({ index, value: row.values[step] ?? Number.NaN, present: row.present[step] }))
      .filter(({ present }) => present)
      .sort((one, other) => order(one.value, other.value));
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

function wholeNumber(value: number): number {
  if (!(Math.abs(value) < 2 ** 63)) {
    throw new QueryError('execution', `Scalar value ${numberText(value)} overflows int64`);
  }
  return Math.trunc(value);
}

const nanLast = (one: number, other: number) => Number(Number.isNaN(one)) - Number(Number.isNaN(other));
