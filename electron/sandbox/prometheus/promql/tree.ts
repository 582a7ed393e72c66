import type { SyntaxNode } from '@lezer/common';
import { QueryError } from './query-error.ts';

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
export const isExpr = (node: SyntaxNode): boolean => expressions.has(node.name);

/** The children of a node, comments left out. */
export function childrenOf(node: SyntaxNode | null): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** The one expression inside a node. */
export function innerExpr(node: SyntaxNode): SyntaxNode {
  const child = childrenOf(node).find(isExpr);
  if (!child) throw new QueryError('bad_data', '1:1: parse error: expression is incomplete');
  return child;
}
