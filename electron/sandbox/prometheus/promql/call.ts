import { keyOf, type Labels } from '../labels.ts';
import { type Context, rowsOf, scalarOf, textOf, type Value } from './context.ts';
import { timeFunctions } from './dates.ts';
import type { Call, Expr } from './expr.ts';
import { histogramQuantile, quantileOfSums } from './histogram-quantile.ts';
import { joinLabels, replaceLabel } from './label-functions.ts';
import { clamp, mathFunctions, round } from './math-functions.ts';
import { anythingIn, isRangeFunction, overRange } from './range-functions.ts';
import { distinct, emptyRow, mapped, type Row, withoutName } from './row.ts';
import { instant } from './select.ts';
import { rateSums } from './summed-rates.ts';

/** The value of a function call at every step. */
export function call(expr: Call, context: Context, stepsMs: Float64Array): Value {
  const { name, args } = expr;
  if (isRangeFunction(name)) return vector(overRange(expr, context, stepsMs));
  if (name === 'absent_over_time') return vector(absent(args[0], anythingIn(args[0], context, stepsMs)));
  if (name === 'timestamp') return vector(timestamp(args[0], context, stepsMs));
  if (name === 'time') return scalar(seconds(stepsMs));
  if (name === 'pi') return scalar(new Float64Array(stepsMs.length).fill(Math.PI));

  if (name === 'histogram_quantile' && args[0] && args[1]?.kind === 'aggregate') {
    const sums = rateSums(args[1], context, stepsMs);
    if (sums) return vector(quantileOfSums(scalarOf(context.evaluate(args[0], stepsMs)), sums));
  }

  const values = args.map((arg) => context.evaluate(arg, stepsMs));
  const math = mathFunctions[name];
  if (math) return vector(distinct(rowsOf(values[0]).map((row) => mapped(withoutName(row), math))));
  const date = timeFunctions[name];
  if (date) {
    const rows = values[0] ? rowsOf(values[0]) : [always(seconds(stepsMs))];
    return vector(distinct(rows.map((row) => mapped(withoutName(row), date))));
  }
  return ofValues(expr, values, stepsMs);
}

function ofValues({ name, args }: Call, values: readonly Value[], stepsMs: Float64Array): Value {
  const [first, second, third] = values;
  switch (name) {
    case 'absent': {
      const rows = rowsOf(first);
      const there = Uint8Array.from(stepsMs, (_, step) => Number(rows.some((row) => row.present[step])));
      return vector(absent(args[0], there));
    }
    case 'scalar':
      return scalar(onlyValues(rowsOf(first), stepsMs.length));
    case 'vector':
      return vector([always(scalarOf(first))]);
    case 'sort':
    case 'sort_desc':
      return vector(byValue(rowsOf(first), name === 'sort' ? 1 : -1));
    case 'round':
      return vector(round(rowsOf(first), second ? scalarOf(second) : null));
    case 'clamp':
      return vector(clamp(rowsOf(first), scalarOf(second), scalarOf(third)));
    case 'clamp_min':
      return vector(clamp(rowsOf(first), scalarOf(second), null));
    case 'clamp_max':
      return vector(clamp(rowsOf(first), null, scalarOf(second)));
    case 'histogram_quantile':
      return vector(histogramQuantile(scalarOf(first), rowsOf(second)));
    case 'label_replace': {
      const [target = '', replacement = '', source = '', expression = ''] = values.slice(1).map(textOf);
      return vector(replaceLabel(rowsOf(first), { target, replacement, source, expression }));
    }
    case 'label_join': {
      const [target = '', separator = '', ...sources] = values.slice(1).map(textOf);
      return vector(joinLabels(rowsOf(first), { target, separator, sources }));
    }
    case 'histogram_count':
    case 'histogram_sum':
    case 'histogram_fraction':
      // These read native histograms only, and nothing here is one.
      return vector([]);
    default:
      throw new Error(`no function ${name}`);
  }
}

const vector = (rows: Row[]): Value => ({ type: 'vector', rows });
const scalar = (values: Float64Array): Value => ({ type: 'scalar', values });
const seconds = (stepsMs: Float64Array) => stepsMs.map((stepMs) => stepMs / 1_000);

const always = (values: Float64Array): Row => ({
  labels: {},
  values: values.slice(),
  present: new Uint8Array(values.length).fill(1),
});

/** When the sample of a selector was taken; for all else the time of the step. */
function timestamp(arg: Expr | undefined, context: Context, stepsMs: Float64Array): Row[] {
  if (!arg) return [];
  const rows =
    arg.kind === 'selector'
      ? instant(arg, context, stepsMs, 'time')
      : rowsOf(context.evaluate(arg, stepsMs)).map((row) =>
          mapped(row, (_value, step) => (stepsMs[step] ?? 0) / 1_000),
        );
  return distinct(rows.map(withoutName));
}

function absent(arg: Expr | undefined, there: Uint8Array): Row[] {
  const row = emptyRow(absentLabels(arg), there.length);
  for (const [step, isThere] of there.entries()) {
    row.values[step] = 1;
    row.present[step] = isThere ? 0 : 1;
  }
  return row.present.includes(1) ? [row] : [];
}

/** What a selector asks for by equality, unless it asks the same label for more than that. */
function absentLabels(arg: Expr | undefined): Labels {
  if (arg?.kind !== 'selector') return {};
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  for (const { label, op, value } of arg.matchers) {
    if (label === '__name__') continue;
    if (op === '=' && !seen.has(label)) {
      seen.add(label);
      labels.set(label, value);
    } else labels.delete(label);
  }
  return Object.fromEntries([...labels].filter(([, value]) => value !== ''));
}

function onlyValues(rows: readonly Row[], steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    const [only, another] = rows.filter((row) => row.present[step]);
    return only && !another ? (only.values[step] ?? Number.NaN) : Number.NaN;
  });
}

/** By the value at the last step, `NaN` last; equal ones by their labels. */
function byValue(rows: readonly Row[], direction: 1 | -1): Row[] {
  return rows
    .map((row) => ({ row, value: row.values.at(-1) ?? Number.NaN, key: keyOf(row.labels) }))
    .sort(
      (one, other) =>
        Number(Number.isNaN(one.value)) - Number(Number.isNaN(other.value)) ||
        direction * Math.sign(one.value - other.value) ||
        (one.key < other.key ? -1 : 1),
    )
    .map(({ row }) => row);
}
