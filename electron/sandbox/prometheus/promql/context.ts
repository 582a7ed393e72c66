import type { SeriesStore } from '../series-store.ts';
import type { Expr, Moment } from './expr.ts';
import type { Row } from './row.ts';

export type Value =
  | { type: 'scalar'; values: Float64Array }
  | { type: 'string'; text: string }
  | { type: 'vector'; rows: Row[] };

/** What an evaluation needs beside the expression and the steps; `evaluate` is how the parts reach the whole. */
export type Context = {
  store: SeriesStore;
  /** The ends of the whole query, for `@ start()` and `@ end()`. */
  startMs: number;
  endMs: number;
  evaluate(expr: Expr, stepsMs: Float64Array): Value;
};

/** The time looked at for each step. */
export function momentsOf({ at, offsetMs }: Moment, context: Context, stepsMs: Float64Array): Float64Array {
  if (at === null) return offsetMs === 0 ? stepsMs : stepsMs.map((stepMs) => stepMs - offsetMs);
  const atMs = at === 'start' ? context.startMs : at === 'end' ? context.endMs : at.atMs;
  return new Float64Array(stepsMs.length).fill(atMs - offsetMs);
}

export function scalarOf(value: Value | undefined): Float64Array {
  if (value?.type !== 'scalar') throw new Error('expected a scalar');
  return value.values;
}

export function rowsOf(value: Value | undefined): Row[] {
  if (value?.type !== 'vector') throw new Error('expected a vector');
  return value.rows;
}

export function textOf(value: Value | undefined): string {
  if (value?.type !== 'string') throw new Error('expected a string');
  return value.text;
}
