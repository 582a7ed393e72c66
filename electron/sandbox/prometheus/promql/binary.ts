import { assertNever } from '../../../platform/assert-never.ts';
import { filterLabels, keyOf, type Labels, withLabels } from '../labels.ts';
import { QueryError } from './query-error.ts';
import { emptyRow, type Row } from './row.ts';
import { type BinaryOperator, type Expr, isComparison, isSetOperator } from './syntax.ts';

type Binary = Extract<Expr, { kind: 'binary' }>;

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
      return left ** right;
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

/** Without `bool` a comparison is a filter: what does not hold is left out, the rest keeps value and name. */
export function compareWithScalar(
  op: BinaryOperator,
  rows: readonly Row[],
  numbers: Float64Array,
  scalarLeft: boolean,
): Row[] {
  return rows.flatMap((row) => {
    const kept = row.present.map((present, step) => {
      const value = row.values[step] ?? Number.NaN;
      const number = numbers[step] ?? Number.NaN;
      const holds = scalarLeft ? calculate(op, number, value) : calculate(op, value, number);
      return present && holds ? 1 : 0;
    });
    return kept.includes(1) ? [{ ...row, present: kept }] : [];
  });
}

/** One-to-one matching (`on`, `ignoring`, or all labels), and the set operators. */
export function binaryVectors(expr: Binary, left: readonly Row[], right: readonly Row[]): Row[] {
  const signature = (labels: Labels) => keyOf(matchingLabels(labels, expr.matching));
  const rightBySignature = groupBy(right, signature);
  if (isSetOperator(expr.op)) return combineSets(expr, left, right, rightBySignature, signature);

  const results = new Map<string, Row>();
  const matched = new Map<string, Uint8Array>();
  for (const row of left) {
    const key = signature(row.labels);
    const partners = rightBySignature.get(key);
    if (!partners) continue;
    const steps = row.values.length;
    const used = matched.get(key) ?? new Uint8Array(steps);
    matched.set(key, used);
    const labels = resultLabels(row.labels, expr);
    const result = emptyRow(labels, steps);
    for (let step = 0; step < steps; step++) {
      const here = partners.filter((partner) => partner.present[step]);
      if (here.length > 1) throw duplicate(here, expr);
      const [partner] = here;
      if (!row.present[step] || !partner) continue;
      if (used[step]) {
        const message =
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
        throw new QueryError('execution', message);
      }
      used[step] = 1;
      const value = row.values[step] ?? Number.NaN;
      const answer = calculate(expr.op, value, partner.values[step] ?? Number.NaN);
      const filters = isComparison(expr.op) && !expr.bool;
      if (filters && answer === 0) continue;
      result.values[step] = filters ? value : answer;
      result.present[step] = 1;
    }
    if (result.present.includes(1)) merge(results, result);
  }
  return [...results.values()];
}

function combineSets(
  expr: Binary,
  left: readonly Row[],
  right: readonly Row[],
  rightBySignature: ReadonlyMap<string, Row[]>,
  signature: (labels: Labels) => string,
): Row[] {
  const isThere = (rows: readonly Row[] | undefined, step: number) =>
    rows?.some((row) => row.present[step]) ?? false;
  const filter = (row: Row, keep: (step: number) => boolean): Row[] => {
    const present = row.present.map((there, step) => (there && keep(step) ? 1 : 0));
    return present.includes(1) ? [{ ...row, present }] : [];
  };
  if (expr.op === 'or') {
    const leftBySignature = groupBy(left, signature);
    const others = right.flatMap((row) => {
      const partners = leftBySignature.get(signature(row.labels));
      return filter(row, (step) => !isThere(partners, step));
    });
    const results = new Map<string, Row>();
    for (const row of [...left, ...others]) merge(results, row);
    return [...results.values()];
  }
  return left.flatMap((row) => {
    const partners = rightBySignature.get(signature(row.labels));
    return filter(row, (step) => isThere(partners, step) === (expr.op === 'and'));
  });
}

const matchingLabels = (labels: Labels, { on, labels: names }: Binary['matching']): Labels =>
  withLabels(labels, names, on);

/** A filter keeps the name, unless `on` leaves it out. */
function resultLabels(labels: Labels, { op, bool, matching }: Binary): Labels {
  if (matching.on || !isComparison(op) || bool) return matchingLabels(labels, matching);
  const { labels: names } = matching;
  return filterLabels(labels, (name) => !names.includes(name));
}

function groupBy(rows: readonly Row[], signature: (labels: Labels) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = signature(row.labels);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Rows that became the same series by matching different ones at different steps are joined. */
function merge(results: Map<string, Row>, row: Row): void {
  const key = keyOf(row.labels);
  const known = results.get(key);
  if (!known) {
    results.set(key, { ...row, values: row.values.slice(), present: row.present.slice() });
    return;
  }
  for (let step = 0; step < row.values.length; step++) {
    if (!row.present[step]) continue;
    known.values[step] = row.values[step] ?? Number.NaN;
    known.present[step] = 1;
  }
}

function duplicate(rows: readonly Row[], expr: Binary): QueryError {
  const group = JSON.stringify(matchingLabels(rows[0]?.labels ?? {}, expr.matching));
  const message =
    `found duplicate series for the match group ${group} on the right hand-side of the operation; ` +
    'many-to-many matching not allowed: matching labels must be unique on one side';
  return new QueryError('execution', message);
}
