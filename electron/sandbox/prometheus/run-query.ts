import { keyOf, inOrder as labelsInOrder } from './labels.ts';
import { badParameter, checkTimeout, optionalTimeOf, readParameter, stepOf, timeOf } from './parameters.ts';
import { evaluate, samplesOf, type Value } from './promql/evaluate.ts';
import type { Expr } from './promql/expr.ts';
import { numberText, plainText } from './promql/go-number.ts';
import { QueryError } from './promql/query-error.ts';
import type { Row } from './promql/row.ts';
import { typeNames, typeOf } from './promql/signatures.ts';
import { parseQuery } from './promql/syntax.ts';
import type { SeriesStore } from './series-store.ts';

const maxPoints = 11_000;

type Answered = { resultType: 'scalar' | 'string' | 'vector' | 'matrix'; result: unknown };

/** Answers `/api/v1/query`. */
export function instantQuery(parameters: URLSearchParams, store: SeriesStore, nowMs: number): Answered {
  const atMs = optionalTimeOf(parameters, 'time', nowMs);
  checkTimeout(parameters);
  const expr = readParameter('query', () => queryOf(parameters));
  const samples = samplesOf(expr, store, atMs);
  if (samples) {
    const result = inOrder(samples).map(({ labels, times, values }) => ({
      metric: labelsInOrder(labels),
      values: values.map((value, index) => sample(times[index] ?? 0, value)),
    }));
    return { resultType: 'matrix', result };
  }
  const value = evaluate(expr, store, Float64Array.of(atMs));
  if (value.type === 'scalar')
    return { resultType: 'scalar', result: [atMs / 1_000, plainText(value.values[0] ?? Number.NaN)] };
  if (value.type === 'string') return { resultType: 'string', result: [atMs / 1_000, value.text] };
  const result = (hasOwnOrder(expr) ? value.rows : inOrder(value.rows))
    .filter((row) => row.present[0])
    .map((row) => ({ metric: labelsInOrder(row.labels), value: sample(atMs, row.values[0]) }));
  return { resultType: 'vector', result };
}

/** Answers `/api/v1/query_range`. */
export function rangeQuery(parameters: URLSearchParams, store: SeriesStore): Answered {
  const fromMs = timeOf(parameters, 'start');
  const toMs = timeOf(parameters, 'end');
  if (toMs < fromMs) badParameter('end', 'end timestamp must not be before start time');
  const stepMs = stepOf(parameters);
  if (Math.floor((toMs - fromMs) / stepMs) > maxPoints) {
    throw new QueryError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  checkTimeout(parameters);
  const expr = queryOf(parameters);
  const type = typeOf(expr);
  if (type === 'matrix' || type === 'string') {
    throw new QueryError(
      'bad_data',
      `invalid expression type "${typeNames[type]}" for range query, must be Scalar or instant Vector`,
    );
  }
  const steps = Float64Array.from(
    { length: Math.floor((toMs - fromMs) / stepMs) + 1 },
    (_, step) => fromMs + step * stepMs,
  );
  return { resultType: 'matrix', result: matrix(evaluate(expr, store, steps, toMs), steps) };
}

const queryOf = (parameters: URLSearchParams): Expr => parseQuery(parameters.get('query') ?? '');

/** These say themselves what comes first; all else is in the order of the labels. */
const hasOwnOrder = (expr: Expr): boolean =>
  (expr.kind === 'aggregate' && (expr.op === 'topk' || expr.op === 'bottomk')) ||
  (expr.kind === 'call' && (expr.name === 'sort' || expr.name === 'sort_desc'));

function matrix(value: Value, steps: Float64Array): unknown[] {
  if (value.type === 'string') return [];
  if (value.type === 'scalar') {
    return [{ metric: {}, values: [...steps].map((atMs, step) => sample(atMs, value.values[step])) }];
  }
  return inOrder(value.rows).flatMap((row) => {
    const values: [number, string][] = [];
    for (let step = 0; step < steps.length; step++) {
      if (row.present[step]) values.push(sample(steps[step] ?? 0, row.values[step]));
    }
    return values.length === 0 ? [] : [{ metric: labelsInOrder(row.labels), values }];
  });
}

const inOrder = <T extends Pick<Row, 'labels'>>(rows: readonly T[]): T[] =>
  rows
    .map((row) => ({ row, key: keyOf(row.labels) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ row }) => row);

const sample = (atMs: number, value: number | undefined): [number, string] => [
  atMs / 1_000,
  numberText(value ?? Number.NaN),
];
