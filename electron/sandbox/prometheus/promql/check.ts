import {
  type Aggregation,
  type Binary,
  type Expr,
  isComparison,
  isSetOperator,
  type ValueType,
} from './expr.ts';
import { type Signature, typeNames, typeOf } from './signatures.ts';

type Complain = (what: string) => never;
type Argument = { expr: Expr; complain: Complain };

/** Prometheus' own checks of a query that reads well, in its words; each complaint has its place. */
export function checkCall(
  name: string,
  { takes, optional, repeats }: Signature,
  args: readonly Argument[],
  complain: Complain,
): void {
  const least = takes.length - optional;
  const call = `argument(s) in call to "${name}", got ${args.length}`;
  if (optional === 0 && args.length !== least) complain(`expected ${least} ${call}`);
  if (args.length < least) complain(`expected at least ${least} ${call}`);
  if (!repeats && args.length > takes.length) complain(`expected at most ${takes.length} ${call}`);
  for (const [index, arg] of args.entries()) {
    expectType(takes[index] ?? takes.at(-1) ?? 'vector', arg, `call to function "${name}"`);
  }
}

const parameters: Partial<Record<Aggregation, ValueType>> = {
  topk: 'scalar',
  bottomk: 'scalar',
  quantile: 'scalar',
  count_values: 'string',
};

export function checkAggregate(
  op: Aggregation,
  args: readonly Argument[],
  complain: Complain,
): { expr: Expr; parameter: Expr | null } {
  const wanted = parameters[op];
  const takes = wanted ? 2 : 1;
  const [first, second] = args;
  const last = wanted ? second : first;
  if (!first || !last || args.length !== takes) {
    return complain(
      `wrong number of arguments for aggregate expression provided, expected ${takes}, got ${args.length}`,
    );
  }
  expectType('vector', last, 'aggregation expression');
  if (wanted) expectType(wanted, first, 'aggregation parameter');
  return { expr: last.expr, parameter: wanted ? first.expr : null };
}

export function checkUnary(expr: Expr, complain: Complain): void {
  const type = typeOf(expr);
  if (type === 'scalar' || type === 'vector') return;
  complain(
    `unary expression only allowed on expressions of type scalar or instant vector, got "${typeNames[type]}"`,
  );
}

export function checkBinary(expr: Binary, complain: Complain, complainAtOperator: Complain): void {
  const { op, bool, matching } = expr;
  const types = [typeOf(expr.left), typeOf(expr.right)];
  const bothVectors = types.every((type) => type === 'vector');
  if (bool && !isComparison(op)) {
    complainAtOperator('bool modifier can only be used on comparison operators');
  }
  if (isComparison(op) && !bool && types.every((type) => type === 'scalar')) {
    complainAtOperator('comparisons between scalars must use BOOL modifier');
  }
  const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (twice !== undefined) {
    complainAtOperator(`label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`);
  }
  if (types.includes('matrix') || types.includes('string')) {
    complain('binary expression must contain only scalar and instant vector types');
  }
  if (!bothVectors && matching.labels.length > 0) {
    complain('vector matching only allowed between instant vectors');
  }
  if (!bothVectors && isSetOperator(op)) {
    complain(`set operator "${op}" not allowed in binary scalar expression`);
  }
  if (isSetOperator(op) && matching.many !== null) {
    complain(`no grouping allowed for "${op}" operation`);
  }
}

function expectType(wanted: ValueType, { expr, complain }: Argument, where: string): void {
  const actual = typeOf(expr);
  if (actual !== wanted) complain(`expected type ${typeNames[wanted]} in ${where}, got ${typeNames[actual]}`);
}
