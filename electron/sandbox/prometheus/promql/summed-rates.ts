import { filterLabels, keyOf, type Labels } from '../labels.ts';
import type { Series, SeriesStore } from '../series-store.ts';
import { type Context, momentsOf } from './context.ts';
import type { Aggregate, Selector } from './expr.ts';
import { type Ends, toEdges } from './extrapolate.ts';
import { emptyRow, type Row } from './row.ts';
import { candidatesFor, matching } from './select.ts';
import { edgesOf } from './windows.ts';

/** Which series go into which group. */
type Plan = {
  store: SeriesStore;
  /** How many series there were in all, and how many of those that may match have been looked at. */
  stored: number;
  looked: number;
  series: Series[];
  groupOf: number[];
  groups: Labels[];
  indexOf: Map<string, number>;
};

const plans = new WeakMap<Aggregate, Plan>();
const rate = { counter: true, perSecond: true };

/**
 * `sum by (…) (rate(name{…}[…]))`, which most rules and nearly all queries of a large world are made of, without a row
 * for every series on the way. Null for anything else. The answer is the one that is reached step by step.
 */
export function summedRates(expr: Aggregate, context: Context, stepsMs: Float64Array): Row[] | null {
  const selector = ratedSelector(expr);
  if (!selector) return null;
  const { series, groupOf, groups } = planFor(expr, selector, context.store);
  const { store } = context;
  const times = store.times();
  const ends = momentsOf(selector, context, stepsMs);
  const rangeMs = selector.rangeMs ?? 0;
  const { beforeFirst, last } = edgesOf(series.length, times, store.scrapes(), ends, rangeMs);
  const rows = groups.map((labels) => emptyRow(labels, stepsMs.length));
  for (let index = 0; index < series.length; index++) {
    const row = rows[groupOf[index] ?? 0];
    const values = series[index]?.values;
    if (!row || !values) continue;
    for (let step = 0; step < stepsMs.length; step++) {
      const endMs = ends[step] ?? 0;
      const found = endsWithin(times, values, (beforeFirst[step] ?? -1) + 1, last[step] ?? -1);
      if (found.count < 2) continue;
      const value = toEdges(found, { startMs: endMs - rangeMs, endMs }, rate);
      row.values[step] = row.present[step] ? (row.values[step] ?? 0) + value : value;
      row.present[step] = 1;
    }
  }
  return rows.filter((row) => row.present.includes(1));
}

const found = { count: 0, firstMs: 0, lastMs: 0, firstValue: 0, increase: 0 };

/** Filled again and again, for speed. */
function endsWithin(times: Float64Array, values: Float64Array, from: number, to: number): Ends {
  let count = 0;
  let before = 0;
  let dropped = 0;
  let lastAt = from;
  for (let at = from; at <= to; at++) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (count === 0) {
      found.firstMs = times[at] ?? 0;
      found.firstValue = value;
    } else if (value < before) dropped += before;
    before = value;
    lastAt = at;
    count += 1;
  }
  found.count = count;
  found.lastMs = times[lastAt] ?? 0;
  found.increase = before - found.firstValue + dropped;
  return found;
}

/** Only where a name is given: series of several names could come to carry the same labels. */
function ratedSelector({ op, expr }: Aggregate): Selector | null {
  if (op !== 'sum' || expr.kind !== 'call' || expr.name !== 'rate') return null;
  const [selector] = expr.args;
  if (selector?.kind !== 'selector' || selector.rangeMs === null) return null;
  return selector.matchers.some(({ label, op }) => label === '__name__' && op === '=') ? selector : null;
}

/** Series are only ever added, so a plan is gone on with. */
function planFor(expr: Aggregate, selector: Selector, store: SeriesStore): Plan {
  const known = plans.get(expr);
  const plan: Plan =
    known?.store === store
      ? known
      : { store, stored: 0, looked: 0, series: [], groupOf: [], groups: [], indexOf: new Map() };
  plans.set(expr, plan);
  if (plan.stored === store.all().length) return plan;
  plan.stored = store.all().length;
  const candidates = candidatesFor(selector.matchers, store);
  for (const series of matching(candidates.slice(plan.looked), selector.matchers)) {
    plan.series.push(series);
    plan.groupOf.push(groupFor(series.labels, expr.grouping, plan));
  }
  plan.looked = candidates.length;
  return plan;
}

function groupFor(labels: Labels, { labels: names, without }: Aggregate['grouping'], plan: Plan): number {
  const { groups, indexOf } = plan;
  // A rate has no name any more, so nothing is grouped by it.
  const isKept = (name: string) => name !== '__name__' && names.includes(name) !== without;
  const key = without
    ? keyOf(filterLabels(labels, isKept))
    : names.map((name) => (isKept(name) ? labels[name] : '')).join('\u0001');
  const known = indexOf.get(key);
  if (known !== undefined) return known;
  indexOf.set(key, groups.length);
  return groups.push(filterLabels(labels, isKept)) - 1;
}
