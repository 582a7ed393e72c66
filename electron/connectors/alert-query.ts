import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Alert } from './source.ts';

export type AlertQuery = NonNullable<Alert['query']>;

/**
 * Takes the comparison off an alert's expression, so that it can be drawn beside its threshold: `errors > 0.05` yields
 * the series `errors` and the threshold 0.05. Anything else is its own series, without a threshold.
 */
export function alertQuery(expression: string): AlertQuery {
  const whole = { expression, series: expression, threshold: null };
  const tree = parser.parse(expression);
  if (hasError(tree.topNode)) return whole;
  const top = withoutParentheses(childrenOf(tree.topNode)[0]);
  if (top?.name !== 'BinaryExpr') return whole;
  const parts = childrenOf(top);
  const [left, operator] = parts;
  const right = parts.at(-1);
  if (!left || !right || !operator || !comparisons.has(operator.name)) return whole;
  const text = (node: SyntaxNode) => expression.slice(node.from, node.to);
  const rightNumber = numberOf(right, text);
  if (rightNumber !== null) return { expression, series: text(left), threshold: rightNumber };
  const leftNumber = numberOf(left, text);
  if (leftNumber !== null) return { expression, series: text(right), threshold: leftNumber };
  return whole;
}

const comparisons = new Set(['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq']);

/** A finite number literal with its sign, or null. */
function numberOf(node: SyntaxNode, text: (node: SyntaxNode) => string): number | null {
  const inner = withoutParentheses(node);
  if (!inner) return null;
  if (inner.name === 'UnaryExpr') {
    const [sign, operand] = childrenOf(inner);
    const value = operand ? numberOf(operand, text) : null;
    if (value === null || !sign) return null;
    return text(sign) === '-' ? -value : value;
  }
  if (inner.name !== 'NumberDurationLiteral') return null;
  const value = Number(text(inner));
  return Number.isFinite(value) ? value : null;
}

function withoutParentheses(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let inner = node;
  while (inner?.name === 'ParenExpr') inner = childrenOf(inner)[0];
  return inner;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

function hasError(node: SyntaxNode): boolean {
  return node.type.isError || childrenOf(node).some(hasError);
}
