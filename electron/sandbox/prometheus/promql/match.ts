import { filterLabels, keyOf, type Labels, partOf, withLabels } from '../labels.ts';
import { type Binary, isComparison, isSetOperator, type Matching } from './expr.ts';
import { QueryError } from './query-error.ts';
import { emptyRow, type Row } from './row.ts';

/** Prometheus 2.42 keeps the name for `atan2`, unlike for the other arithmetic. */
export const dropsName = ({ op, bool }: Binary): boolean =>
  bool || (!isComparison(op) && !isSetOperator(op) && op !== 'atan2');

/** One to one, or many to one, by `on`, by `ignoring`, or by all labels. A comparison without `bool` filters. */
export function matchVectors(
  expr: Binary,
  left: readonly Row[],
  right: readonly Row[],
  calculate: (left: number, right: number) => number,
): Row[] {
  const { matching } = expr;
  const swapped = matching.many === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const oneByKey = groupBy(one, matching);
  const filters = isComparison(expr.op) && !expr.bool;
  const bothThere = sideBySide(many, one);
  for (const group of oneByKey.values()) refuseDuplicates(group, bothThere, matching);

  const labelsOf = resultLabels(expr);
  const takenBy = new Map<string, Uint8Array>();
  const matched = partOf(matching.labels, matching.on);
  return many.flatMap((row) => {
    const key = keyOf(matched(row.labels));
    return (oneByKey.get(key) ?? []).flatMap((partner) => {
      const result = emptyRow(labelsOf(row.labels, partner.labels), row.values.length);
      // Of one match group each result may come once: one to one by the group itself, else by its labels.
      const claim = matching.many === null ? key : `${key}\u0002${keyOf(result.labels)}`;
      const before = takenBy.get(claim);
      const taken = before?.slice() ?? result.present;
      takenBy.set(claim, taken);
      for (let step = 0; step < row.values.length; step++) {
        if (!row.present[step] || !partner.present[step]) continue;
        const own = row.values[step] ?? Number.NaN;
        const other = partner.values[step] ?? Number.NaN;
        const [leftValue, rightValue] = swapped ? [other, own] : [own, other];
        const answer = calculate(leftValue, rightValue);
        if (filters && answer === 0) continue;
        if (before?.[step]) throw multipleMatches(matching);
        taken[step] = 1;
        result.values[step] = filters ? leftValue : answer;
        result.present[step] = 1;
      }
      return result.present.includes(1) ? [result] : [];
    });
  });
}

/** `and`, `or` and `unless`. */
export function combineSets(expr: Binary, left: readonly Row[], right: readonly Row[]): Row[] {
  const { op, matching } = expr;
  const partnersOf = (row: Row, groups: ReadonlyMap<string, Row[]>) =>
    groups.get(keyOf(matchingLabels(row.labels, matching))) ?? [];
  const kept = (row: Row, partners: readonly Row[], wanted: boolean): Row[] => {
    const present = row.present.map((there, step) =>
      there && partners.some((partner) => partner.present[step]) === wanted ? 1 : 0,
    );
    return present.includes(1) ? [{ ...row, present }] : [];
  };
  if (op === 'or') {
    const groups = groupBy(left, matching);
    return [...left, ...right.flatMap((row) => kept(row, partnersOf(row, groups), false))];
  }
  const groups = groupBy(right, matching);
  return left.flatMap((row) => kept(row, partnersOf(row, groups), op === 'and'));
}

const matchingLabels = (labels: Labels, { on, labels: names }: Matching): Labels =>
  withLabels(labels, names, on);

/** One to one without a name is what all rules ask for, and then the labels of a row need no new object each time. */
function resultLabels(expr: Binary): (labels: Labels, oneSide: Labels) => Labels {
  const { on, labels: names, many, include } = expr.matching;
  const isNameless = dropsName(expr);
  const nameless = partOf([], false);
  const matched = partOf(names, on);
  return (labels, oneSide) => {
    const named = isNameless ? nameless(labels) : labels;
    if (many === null)
      return isNameless ? matched(named) : filterLabels(named, (name) => names.includes(name) === on);
    const others = filterLabels(named, (name) => !include.includes(name));
    return { ...others, ...filterLabels(oneSide, (name) => include.includes(name)) };
  };
}

function groupBy(rows: readonly Row[], matching: Matching): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  const matched = partOf(matching.labels, matching.on);
  for (const row of rows) {
    const key = keyOf(matched(row.labels));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Steps at which both sides have anything at all; elsewhere Prometheus does not even look. */
function sideBySide(many: readonly Row[], one: readonly Row[]): (step: number) => boolean {
  const known = new Map<number, boolean>();
  const anyAt = (rows: readonly Row[], step: number) => rows.some((row) => row.present[step]);
  return (step) => {
    const answer = known.get(step) ?? (anyAt(many, step) && anyAt(one, step));
    known.set(step, answer);
    return answer;
  };
}

function refuseDuplicates(
  group: readonly Row[],
  isLookedAt: (step: number) => boolean,
  matching: Matching,
): void {
  if (group.length < 2) return;
  const steps = group[0]?.values.length ?? 0;
  for (let step = 0; step < steps; step++) {
    const [first, second] = group.filter((row) => row.present[step]);
    if (!first || !second || !isLookedAt(step)) continue;
    const shown = metricText(matchingLabels(first.labels, matching));
    const side = matching.many === 'right' ? 'left' : 'right';
    throw new QueryError(
      'execution',
      `found duplicate series for the match group ${shown} on the ${side} hand-side of the operation: ` +
        `[${metricText(second.labels)}, ${metricText(first.labels)}]` +
        ';many-to-many matching not allowed: matching labels must be unique on one side',
    );
  }
}

const metricText = (labels: Labels): string => {
  const shown = Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${shown.join(', ')}}`;
};

const multipleMatches = ({ many }: Matching): QueryError =>
  new QueryError(
    'execution',
    many === null
      ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
      : 'multiple matches for labels: grouping labels must ensure unique matches',
  );
