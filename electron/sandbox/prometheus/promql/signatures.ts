import type { Expr, ValueType } from './expr.ts';

/**
 * What a function takes and gives. `optional` of the last types may be left out; with `repeats` the last one may come
 * any number of times.
 */
export type Signature = {
  takes: readonly ValueType[];
  optional: number;
  repeats: boolean;
  gives: ValueType;
};

const signature = (takes: readonly ValueType[], more: Partial<Signature> = {}): Signature => ({
  takes,
  optional: 0,
  repeats: false,
  gives: 'vector',
  ...more,
});

const ofVector =
  'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_count histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp';
const ofTime = 'day_of_month day_of_week day_of_year days_in_month hour minute month year';
const ofMatrix =
  'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time';

const all = (names: string, one: Signature): [string, Signature][] =>
  names.split(' ').map((name) => [name, one]);

/** The functions of Prometheus 2.42 that are evaluated here. */
export const signatures: ReadonlyMap<string, Signature> = new Map([
  ...all(ofVector, signature(['vector'])),
  ...all(ofTime, signature(['vector'], { optional: 1 })),
  ...all(ofMatrix, signature(['matrix'])),
  ...all('clamp', signature(['vector', 'scalar', 'scalar'])),
  ...all('clamp_min clamp_max', signature(['vector', 'scalar'])),
  ...all('round', signature(['vector', 'scalar'], { optional: 1 })),
  ...all('histogram_quantile', signature(['scalar', 'vector'])),
  ...all('histogram_fraction', signature(['scalar', 'scalar', 'vector'])),
  ...all('quantile_over_time', signature(['scalar', 'matrix'])),
  ...all('predict_linear', signature(['matrix', 'scalar'])),
  ...all('label_replace', signature(['vector', 'string', 'string', 'string', 'string'])),
  ...all('label_join', signature(['vector', 'string', 'string', 'string'], { optional: 1, repeats: true })),
  ...all('pi time', signature([], { gives: 'scalar' })),
  ...all('scalar', signature(['vector'], { gives: 'scalar' })),
  ...all('vector', signature(['scalar'])),
]);

/** Right in Prometheus 2.42 and not evaluated here. */
export const unevaluated: ReadonlySet<string> = new Set(['holt_winters']);

export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      return expr.rangeMs === null ? 'vector' : 'matrix';
    case 'subquery':
      return 'matrix';
    case 'call':
      return signatures.get(expr.name)?.gives ?? 'vector';
    case 'aggregate':
      return 'vector';
    case 'negate':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

export const typeNames: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};
