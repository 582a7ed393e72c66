import type { SeriesStore } from '../series-store.ts';
import { aggregate } from './aggregate.ts';
import { binary } from './binary.ts';
import { call } from './call.ts';
import type { Context, Value } from './context.ts';
import type { Expr } from './expr.ts';
import { mapped, type Row, refuseSameLabels, withoutName } from './row.ts';
import { instant } from './select.ts';
import { windowsOf } from './windows.ts';

export type { Value } from './context.ts';
export { select } from './select.ts';

/**
 * Evaluates at every step at once, so that matching and grouping of labels are done once a query, not once a step.
 * `endMs` is the end the query was given, which the last step may fall short of.
 */
export function evaluate(expr: Expr, store: SeriesStore, stepsMs: Float64Array, endMs?: number): Value {
  return contextFor(store, stepsMs, endMs).evaluate(expr, stepsMs);
}

/** The samples themselves of a range vector that is a whole query; null for anything else. */
export function samplesOf(
  expr: Expr,
  store: SeriesStore,
  atMs: number,
): { labels: Row['labels']; times: readonly number[]; values: readonly number[] }[] | null {
  const step = Float64Array.of(atMs);
  const windows = windowsOf(expr, contextFor(store, step), step);
  if (!windows) return null;
  return windows.labels.flatMap((labels, series) => {
    const { times, values } = windows.at(series, 0);
    return times.length === 0 ? [] : [{ labels, times: [...times], values: [...values] }];
  });
}

function contextFor(store: SeriesStore, stepsMs: Float64Array, endMs?: number): Context {
  const context: Context = {
    store,
    startMs: stepsMs[0] ?? 0,
    endMs: endMs ?? stepsMs.at(-1) ?? 0,
    evaluate: (inner, innerStepsMs) => evaluated(inner, context, innerStepsMs),
  };
  return context;
}

function evaluated(expr: Expr, context: Context, stepsMs: Float64Array): Value {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(stepsMs.length).fill(expr.value) };
    case 'string':
      return { type: 'string', text: expr.text };
    case 'selector':
      if (expr.rangeMs !== null) throw new Error('a range vector has no value at a step');
      return { type: 'vector', rows: instant(expr, context, stepsMs) };
    case 'subquery':
      throw new Error('a range vector has no value at a step');
    case 'negate': {
      const value = context.evaluate(expr.expr, stepsMs);
      if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((number) => -number) };
      if (value.type === 'string') return value;
      const rows = value.rows.map((row) => mapped(withoutName(row), (number) => -number));
      return { type: 'vector', rows: refuseSameLabels(rows) };
    }
    case 'aggregate':
      return { type: 'vector', rows: aggregate(expr, context, stepsMs) };
    case 'call':
      return call(expr, context, stepsMs);
    case 'binary':
      return binary(expr, context, stepsMs);
  }
}
