import { keyOf, type Labels } from '../labels.ts';
import type { Series, SeriesStore } from '../series-store.ts';
import { aggregate } from './aggregate.ts';
import { binaryVectors, calculate, compareWithScalar } from './binary.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import { pattern } from './pattern.ts';
import { QueryError } from './query-error.ts';
import { overRange } from './range-functions.ts';
import { emptyRow, guardSize, latestScrapes, type Row, withoutName } from './row.ts';
import { type Expr, isComparison, type Matcher, type Selector } from './syntax.ts';

export type Value = { type: 'scalar'; values: Float64Array } | { type: 'vector'; rows: Row[] };

/** How far back an instant selector looks for a sample (Prometheus' default). */
const lookbackMs = 300_000;

/** Evaluates at every step at once, so that matching and grouping of labels are done once a query, not once a step. */
export function evaluate(expr: Expr, store: SeriesStore, stepsMs: Float64Array): Value {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(stepsMs.length).fill(expr.value) };

    case 'selector':
      return { type: 'vector', rows: instant(expr, store, stepsMs) };

    case 'negate': {
      const value = evaluate(expr.expr, store, stepsMs);
      if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((number) => -number) };
      const rows = value.rows.map((row) => ({
        ...withoutName(row),
        values: row.values.map((number) => -number),
      }));
      return { type: 'vector', rows: distinct(rows) };
    }

    case 'aggregate': {
      const parameter = expr.parameter ? scalarOf(evaluate(expr.parameter, store, stepsMs)) : null;
      return {
        type: 'vector',
        rows: aggregate(expr, rowsOf(evaluate(expr.expr, store, stepsMs)), parameter),
      };
    }

    case 'call':
      return { type: 'vector', rows: distinct(call(expr.name, expr.args, store, stepsMs)) };

    case 'binary':
      return binary(expr, evaluate(expr.left, store, stepsMs), evaluate(expr.right, store, stepsMs));
  }
}

function call(name: string, args: readonly Expr[], store: SeriesStore, stepsMs: Float64Array): Row[] {
  const [first, second] = args;
  if (first?.kind === 'selector' && first.rangeMs !== null) {
    const matching = select(first.matchers, store);
    return overRange(name, matching, { ...first, rangeMs: first.rangeMs }, store, stepsMs);
  }
  if (!first || !second) throw new Error(`${name} has too few arguments`);
  const one = evaluate(first, store, stepsMs);
  const other = evaluate(second, store, stepsMs);
  if (name === 'histogram_quantile') return histogramQuantile(scalarOf(one), rowsOf(other));
  const limits = scalarOf(other);
  const clamp = name === 'clamp_min' ? Math.max : Math.min;
  return rowsOf(one).map((row) => ({
    ...withoutName(row),
    values: row.values.map((value, step) => clamp(value, limits[step] ?? Number.NaN)),
  }));
}

function binary(expr: Extract<Expr, { kind: 'binary' }>, left: Value, right: Value): Value {
  const { op } = expr;
  if (left.type === 'scalar' && right.type === 'scalar') {
    const values = left.values.map((value, step) => calculate(op, value, right.values[step] ?? Number.NaN));
    return { type: 'scalar', values };
  }
  if (left.type === 'vector' && right.type === 'vector') {
    return { type: 'vector', rows: binaryVectors(expr, left.rows, right.rows) };
  }
  const scalarLeft = left.type === 'scalar';
  const numbers = scalarOf(scalarLeft ? left : right);
  const rows = rowsOf(scalarLeft ? right : left);
  if (isComparison(op) && !expr.bool) {
    return { type: 'vector', rows: compareWithScalar(op, rows, numbers, scalarLeft) };
  }
  const combined = rows.map((row) => ({
    ...withoutName(row),
    values: row.values.map((value, step) => {
      const number = numbers[step] ?? Number.NaN;
      return scalarLeft ? calculate(op, number, value) : calculate(op, value, number);
    }),
  }));
  return { type: 'vector', rows: distinct(combined) };
}

function instant(selector: Selector, store: SeriesStore, stepsMs: Float64Array): Row[] {
  if (selector.rangeMs !== null) {
    throw new QueryError(
      'execution',
      'a range selector as the whole query is not supported by this simulated Prometheus',
    );
  }
  const matching = select(selector.matchers, store);
  guardSize(matching.length * stepsMs.length);
  const times = store.times();
  const at = latestScrapes(times, store.scrapes(), stepsMs, selector.offsetMs);
  const rows: Row[] = [];
  for (const series of matching) {
    const row = emptyRow(series.labels, stepsMs.length);
    let found = false;
    for (let step = 0; step < stepsMs.length; step++) {
      const index = at[step] ?? -1;
      if (index < 0) continue;
      const value = series.values[index] ?? Number.NaN;
      const ageMs = (stepsMs[step] ?? 0) - selector.offsetMs - (times[index] ?? 0);
      if (Number.isNaN(value) || ageMs >= lookbackMs) continue;
      row.values[step] = value;
      row.present[step] = 1;
      found = true;
    }
    if (found) rows.push(row);
  }
  return rows;
}

export function select(matchers: readonly Matcher[], store: SeriesStore): readonly Series[] {
  const name = matchers.find(({ label, op }) => label === '__name__' && op === '=');
  const candidates = name ? store.named(name.value) : store.all();
  const tests = matchers.filter((matcher) => matcher !== name).map(tester);
  return candidates.filter(({ labels }) => tests.every((test) => test(labels)));
}

/** A label that is not there is an empty one. */
function tester({ label, op, value }: Matcher): (labels: Labels) => boolean {
  if (op === '=') return (labels) => (labels[label] ?? '') === value;
  if (op === '!=') return (labels) => (labels[label] ?? '') !== value;
  const expression = pattern(value);
  // Few values, many series: each value is matched once.
  const known = new Map<string, boolean>();
  const matches = (text: string): boolean => {
    const answer = known.get(text) ?? expression.test(text);
    known.set(text, answer);
    return answer;
  };
  return (labels) => matches(labels[label] ?? '') === (op === '=~');
}

/** Rows that came to carry the same labels are one, unless both have a sample at the same step. */
function distinct(rows: Row[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row.labels);
    const known = byKey.get(key);
    if (!known) {
      byKey.set(key, row);
      continue;
    }
    for (let step = 0; step < row.values.length; step++) {
      if (!row.present[step]) continue;
      if (known.present[step]) {
        throw new QueryError('execution', 'vector cannot contain metrics with the same labelset');
      }
      known.values[step] = row.values[step] ?? Number.NaN;
      known.present[step] = 1;
    }
  }
  return [...byKey.values()];
}

function scalarOf(value: Value): Float64Array {
  if (value.type !== 'scalar') throw new Error('expected a scalar');
  return value.values;
}

function rowsOf(value: Value): Row[] {
  if (value.type !== 'vector') throw new Error('expected a vector');
  return value.rows;
}
