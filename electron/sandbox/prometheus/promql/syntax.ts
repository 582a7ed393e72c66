import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { durationMs } from './duration.ts';
import { checkPattern, pattern } from './pattern.ts';
import { QueryError } from './query-error.ts';

export type Matcher = { label: string; op: '=' | '!=' | '=~' | '!~'; value: string };
export type Selector = {
  kind: 'selector';
  matchers: readonly Matcher[];
  /** Only a range selector has one. */
  rangeMs: number | null;
  offsetMs: number;
};
export type Aggregation = 'sum' | 'avg' | 'min' | 'max' | 'count' | 'topk' | 'bottomk';
export type Expr =
  | { kind: 'number'; value: number }
  | Selector
  | { kind: 'call'; name: string; args: readonly Expr[] }
  | {
      kind: 'aggregate';
      op: Aggregation;
      grouping: { without: boolean; labels: readonly string[] };
      parameter: Expr | null;
      expr: Expr;
    }
  | {
      kind: 'binary';
      op: BinaryOperator;
      bool: boolean;
      matching: { on: boolean; labels: readonly string[] };
      left: Expr;
      right: Expr;
    }
  | { kind: 'negate'; expr: Expr };

const arithmetic = ['+', '-', '*', '/', '%', '^'] as const;
const comparison = ['==', '!=', '>', '<', '>=', '<='] as const;
const sets = ['and', 'or', 'unless'] as const;
export type BinaryOperator = (typeof arithmetic | typeof comparison | typeof sets)[number];
export const isComparison = (op: BinaryOperator): boolean => (comparison as readonly string[]).includes(op);
export const isSetOperator = (op: BinaryOperator): boolean => (sets as readonly string[]).includes(op);

/** What each function takes; the answer is always a vector. */
const functions: Readonly<Record<string, readonly ('scalar' | 'vector' | 'matrix')[]>> = {
  rate: ['matrix'],
  irate: ['matrix'],
  increase: ['matrix'],
  delta: ['matrix'],
  avg_over_time: ['matrix'],
  max_over_time: ['matrix'],
  min_over_time: ['matrix'],
  sum_over_time: ['matrix'],
  count_over_time: ['matrix'],
  last_over_time: ['matrix'],
  histogram_quantile: ['scalar', 'vector'],
  clamp_min: ['vector', 'scalar'],
  clamp_max: ['vector', 'scalar'],
};

const aggregations: readonly string[] = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk'];

export type ValueType = 'scalar' | 'vector' | 'matrix';

export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'selector':
      return expr.rangeMs === null ? 'vector' : 'matrix';
    case 'call':
    case 'aggregate':
      return 'vector';
    case 'negate':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

/**
 * Reads a query with Prometheus' own grammar into the part of PromQL that is evaluated here. A mistake is `bad_data`;
 * what is right in PromQL and missing here is `execution`, and the message names the construct.
 */
export function parseQuery(text: string): Expr {
  if (text.trim() === '')
    throw new QueryError(
      'bad_data',
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    );
  if (text.length > 20_000)
    throw new QueryError('bad_data', 'invalid parameter "query": parse error: query is too long');
  const tree = parser.parse(text);
  const wrong = { at: -1 };
  tree.iterate({
    enter(node) {
      if (node.type.isError && wrong.at < 0) wrong.at = node.from;
    },
  });
  if (wrong.at >= 0) parseError(text, wrong.at, unexpected(text, wrong.at));
  const root = tree.topNode.firstChild;
  if (!root) return parseError(text, 0, 'no expression found in input');
  return new Reader(text).expr(root);
}

function unexpected(text: string, at: number): string {
  const [token] = /^\s*(\S+)?/.exec(text.slice(at)) ?? [];
  return token?.trim()
    ? `unexpected ${JSON.stringify(token.trim().slice(0, 40))}`
    : 'unexpected end of input';
}

function parseError(text: string, at: number, what: string): never {
  const before = text.slice(0, at).split('\n');
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  throw new QueryError('bad_data', `invalid parameter "query": ${place}: parse error: ${what}`);
}

const unsupported = (what: string): never => {
  throw new QueryError('execution', `${what} is not supported by this simulated Prometheus`);
};

