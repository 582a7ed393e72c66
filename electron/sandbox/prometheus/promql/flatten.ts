import type { SyntaxNode } from '@lezer/common';
import { childrenOf, innerExpr, isExpr } from './tree.ts';

/**
 * A query as a row of operands and operators. What stands behind an operand (a range, an offset) belongs to that
 * operand alone; the grammar in use gives it to all that came before, so the row is put together anew.
 */
export type Item =
  | { kind: 'operand'; node: SyntaxNode; behind: SyntaxNode[] }
  | { kind: 'sign'; sign: string; from: number }
  | { kind: 'operator'; node: SyntaxNode; op: string };

const behindOperand = new Set(['MatrixSelector', 'SubqueryExpr', 'OffsetExpr', 'StepInvariantExpr']);

export function flatten(node: SyntaxNode, text: string): Item[] {
  const sourceOf = (part: SyntaxNode) => text.slice(part.from, part.to);
  if (behindOperand.has(node.name)) {
    const items = flatten(innerExpr(node), text);
    const last = items.at(-1);
    if (last?.kind === 'operand') last.behind.push(node);
    return items;
  }
  if (node.name === 'UnaryExpr') {
    const sign = sourceOf(node).charAt(0);
    return [{ kind: 'sign', sign, from: node.from }, ...flatten(innerExpr(node), text)];
  }
  if (node.name === 'BinaryExpr') {
    const children = childrenOf(node);
    const [left, right] = children.filter(isExpr);
    const operator = children.find((child) => !isExpr(child));
    if (left && right && operator) {
      const op = sourceOf(operator).toLowerCase();
      return [...flatten(left, text), { kind: 'operator', node, op }, ...flatten(right, text)];
    }
  }
  const operand: Item = { kind: 'operand', node, behind: [] };
  const sign = sourceOf(node).charAt(0);
  const isSigned = node.name === 'NumberDurationLiteral' && (sign === '-' || sign === '+');
  return isSigned ? [{ kind: 'sign', sign, from: node.from }, operand] : [operand];
}

const levels = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '<=', '<', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
];

/** How tightly an operator binds; only powers group from the right. */
export const levelOf = (op: string): number => levels.findIndex((level) => level.includes(op));
export const powerLevel = levels.length - 1;
