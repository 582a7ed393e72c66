import { type Context, scalarOf } from './context.ts';
import type { Call, Expr } from './expr.ts';
import { extrapolated } from './extrapolate.ts';
import { emptyRow, type Row, refuseSameLabels, withoutName } from './row.ts';
import { lineThrough, meanWith, quantileOf, sumOf, varianceOf } from './statistics.ts';
import { type Window, windowsOf } from './windows.ts';

/** Null where the window has too little in it. `number` is the scalar argument of functions that take one. */
type RangeFunction = (window: Window, number: number, stepMs: number) => number | null;

export const isRangeFunction = (name: string): boolean => Object.hasOwn(functions, name);

/** Applies a function of a range vector at every step. */
export function overRange({ name, args }: Call, context: Context, stepsMs: Float64Array): Row[] {
  const apply = functions[name];
  const windows = args.map((arg) => windowsOf(arg, context, stepsMs)).find((found) => found !== null);
  if (!apply || !windows) throw new Error(`${name} has no range vector`);
  const numbers = numbersAmong(args, context, stepsMs);
  const rows = windows.labels.flatMap((labels, series) => {
    const row = emptyRow(labels, stepsMs.length);
    for (let step = 0; step < stepsMs.length; step++) {
      const window = windows.at(series, step);
      const result =
        window.values.length === 0 ? null : apply(window, numbers?.[step] ?? Number.NaN, stepsMs[step] ?? 0);
      if (result === null) continue;
      row.values[step] = result;
      row.present[step] = 1;
    }
    if (!row.present.includes(1)) return [];
    return [name === 'last_over_time' ? row : withoutName(row)];
  });
  return refuseSameLabels(rows);
}

/** Whether any series has a sample in the window, at each step. */
export function anythingIn(expr: Expr | undefined, context: Context, stepsMs: Float64Array): Uint8Array {
  const windows = windowsOf(expr, context, stepsMs);
  return Uint8Array.from(stepsMs, (_, step) =>
    Number(windows?.labels.some((_labels, series) => windows.at(series, step).values.length > 0) ?? false),
  );
}

function numbersAmong(args: readonly Expr[], context: Context, stepsMs: Float64Array): Float64Array | null {
  const isWindow = (arg: Expr) =>
    arg.kind === 'subquery' || (arg.kind === 'selector' && arg.rangeMs !== null);
  const number = args.find((arg) => !isWindow(arg));
  return number ? scalarOf(context.evaluate(number, stepsMs)) : null;
}

const functions: Readonly<Record<string, RangeFunction>> = {
  rate: (window) => extrapolated(window, { counter: true, perSecond: true }),
  increase: (window) => extrapolated(window, { counter: true, perSecond: false }),
  delta: (window) => extrapolated(window, { counter: false, perSecond: false }),
  irate: (window) => lastTwo(window, true),
  idelta: (window) => lastTwo(window, false),
  changes: ({ values }) => countPairs(values, (before, after) => !isSame(before, after)),
  resets: ({ values }) => countPairs(values, (before, after) => after < before),
  deriv: (window) => trend(window, window.times[0] ?? 0)?.slope ?? null,
  predict_linear(window, seconds, stepMs) {
    const line = trend(window, stepMs);
    return line && line.slope * seconds + line.intercept;
  },
  avg_over_time: ({ values }) => {
    const plain = values.every(Number.isFinite) ? sumOf(values) / values.length : Number.NaN;
    if (Number.isFinite(plain)) return plain;
    return values.reduce((mean, value, index) => meanWith(mean, index + 1, value), 0);
  },
  sum_over_time: ({ values }) => sumOf(values),
  count_over_time: ({ values }) => values.length,
  max_over_time: ({ values }) =>
    values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  min_over_time: ({ values }) =>
    values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  last_over_time: ({ values }) => values.at(-1) ?? null,
  present_over_time: () => 1,
  stddev_over_time: ({ values }) => Math.sqrt(varianceOf(values)),
  stdvar_over_time: ({ values }) => varianceOf(values),
  quantile_over_time: ({ values }, quantile) => quantileOf(quantile, values),
};

const isSame = (one: number, other: number) => one === other || (Number.isNaN(one) && Number.isNaN(other));

function countPairs(
  values: readonly number[],
  isCounted: (before: number, after: number) => boolean,
): number {
  let count = 0;
  for (let index = 1; index < values.length; index++) {
    if (isCounted(values[index - 1] ?? 0, values[index] ?? 0)) count += 1;
  }
  return count;
}

function lastTwo({ times, values }: Window, isRate: boolean): number | null {
  if (values.length < 2) return null;
  const [before = 0, after = 0] = values.slice(-2);
  const [from = 0, to = 0] = times.slice(-2);
  if (!isRate) return after - before;
  return (after < before ? after : after - before) / ((to - from) / 1_000);
}

function trend({ times, values }: Window, zeroMs: number) {
  if (values.length < 2) return null;
  return lineThrough(
    times.map((timeMs) => (timeMs - zeroMs) / 1_000),
    values,
  );
}
