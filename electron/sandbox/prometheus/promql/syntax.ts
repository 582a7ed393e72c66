import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { checkAggregate, checkBinary, checkCall, checkUnary } from './check.ts';
import { milliseconds } from './duration.ts';
import {
  type Aggregation,
  type At,
  aggregations,
  type Binary,
  type BinaryOperator,
  binaryOperators,
  type Expr,
  type Matcher,
  type Selector,
  type Subquery,
} from './expr.ts';
import { flatten, type Item, levelOf, powerLevel } from './flatten.ts';
import { numberText } from './go-number.ts';
import { brokenOff, parseError, unknownFunction, unsupported } from './parse-error.ts';
import { checkPattern, pattern } from './pattern.ts';
import { QueryError } from './query-error.ts';
import { signatures, typeOf } from './signatures.ts';
import { unquoted } from './string-literal.ts';
import { childrenOf, innerExpr, isExpr } from './tree.ts';

const maxLength = 20_000;

/**
 * Reads a query with Prometheus' own grammar. A mistake is `bad_data`; what is right in PromQL and missing here is
 * `execution`, and the message names the construct.
 */
export function parseQuery(text: string): Expr {
  if (text.length > maxLength) parseError(text, 0, 'query is too long');
  const tree = parser.parse(text);
  const root = childrenOf(tree.topNode).find(isExpr);
  const isBlank = text.replaceAll(/#[^\n]*/g, '').trim() === '';
  if (isBlank) parseError(text, 0, 'no expression found in input');
  let wrongAt = -1;
  tree.iterate({
    enter(node) {
      if (node.type.isError && wrongAt < 0) wrongAt = node.from;
    },
  });
  if (wrongAt >= 0 || !root) return brokenOff(text, Math.max(0, wrongAt));
  return new Reader(text).expr(root);
}

/** Reads what `match[]` takes: an instant selector and nothing else. */
export function parseSelector(text: string): Selector {
  const expr = parseQuery(text);
  if (expr.kind === 'selector' && expr.rangeMs === null && expr.at === null && expr.offsetMs === 0) {
    return expr;
  }
  const [before = ''] = /^\s*[\w:]*\s*(\{[^}]*\})?\s*/.exec(text) ?? [];
  const [, number] = /^\s*([\d.]+)/.exec(text) ?? [];
  if (number !== undefined) parseError(text, 0, `unexpected number ${JSON.stringify(number)}`);
  return parseError(text, before.length, `unexpected ${JSON.stringify(text.charAt(before.length))}`);
}

/** An expression, and where in the text it begins. */
type Placed = { expr: Expr; from: number };

class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  expr(node: SyntaxNode): Expr {
    const items = flatten(node, this.#text);
    return this.#climb(items, 0).expr;
  }

  /** Takes operands and operators from the front as long as the operators bind at least so tightly. */
  #climb(items: Item[], level: number): Placed {
    let left = this.#first(items);
    for (;;) {
      const [next] = items;
      if (next?.kind !== 'operator') return left;
      const own = levelOf(next.op);
      if (own < 0) unsupported(`the operator ${next.op}`);
      if (own < level) return left;
      items.shift();
      const right = this.#climb(items, own === powerLevel ? own : own + 1);
      left = { expr: this.#binary(next.node, left, right.expr), from: left.from };
    }
  }

  #first(items: Item[]): Placed {
    const item = items.shift();
    if (item?.kind === 'sign') {
      const { expr } = this.#climb(items, powerLevel);
      checkUnary(expr, this.#complain(item));
      return { expr: item.sign === '-' ? { kind: 'negate', expr } : expr, from: item.from };
    }
    if (item?.kind !== 'operand') return unsupported('an operator without operand');
    const { node, behind } = item;
    let expr = this.#operand(node);
    let isInParentheses = node.name === 'ParenExpr';
    for (const part of behind) {
      expr = this.#moved(part, { expr, from: node.from }, isInParentheses);
      isInParentheses = false;
    }
    return { expr, from: node.from };
  }

