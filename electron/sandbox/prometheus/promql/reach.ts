import type { Expr, Selector } from './expr.ts';
import { lookbackMs } from './select.ts';

/** How long before the time it is evaluated for an expression looks at samples; what `@` names is not counted. */
export function reachOf(expr: Expr): number {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return 0;
    case 'selector':
      return Math.max(0, expr.offsetMs) + (expr.rangeMs ?? lookbackMs);
    case 'subquery':
      return Math.max(0, expr.offsetMs) + expr.rangeMs + reachOf(expr.expr);
    case 'negate':
      return reachOf(expr.expr);
    case 'call':
      return Math.max(0, ...expr.args.map(reachOf));
    case 'aggregate':
      return Math.max(reachOf(expr.expr), expr.parameter ? reachOf(expr.parameter) : 0);
    case 'binary':
      return Math.max(reachOf(expr.left), reachOf(expr.right));
  }
}

/** Every selector in an expression. */
export function selectorsIn(expr: Expr): Selector[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return [];
    case 'selector':
      return [expr];
    case 'subquery':
    case 'negate':
      return selectorsIn(expr.expr);
    case 'call':
      return expr.args.flatMap(selectorsIn);
    case 'aggregate':
      return [expr.expr, ...(expr.parameter ? [expr.parameter] : [])].flatMap(selectorsIn);
    case 'binary':
      return [expr.left, expr.right].flatMap(selectorsIn);
  }
}
