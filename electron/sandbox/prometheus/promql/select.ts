import type { Labels } from '../labels.ts';
import type { Series, SeriesStore } from '../series-store.ts';
import { type Context, momentsOf } from './context.ts';
import type { Matcher, Selector } from './expr.ts';
import { pattern } from './pattern.ts';
import { emptyRow, guardSize, latestBefore, type Row } from './row.ts';

/** How far back an instant selector looks for a sample, that edge included (Prometheus' default). */
export const lookbackMs = 300_000;

/** The last sample of every series that matches, at each step; or, for `timestamp()`, when that sample was taken. */
export function instant(
  selector: Selector,
  context: Context,
  stepsMs: Float64Array,
  asked: 'value' | 'time' = 'value',
): Row[] {
  const { store } = context;
  const matching = select(selector.matchers, store);
  guardSize(matching.length * stepsMs.length);
  const times = store.times();
  const moments = momentsOf(selector, context, stepsMs);
  const at = latestBefore(times, store.scrapes(), moments);
  const rows: Row[] = [];
  for (const series of matching) {
    const row = emptyRow(series.labels, stepsMs.length);
    let found = false;
    for (let step = 0; step < stepsMs.length; step++) {
      const index = at[step] ?? -1;
      if (index < 0) continue;
      const value = series.values[index] ?? Number.NaN;
      const timeMs = times[index] ?? 0;
      if (Number.isNaN(value) || (moments[step] ?? 0) - timeMs > lookbackMs) continue;
      row.values[step] = asked === 'value' ? value : timeMs / 1_000;
      row.present[step] = 1;
      found = true;
    }
    if (found) rows.push(row);
  }
  return rows;
}

export const select = (matchers: readonly Matcher[], store: SeriesStore): readonly Series[] =>
  matching(candidatesFor(matchers, store), matchers);

/** Those of the name that is asked for, where one is; in the order in which they came. */
export function candidatesFor(matchers: readonly Matcher[], store: SeriesStore): readonly Series[] {
  const name = matchers.find(asksName);
  return name ? store.named(name.value) : store.all();
}

/** Those of its candidates that a selector selects. */
export function matching(candidates: readonly Series[], matchers: readonly Matcher[]): readonly Series[] {
  const name = matchers.find(asksName);
  const tests = matchers.filter((matcher) => matcher !== name).map(tester);
  return candidates.filter(({ labels }) => tests.every((test) => test(labels)));
}

const asksName = ({ label, op }: Matcher): boolean => label === '__name__' && op === '=';

/** A label that is not there is an empty one. */
function tester({ label, op, value }: Matcher): (labels: Labels) => boolean {
  if (op === '=') return (labels) => (labels[label] ?? '') === value;
  if (op === '!=') return (labels) => (labels[label] ?? '') !== value;
  const expression = pattern(value);
  // Few values, many series: each value is matched once.
  const known = new Map<string, boolean>();
  const matches = (text: string): boolean => {
    const answer = known.get(text) ?? expression.test(text);
    known.set(text, answer);
    return answer;
  };
  return (labels) => matches(labels[label] ?? '') === (op === '=~');
}
