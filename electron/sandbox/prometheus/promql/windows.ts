import type { Labels } from '../labels.ts';
import { type Context, momentsOf, rowsOf } from './context.ts';
import type { Expr, Selector, Subquery } from './expr.ts';
import { guardSize, latestBefore } from './row.ts';
import { select } from './select.ts';

/** Samples from `startMs` to `endMs`, both included. */
export type Window = { times: number[]; values: number[]; startMs: number; endMs: number };

/** Range vectors: what of each series lies in the window of each step. */
export type Windows = {
  labels: readonly Labels[];
  /** Fills one window object again and again, for speed; it is good until the next call. */
  at(series: number, step: number): Window;
};

/** The step of a subquery that names none is how often rules are evaluated. */
const subqueryStepMs = 15_000;

/** Null for an expression that is no range vector. */
export function windowsOf(expr: Expr | undefined, context: Context, stepsMs: Float64Array): Windows | null {
  if (expr?.kind === 'subquery') return ofSubquery(expr, context, stepsMs);
  if (expr?.kind !== 'selector' || expr.rangeMs === null) return null;
  return ofSelector(expr, expr.rangeMs, context, stepsMs);
}

function ofSelector(selector: Selector, rangeMs: number, context: Context, stepsMs: Float64Array): Windows {
  const { store } = context;
  const series = select(selector.matchers, store).map(({ labels, values }) => ({
    labels,
    values,
    present: null,
  }));
  const ends = momentsOf(selector, context, stepsMs);
  return windowsIn(series, store.times(), store.scrapes(), ends, rangeMs);
}

/** The inner query at multiples of its step, wherever any window wants it. */
function ofSubquery(subquery: Subquery, context: Context, stepsMs: Float64Array): Windows {
  const { expr, rangeMs } = subquery;
  const stepMs = subquery.stepMs ?? subqueryStepMs;
  const ends = momentsOf(subquery, context, stepsMs);
  const firstStep = Math.ceil(((ends[0] ?? 0) - rangeMs) / stepMs);
  const lastStep = Math.floor((ends.at(-1) ?? 0) / stepMs);
  const count = Math.max(0, lastStep - firstStep + 1);
  guardSize(count);
  const innerSteps = Float64Array.from({ length: count }, (_, index) => (firstStep + index) * stepMs);
  const series = rowsOf(context.evaluate(expr, innerSteps));
  return windowsIn(series, innerSteps, count, ends, rangeMs);
}

type Samples = {
  labels: Labels;
  values: Float64Array;
  /** Null where a value that is not there is `NaN`. */
  present: Uint8Array | null;
};

function windowsIn(
  series: readonly Samples[],
  times: Float64Array,
  count: number,
  ends: Float64Array,
  rangeMs: number,
): Windows {
  const { beforeFirst, last } = edgesOf(series.length, times, count, ends, rangeMs);
  const window: Window = { times: [], values: [], startMs: 0, endMs: 0 };
  return {
    labels: series.map(({ labels }) => labels),
    at(index, step) {
      const { values, present } = series[index] ?? { values: ends, present: null };
      window.times.length = 0;
      window.values.length = 0;
      window.endMs = ends[step] ?? 0;
      window.startMs = window.endMs - rangeMs;
      for (let at = (beforeFirst[step] ?? -1) + 1; at <= (last[step] ?? -1); at++) {
        const value = values[at] ?? Number.NaN;
        if (present === null ? Number.isNaN(value) : !present[at]) continue;
        window.times.push(times[at] ?? 0);
        window.values.push(value);
      }
      return window;
    },
  };
}

/** Of which samples each window consists: those after `beforeFirst`, up to `last`. */
export function edgesOf(
  series: number,
  times: Float64Array,
  count: number,
  ends: Float64Array,
  rangeMs: number,
): { beforeFirst: Int32Array; last: Int32Array } {
  const last = latestBefore(times, count, ends);
  const beforeFirst = latestBefore(
    times,
    count,
    ends.map((endMs) => endMs - rangeMs),
    true,
  );
  const perWindow = (last.at(-1) ?? 0) - (beforeFirst.at(-1) ?? 0) + 1;
  guardSize(series * ends.length * Math.max(1, perWindow));
  return { beforeFirst, last };
}
