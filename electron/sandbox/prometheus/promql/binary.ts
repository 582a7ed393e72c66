import { assertNever } from '../../../platform/assert-never.ts';
import { type Context, rowsOf, scalarOf, type Value } from './context.ts';
import { type Binary, type BinaryOperator, isComparison, isSetOperator } from './expr.ts';
import { combineSets, dropsName, matchVectors } from './match.ts';
import { distinct, emptyRow, type Row, withoutName } from './row.ts';

/** A comparison gives 1 or 0. */
export function calculate(op: BinaryOperator, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return power(left, right);
    case 'atan2':
      return Math.atan2(left, right);
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '>':
      return Number(left > right);
    case '<':
      return Number(left < right);
    case '>=':
      return Number(left >= right);
    case '<=':
      return Number(left <= right);
    case 'and':
    case 'or':
    case 'unless':
      throw new Error(`${op} is no calculation`);
    default:
      return assertNever(op);
  }
}

/** As in C: 1 to whatever power is 1, and so is -1 to an infinite one. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

export function binary(expr: Binary, context: Context, stepsMs: Float64Array): Value {
  const left = context.evaluate(expr.left, stepsMs);
  const right = context.evaluate(expr.right, stepsMs);
  if (left.type === 'scalar' && right.type === 'scalar') {
    const values = left.values.map((value, step) =>
      calculate(expr.op, value, right.values[step] ?? Number.NaN),
    );
    return { type: 'scalar', values };
  }
  if (left.type === 'scalar') {
    return { type: 'vector', rows: withScalar(expr, rowsOf(right), left.values, 'left') };
  }
  if (right.type === 'scalar') {
    return { type: 'vector', rows: withScalar(expr, rowsOf(left), scalarOf(right), 'right') };
  }
  const rows = isSetOperator(expr.op)
    ? combineSets(expr, rowsOf(left), rowsOf(right))
    : matchVectors(expr, rowsOf(left), rowsOf(right), (one, other) => calculate(expr.op, one, other));
  return { type: 'vector', rows: distinct(rows) };
}

/** Without `bool` a comparison is a filter: what does not hold is left out, the rest keeps value and name. */
function withScalar(
  expr: Binary,
  rows: readonly Row[],
  numbers: Float64Array,
  side: 'left' | 'right',
): Row[] {
  const filters = isComparison(expr.op) && !expr.bool;
  const results = rows.flatMap((row) => {
    // Of the many that an alert rule compares hardly one is left, so none is made before.
    let result: Row | null = null;
    for (let step = 0; step < row.values.length; step++) {
      if (!row.present[step]) continue;
      const value = row.values[step] ?? Number.NaN;
      const number = numbers[step] ?? Number.NaN;
      const answer = side === 'left' ? calculate(expr.op, number, value) : calculate(expr.op, value, number);
      if (filters && answer === 0) continue;
      result ??= emptyRow(row.labels, row.values.length);
      result.values[step] = filters ? value : answer;
      result.present[step] = 1;
    }
    if (!result) return [];
    return [dropsName(expr) ? withoutName(result) : result];
  });
  return distinct(results);
}