class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  expr(node: SyntaxNode): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: this.#number(node) };
      case 'ParenExpr':
        return this.expr(only(node, isExpr));
      case 'UnaryExpr': {
        const expr = this.expr(only(node, isExpr));
        if (typeOf(expr) === 'matrix') {
          parseError(
            this.#text,
            node.from,
            'unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
          );
        }
        return this.#source(node.firstChild) === '-' ? { kind: 'negate', expr } : expr;
      }
      case 'VectorSelector':
        return this.#selector(node);
      case 'MatrixSelector': {
        const inner = this.expr(only(node, isExpr));
        if (inner.kind !== 'selector' || inner.rangeMs !== null || inner.offsetMs !== 0) {
          return parseError(this.#text, node.from, 'ranges only allowed for vector selectors');
        }
        const rangeMs = this.#duration(node.getChild('DurationExpr'));
        if (rangeMs <= 0) parseError(this.#text, node.from, 'duration must be greater than 0');
        return { ...inner, rangeMs };
      }
      case 'OffsetExpr': {
        const inner = this.expr(only(node, isExpr));
        if (inner.kind !== 'selector') {
          return parseError(
            this.#text,
            node.from,
            'offset modifier must be preceded by an instant vector selector or range vector selector',
          );
        }
        return { ...inner, offsetMs: this.#duration(node.getChild('OffsetDurationExpr')) };
      }
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregate(node);
      case 'BinaryExpr':
        return this.#binary(node);
      case 'StringLiteral':
        return unsupported('a string as a value');
      case 'SubqueryExpr':
        return unsupported('a subquery');
      case 'StepInvariantExpr':
        return unsupported('the @ modifier');
      default:
        return unsupported(node.name);
    }
  }

  #source(node: SyntaxNode | null): string {
    return node ? this.#text.slice(node.from, node.to) : '';
  }

  #number(node: SyntaxNode): number {
    const source = this.#source(node);
    const [, sign = '', digits = ''] = /^([-+]?)\s*(.*)$/s.exec(source) ?? [];
    const factor = sign === '-' ? -1 : 1;
    if (/^inf$/i.test(digits)) return factor * Number.POSITIVE_INFINITY;
    if (/^nan$/i.test(digits)) return Number.NaN;
    const plain = digits.replaceAll('_', '');
    const seconds = /[a-z]$/i.test(plain) && !/^0x/i.test(plain) ? durationMs(plain) : null;
    return factor * (seconds === null ? Number(plain) : seconds / 1_000);
  }

  #duration(node: SyntaxNode | null): number {
    const source = this.#source(node).replaceAll(/\s/g, '');
    const negative = source.startsWith('-');
    const milliseconds = durationMs(negative ? source.slice(1) : source);
    if (milliseconds === null) return unsupported(`the duration expression ${JSON.stringify(source)}`);
    return negative ? -milliseconds : milliseconds;
  }

  #selector(node: SyntaxNode): Selector {
    const matchers: Matcher[] = [];
    const name = node.getChild('Identifier');
    if (name) matchers.push({ label: '__name__', op: '=', value: this.#source(name) });
    for (const child of childrenOf(node.getChild('LabelMatchers'))) {
      if (child.name === 'QuotedLabelName') {
        matchers.push({ label: '__name__', op: '=', value: this.#string(child.firstChild) });
        continue;
      }
      const label = child.getChild('LabelName');
      const op = this.#source(child.getChild('MatchOp')) as Matcher['op'];
      const quoted = child.getChild('QuotedLabelName');
      const matcher = {
        label: label ? this.#source(label) : this.#string(quoted?.firstChild ?? null),
        op,
        value: this.#string(child.getChild('StringLiteral')),
      };
      if (op === '=~' || op === '!~') checkPattern(matcher.value);
      matchers.push(matcher);
    }
    const narrows = matchers.some(
      ({ op, value }) =>
        (op === '=' && value !== '') ||
        (op === '!=' && value === '') ||
        (op === '=~' && !pattern(value).test('')),
    );
    if (!narrows)
      parseError(this.#text, node.from, 'vector selector must contain at least one non-empty matcher');
    return { kind: 'selector', matchers, rangeMs: null, offsetMs: 0 };
  }

  /** Strings as in Go (the PromQL documentation, "String literals"). */
  #string(node: SyntaxNode | null): string {
    const source = this.#source(node);
    const quote = source.charAt(0);
    if (source.length < 2 || !source.endsWith(quote))
      parseError(this.#text, node?.from ?? 0, 'unterminated quoted string');
    const inner = source.slice(1, -1);
    if (quote === '`') return inner;
    return inner.replaceAll(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)/gis, (_whole, sequence: string) => {
      if (/^[xu]./i.test(sequence)) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
      const known = escapes[sequence];
      return known ?? parseError(this.#text, node?.from ?? 0, `unknown escape sequence "\\${sequence}"`);
    });
  }

  #call(node: SyntaxNode): Expr {
    const name = this.#source(node.getChild('FunctionIdentifier'));
    const wanted = functions[name];
    if (!wanted || !Object.hasOwn(functions, name)) return unsupported(`the function ${name}()`);
    const args = this.#arguments(node.getChild('FunctionCallBody'));
    if (args.length !== wanted.length) {
      parseError(
        this.#text,
        node.from,
        `expected ${wanted.length} argument(s) in call to "${name}", got ${args.length}`,
      );
    }
    for (const [index, type] of wanted.entries()) {
      const arg = args[index];
      if (arg) this.#expect(type, arg, `call to function "${name}"`, node);
    }
    return { kind: 'call', name, args };
  }

  #aggregate(node: SyntaxNode): Expr {
    const op = this.#source(node.getChild('AggregateOp')).toLowerCase();
    if (!aggregations.includes(op)) return unsupported(`the aggregation ${op}`);
    const modifier = node.getChild('AggregateModifier');
    const grouping = {
      without: modifier?.getChild('Without') != null,
      labels: this.#labels(modifier?.getChild('GroupingLabels') ?? null),
    };
    const args = this.#arguments(node.getChild('FunctionCallBody'));
    const takes = op === 'topk' || op === 'bottomk' ? 2 : 1;
    const [first, second] = args;
    if (!first || args.length !== takes) {
      return parseError(
        this.#text,
        node.from,
        `wrong number of arguments for aggregate expression provided, expected ${takes}, got ${args.length}`,
      );
    }
    const expr = second ?? first;
    const parameter = second ? first : null;
    if (parameter) this.#expect('scalar', parameter, 'aggregation parameter', node);
    this.#expect('vector', expr, 'aggregation expression', node);
    return { kind: 'aggregate', op: op as Aggregation, grouping, parameter, expr };
  }

  #binary(node: SyntaxNode): Expr {
    const [leftNode, rightNode] = childrenOf(node).filter(isExpr);
    const operator = childrenOf(node).find((child) => !isExpr(child));
    if (!leftNode || !rightNode || !operator) return unsupported(node.name);
    const op = this.#source(operator).toLowerCase();
    if (![...arithmetic, ...comparison, ...sets].includes(op as BinaryOperator))
      return unsupported(`the operator ${op}`);
    if (node.getChild('FillModifier')) return unsupported('fill');
    const clause = node.getChild('MatchingModifierClause');
    for (const group of ['GroupLeft', 'GroupRight']) {
      if (clause?.getChild(group)) return unsupported(group === 'GroupLeft' ? 'group_left' : 'group_right');
    }
    const expr = {
      kind: 'binary' as const,
      op: op as BinaryOperator,
      bool: node.getChild('BoolModifier') !== null,
      matching: {
        on: clause?.getChild('On') != null,
        labels: this.#labels(clause?.getChild('GroupingLabels') ?? null),
      },
      left: this.expr(leftNode),
      right: this.expr(rightNode),
    };
    const types = [typeOf(expr.left), typeOf(expr.right)];
    if (types.includes('matrix')) {
      parseError(
        this.#text,
        node.from,
        'binary expression must contain only scalar and instant vector types',
      );
    }
    if (expr.bool && !isComparison(expr.op)) {
      parseError(this.#text, node.from, 'bool modifier can only be used on comparison operators');
    }
    if (types.every((type) => type === 'scalar') && isComparison(expr.op) && !expr.bool) {
      parseError(this.#text, node.from, 'comparisons between scalars must use BOOL modifier');
    }
    if (types.includes('scalar') && isSetOperator(expr.op)) {
      parseError(this.#text, node.from, `set operator "${op}" not allowed in binary scalar expression`);
    }
    if (types.includes('scalar') && clause) {
      parseError(this.#text, node.from, 'vector matching only allowed between instant vectors');
    }
    return expr;
  }

  #arguments(body: SyntaxNode | null): Expr[] {
    return childrenOf(body)
      .filter(isExpr)
      .map((child) => this.expr(child));
  }

  #labels(node: SyntaxNode | null): string[] {
    return childrenOf(node).map((child) =>
      child.name === 'QuotedLabelName' ? this.#string(child.firstChild) : this.#source(child),
    );
  }

  #expect(type: ValueType, arg: Expr, where: string, node: SyntaxNode): void {
    const actual = typeOf(arg);
    if (actual === type) return;
    parseError(
      this.#text,
      node.from,
      `expected type ${typeNames[type]} in ${where}, got ${typeNames[actual]}`,
    );
  }
}

const typeNames: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
};

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const expressions = new Set([
  'AggregateExpr',
  'BinaryExpr',
  'FunctionCall',
  'MatrixSelector',
  'NumberDurationLiteral',
  'OffsetExpr',
  'AnchoredExpr',
  'SmoothedExpr',
  'ParenExpr',
  'StringLiteral',
  'SubqueryExpr',
  'UnaryExpr',
  'VectorSelector',
  'StepInvariantExpr',
]);
const isExpr = (node: SyntaxNode) => expressions.has(node.name);

function childrenOf(node: SyntaxNode | null): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) children.push(child);
  return children;
}

function only(node: SyntaxNode, wanted: (child: SyntaxNode) => boolean): SyntaxNode {
  const child = childrenOf(node).find(wanted);
  if (!child)
    throw new QueryError('bad_data', 'invalid parameter "query": parse error: expression is incomplete');
  return child;
}
