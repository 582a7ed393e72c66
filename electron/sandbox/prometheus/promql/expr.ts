export type Matcher = { label: string; op: '=' | '!=' | '=~' | '!~'; value: string };

/** The `@` modifier: a certain time, or an end of the whole query. */
export type At = { atMs: number } | 'start' | 'end';
/** When something is looked at: at the step itself, or at a certain time, and so much before. */
export type Moment = { at: At | null; offsetMs: number };

export type Selector = Moment & {
  kind: 'selector';
  matchers: readonly Matcher[];
  /** Only a range selector has one. */
  rangeMs: number | null;
};
export type Subquery = Moment & {
  kind: 'subquery';
  expr: Expr;
  rangeMs: number;
  /** Null where the query names none. */
  stepMs: number | null;
};
export type Aggregation = (typeof aggregations)[number];
export type Aggregate = {
  kind: 'aggregate';
  op: Aggregation;
  grouping: { without: boolean; labels: readonly string[] };
  parameter: Expr | null;
  expr: Expr;
};
/** How series of both sides find each other; of the `many` side several may find the same one. */
export type Matching = {
  on: boolean;
  labels: readonly string[];
  many: 'left' | 'right' | null;
  include: readonly string[];
};
export type Binary = {
  kind: 'binary';
  op: BinaryOperator;
  bool: boolean;
  matching: Matching;
  left: Expr;
  right: Expr;
};
export type Call = { kind: 'call'; name: string; args: readonly Expr[] };
export type Expr =
  | { kind: 'number'; value: number }
  | { kind: 'string'; text: string }
  | { kind: 'negate'; expr: Expr }
  | Selector
  | Subquery
  | Call
  | Aggregate
  | Binary;

export const aggregations = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'quantile',
  'topk',
  'bottomk',
  'count_values',
] as const;
const arithmetic = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
const comparison = ['==', '!=', '>', '<', '>=', '<='] as const;
const sets = ['and', 'or', 'unless'] as const;
export const binaryOperators = [...arithmetic, ...comparison, ...sets] as const;
export type BinaryOperator = (typeof binaryOperators)[number];

const among = (names: readonly string[], name: string): boolean => names.includes(name);
export const isComparison = (op: BinaryOperator): boolean => among(comparison, op);
export const isSetOperator = (op: BinaryOperator): boolean => among(sets, op);

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';
