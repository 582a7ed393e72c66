import { filterLabels, keyOf, type Labels } from '../labels.ts';
import type { Series, SeriesStore } from '../series-store.ts';
import { type Context, momentsOf } from './context.ts';
import type { Aggregate, Selector } from './expr.ts';
import { type Ends, toEdges } from './extrapolate.ts';
import type { Row } from './row.ts';
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
  indexOf: Map<Labels, number>;
  /** What is kept of the labels of a series: one object for each group. Good for other stores with the same labels, too. */
  kept: { byKey: Map<string, Labels>; of: WeakMap<Labels, Labels> };
};

const plans = new WeakMap<Aggregate, Plan>();
const rate = { counter: true, perSecond: true };

/** A sum for every group at every step, group by group; what is there is marked beside it. */
export type Sums = {
  /** Only ever added to: it stays the same object for the same expression and store. */
  groups: readonly Labels[];
  values: Float64Array;
  present: Uint8Array;
};

/** The same as rows. */
export function summedRates(expr: Aggregate, context: Context, stepsMs: Float64Array): Row[] | null {
  const sums = rateSums(expr, context, stepsMs);
  const steps = stepsMs.length;
  return (
    sums?.groups
      .map((labels, group) => ({
        labels,
        values: sums.values.slice(group * steps, (group + 1) * steps),
        present: sums.present.slice(group * steps, (group + 1) * steps),
      }))
      .filter(({ present }) => present.includes(1)) ?? null
  );
}

/**
 * `sum by (…) (rate(name{…}[…]))`, which most rules and nearly all queries of a large world are made of, without a row
 * for every series on the way. Null for anything else. The answer is the one that is reached step by step.
 */
export function rateSums(expr: Aggregate, context: Context, stepsMs: Float64Array): Sums | null {
  const selector = ratedSelector(expr);
  if (!selector) return null;
  const { series, groupOf, groups } = planFor(expr, selector, context.store);
  const { store } = context;
  const times = store.times();
  const ends = momentsOf(selector, context, stepsMs);
  const rangeMs = selector.rangeMs ?? 0;
  const { beforeFirst, last } = edgesOf(series.length, times, store.scrapes(), ends, rangeMs);
  const steps = stepsMs.length;
  const sums = new Float64Array(groups.length * steps);
  const present = new Uint8Array(groups.length * steps);
  const samples = samplesUpTo((last[steps - 1] ?? -1) + 1);
  const window = { startMs: 0, endMs: 0 };
  for (let index = 0; index < series.length; index++) {
    const values = series[index]?.values;
    if (!values) continue;
    samples.read(values, (beforeFirst[0] ?? -1) + 1);
    const first = (groupOf[index] ?? 0) * steps;
    for (let step = 0; step < steps; step++) {
      const found = samples.between((beforeFirst[step] ?? -1) + 1, last[step] ?? -1, times);
      if (!found) continue;
      window.endMs = ends[step] ?? 0;
      window.startMs = window.endMs - rangeMs;
      // Nothing counted in a window is a rate of nothing, however the window lies.
      const value = found.increase === 0 ? 0 : toEdges(found, window, rate);
      sums[first + step] = (sums[first + step] ?? 0) + value;
      present[first + step] = 1;
    }
  }
  return { groups, values: sums, present };
}

/**
 * What any window holds of one series after another. Windows of neighbouring steps overlap many times, so each series is
 * read once, and a window is told from what stands at its ends.
 */
function samplesUpTo(limit: number) {
  /** The last sample at or before each place, the first at or after it, and how many there were before it. */
  const before = new Int32Array(limit);
  const after = new Int32Array(limit);
  const count = new Int32Array(limit + 1);
  /** What a counter lost by starting anew, up to and with each place. */
  const lost = new Float64Array(limit);
  const found: Ends = { count: 0, firstMs: 0, lastMs: 0, firstValue: 0, increase: 0 };
  let read: Float64Array = new Float64Array(0);

  return {
    read(values: Float64Array, from: number): void {
      read = values;
      let latest = -1;
      let missed = 0;
      let seen = 0;
      for (let at = from; at < limit; at++) {
        const value = values[at] ?? Number.NaN;
        count[at] = seen;
        if (!Number.isNaN(value)) {
          const previous = latest < 0 ? value : (values[latest] ?? value);
          if (value < previous) missed += previous;
          latest = at;
          seen += 1;
        }
        before[at] = latest;
        lost[at] = missed;
      }
      count[limit] = seen;
      for (let at = limit - 1, next = limit; at >= from; at--) {
        if (before[at] === at) next = at;
        after[at] = next;
      }
    },
    /** Filled again and again, for speed; null for fewer than two samples. */
    between(from: number, to: number, times: Float64Array): Ends | null {
      if (to <= from) return null;
      found.count = (count[to + 1] ?? 0) - (count[from] ?? 0);
      if (found.count < 2) return null;
      const first = after[from] ?? 0;
      const last = before[to] ?? 0;
      found.firstMs = times[first] ?? 0;
      found.lastMs = times[last] ?? 0;
      found.firstValue = read[first] ?? Number.NaN;
      const rise = (read[last] ?? Number.NaN) - found.firstValue;
      found.increase = rise + ((lost[last] ?? 0) - (lost[first] ?? 0));
      return found;
    },
  };
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
  const plan: Plan = known?.store === store ? known : newPlan(store, known?.kept);
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

function newPlan(store: SeriesStore, kept: Plan['kept'] = { byKey: new Map(), of: new WeakMap() }): Plan {
  return { store, stored: 0, looked: 0, series: [], groupOf: [], groups: [], indexOf: new Map(), kept };
}

function groupFor(labels: Labels, grouping: Aggregate['grouping'], { groups, indexOf, kept }: Plan): number {
  const group = kept.of.get(labels) ?? keptOf(labels, grouping, kept.byKey);
  kept.of.set(labels, group);
  const known = indexOf.get(group);
  if (known !== undefined) return known;
  indexOf.set(group, groups.length);
  return groups.push(group) - 1;
}

function keptOf(
  labels: Labels,
  { labels: names, without }: Aggregate['grouping'],
  byKey: Plan['kept']['byKey'],
): Labels {
  // A rate has no name any more, so nothing is grouped by it.
  const isKept = (name: string) => name !== '__name__' && names.includes(name) !== without;
  const key = without
    ? keyOf(filterLabels(labels, isKept))
    : names.map((name) => (isKept(name) ? labels[name] : '')).join('\u0001');
  const group = byKey.get(key) ?? filterLabels(labels, isKept);
  byKey.set(key, group);
  return group;
}