  #operand(node: SyntaxNode): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: Math.abs(this.#number(node)) };
      case 'StringLiteral':
        return { kind: 'string', text: this.#string(node) };
      case 'ParenExpr':
        return this.expr(innerExpr(node));
      case 'VectorSelector':
        return this.#selector(node);
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregate(node);
      case 'AnchoredExpr':
        return unsupported('the modifier anchored');
      case 'SmoothedExpr':
        return unsupported('the modifier smoothed');
      default:
        return unsupported(node.name);
    }
  }

  /** Applies a range, a subquery, an offset or an `@` to what stands before it. */
  #moved(node: SyntaxNode, before: Placed, isInParentheses: boolean): Expr {
    const { expr } = before;
    if (node.name === 'MatrixSelector') return this.#range(node, expr, isInParentheses);
    if (node.name === 'SubqueryExpr') return this.#subquery(node, before);
    const isOffset = node.name === 'OffsetExpr';
    const complain = this.#complain(before);
    if ((expr.kind !== 'selector' && expr.kind !== 'subquery') || isInParentheses) {
      return complain(
        `${isOffset ? 'offset' : '@'} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
      );
    }
    if (isOffset) {
      if (expr.offsetMs !== 0) complain('offset may not be set multiple times');
      return { ...expr, offsetMs: this.#duration(node.getChild('OffsetDurationExpr')) };
    }
    if (expr.at !== null) complain('@ <timestamp> may not be set multiple times');
    return { ...expr, at: this.#at(node, before) };
  }

  #complain({ from }: { from: number }): (what: string) => never {
    return (what) => parseError(this.#text, from, what);
  }

  #source(node: SyntaxNode | null): string {
    return node ? this.#text.slice(node.from, node.to) : '';
  }

  #string(node: SyntaxNode | null): string {
    return unquoted(this.#source(node), (what) => parseError(this.#text, node?.from ?? 0, what));
  }

  #number(node: SyntaxNode): number {
    const source = this.#source(node);
    const [, sign = '', digits = ''] = /^([-+]?)\s*(.*)$/s.exec(source) ?? [];
    const factor = sign === '-' ? -1 : 1;
    if (/^inf$/i.test(digits)) return factor * Number.POSITIVE_INFINITY;
    if (/^nan$/i.test(digits)) return Number.NaN;
    if (/^\d+(ms|[smhdwy])/.test(digits)) {
      this.#complain(node)(`unexpected duration ${JSON.stringify(digits)}`);
    }
    const value = Number(digits);
    if (Number.isNaN(value)) {
      this.#complain(node)(`bad number or duration syntax: ${JSON.stringify(digits)}`);
    }
    return factor * value;
  }

  #duration(node: SyntaxNode | null): number {
    const source = this.#source(node).replaceAll(/\s/g, '');
    const negative = source.startsWith('-');
    const length = milliseconds(negative ? source.slice(1) : source);
    if (length !== null) return negative ? -length : length;
    const complain = (what: string) => parseError(this.#text, node?.from ?? 0, what);
    if (/^-?\d+$/.test(source)) {
      return node?.name === 'DurationExpr'
        ? complain('missing unit character in duration')
        : complain(`unexpected number ${JSON.stringify(source)} in offset, expected duration`);
    }
    if (/^(\d+(ms|[smhdwy]))+$/.test(source)) {
      return complain(`not a valid duration string: ${JSON.stringify(source)}`);
    }
    return unsupported(`the duration expression ${JSON.stringify(source)}`);
  }

  /** The duration of a range or subquery, which is more than none. */
  #length(node: SyntaxNode | null): number {
    const length = this.#duration(node);
    if (length <= 0) parseError(this.#text, node?.from ?? 0, 'duration must be greater than 0');
    return length;
  }

  #range(node: SyntaxNode, before: Expr, isInParentheses: boolean): Selector {
    const bracket = this.#text.lastIndexOf('[', node.getChild('DurationExpr')?.from ?? node.to);
    const complain = this.#complain({ from: bracket });
    if (before.kind !== 'selector' || before.rangeMs !== null || isInParentheses) {
      return complain('ranges only allowed for vector selectors');
    }
    if (before.offsetMs !== 0) complain('no offset modifiers allowed before range');
    if (before.at !== null) complain('no @ modifiers allowed before range');
    return { ...before, rangeMs: this.#length(node.getChild('DurationExpr')) };
  }

  #subquery(node: SyntaxNode, before: Placed): Subquery {
    const type = typeOf(before.expr);
    const [range = null, step = null] = node.getChildren('DurationExpr');
    const rangeMs = this.#length(range);
    const stepMs = step === null ? null : this.#length(step);
    if (type !== 'vector') {
      this.#complain(before)(`subquery is only allowed on instant vector, got ${type} instead`);
    }
    return { kind: 'subquery', expr: before.expr, rangeMs, stepMs, at: null, offsetMs: 0 };
  }

  #at(node: SyntaxNode, before: Placed): At {
    const edge = node.getChild('AtModifierPreprocessors');
    if (edge) return /^start/i.test(this.#source(edge)) ? 'start' : 'end';
    const literal = node.getChildren('NumberDurationLiteral').at(-1);
    const seconds = literal ? this.#number(literal) : Number.NaN;
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 9.2e15) {
      this.#complain(before)(`timestamp out of bounds for @ modifier: ${numberText(seconds)}`);
    }
    return { atMs: Math.round(seconds * 1_000) };
  }

  #selector(node: SyntaxNode): Selector {
    const matchers: Matcher[] = [];
    const name = node.getChild('Identifier');
    for (const child of childrenOf(node.getChild('LabelMatchers'))) {
      const matcher =
        child.name === 'QuotedLabelName'
          ? { label: '__name__', op: '=' as const, value: this.#string(child.firstChild) }
          : this.#matcher(child);
      if (name && matcher.label === '__name__' && matcher.op === '=') {
        const names = [this.#source(name), matcher.value].map((one) => JSON.stringify(one)).join(' or ');
        this.#complain(node)(`metric name must not be set twice: ${names}`);
      }
      matchers.push(matcher);
    }
    if (name) matchers.push({ label: '__name__', op: '=', value: this.#source(name) });
    const narrows = matchers.some(
      ({ op, value }) =>
        (op === '=' && value !== '') ||
        (op === '!=' && value === '') ||
        (op === '=~' && !pattern(value).test('')) ||
        (op === '!~' && pattern(value).test('')),
    );
    if (!narrows) {
      this.#complain(node)('vector selector must contain at least one non-empty matcher');
    }
    return { kind: 'selector', matchers, rangeMs: null, at: null, offsetMs: 0 };
  }

  #matcher(node: SyntaxNode): Matcher {
    const label = node.getChild('LabelName');
    const quoted = node.getChild('QuotedLabelName');
    const op = this.#source(node.getChild('MatchOp')) as Matcher['op'];
    const value = this.#string(node.getChild('StringLiteral'));
    if (op === '=~' || op === '!~') {
      try {
        checkPattern(value);
      } catch (error) {
        if (error instanceof QueryError && error.type === 'bad_data') this.#complain(node)(error.message);
        throw error;
      }
    }
    return { label: label ? this.#source(label) : this.#string(quoted?.firstChild ?? null), op, value };
  }

  #call(node: SyntaxNode): Expr {
    const name = this.#source(node.getChild('FunctionIdentifier'));
    const signature = signatures.get(name);
    if (!signature) return unknownFunction(this.#text, node.from, name);
    const args = this.#arguments(node);
    checkCall(name, signature, args, this.#complain(node));
    return { kind: 'call', name, args: args.map(({ expr }) => expr) };
  }

  #aggregate(node: SyntaxNode): Expr {
    const op = this.#source(node.getChild('AggregateOp')).toLowerCase();
    if (!isAggregation(op)) return unknownFunction(this.#text, node.from, op);
    const modifier = node.getChild('AggregateModifier');
    const grouping = {
      without: modifier?.getChild('Without') != null,
      labels: this.#labels(modifier?.getChild('GroupingLabels') ?? null),
    };
    const { expr, parameter } = checkAggregate(op, this.#arguments(node), this.#complain(node));
    return { kind: 'aggregate', op, grouping, parameter, expr };
  }

  #binary(node: SyntaxNode, left: Placed, right: Expr): Expr {
    const operator = childrenOf(node).find((child) => !isExpr(child)) ?? node;
    const op = this.#source(operator).toLowerCase();
    if (!isBinaryOperator(op)) return unsupported(`the operator ${op}`);
    if (node.getChild('FillModifier')) return unsupported('fill');
    const clause = node.getChild('MatchingModifierClause');
    const groupLeft = clause?.getChild('GroupLeft') != null;
    const groupRight = clause?.getChild('GroupRight') != null;
    const [labels = null, include = null] = clause?.getChildren('GroupingLabels') ?? [];
    const expr: Binary = {
      kind: 'binary',
      op,
      bool: node.getChild('BoolModifier') !== null,
      matching: {
        on: clause?.getChild('On') != null,
        labels: this.#labels(labels),
        many: groupLeft ? 'left' : groupRight ? 'right' : null,
        include: this.#labels(include),
      },
      left: left.expr,
      right,
    };
    checkBinary(expr, this.#complain(left), this.#complain(operator));
    return expr;
  }

  #arguments(node: SyntaxNode): { expr: Expr; complain: (what: string) => never }[] {
    return childrenOf(node.getChild('FunctionCallBody'))
      .filter(isExpr)
      .map((child) => ({ expr: this.expr(child), complain: this.#complain(child) }));
  }

  #labels(node: SyntaxNode | null): string[] {
    return childrenOf(node).map((child) =>
      child.name === 'QuotedLabelName' ? this.#string(child.firstChild) : this.#source(child),
    );
  }
}

const isAggregation = (op: string): op is Aggregation => (aggregations as readonly string[]).includes(op);
const isBinaryOperator = (op: string): op is BinaryOperator =>
  (binaryOperators as readonly string[]).includes(op);
