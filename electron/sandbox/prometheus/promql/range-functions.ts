import type { Series, SeriesStore } from '../series-store.ts';
import { emptyRow, guardSize, latestScrapes, type Row, withoutName } from './row.ts';

/** Samples of a window `(startMs, endMs]`, left-open as since Prometheus 3.0. */
type Window = { times: number[]; values: number[]; startMs: number; endMs: number };
type RangeFunction = (window: Window) => number | null;

/** Applies a function of a range selector at every step. */
export function overRange(
  name: string,
  matching: readonly Series[],
  selector: { rangeMs: number; offsetMs: number },
  store: SeriesStore,
  stepsMs: Float64Array,
): Row[] {
  const apply = rangeFunctions[name];
  if (!apply) throw new Error(`no range function ${name}`);
  const times = store.times();
  const last = latestScrapes(times, store.scrapes(), stepsMs, selector.offsetMs);
  const first = latestScrapes(times, store.scrapes(), stepsMs, selector.offsetMs + selector.rangeMs);
  const perWindow = (last[0] ?? 0) - (first[0] ?? 0) + 1;
  guardSize(matching.length * stepsMs.length * Math.max(1, perWindow));

  const rows: Row[] = [];
  const window: Window = { times: [], values: [], startMs: 0, endMs: 0 };
  for (const series of matching) {
    const row = emptyRow(series.labels, stepsMs.length);
    let found = false;
    for (let step = 0; step < stepsMs.length; step++) {
      window.times.length = 0;
      window.values.length = 0;
      window.endMs = (stepsMs[step] ?? 0) - selector.offsetMs;
      window.startMs = window.endMs - selector.rangeMs;
      for (let index = (first[step] ?? -1) + 1; index <= (last[step] ?? -1); index++) {
        const value = series.values[index] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        window.times.push(times[index] ?? 0);
        window.values.push(value);
      }
      const result = window.values.length === 0 ? null : apply(window);
      if (result === null) continue;
      row.values[step] = result;
      row.present[step] = 1;
      found = true;
    }
    if (found) rows.push(name === 'last_over_time' ? row : withoutName(row));
  }
  return rows;
}

const rangeFunctions: Readonly<Record<string, RangeFunction>> = {
  rate: (window) => extrapolated(window, { counter: true, perSecond: true }),
  increase: (window) => extrapolated(window, { counter: true, perSecond: false }),
  delta: (window) => extrapolated(window, { counter: false, perSecond: false }),
  irate: ({ times, values }) => {
    if (values.length < 2) return null;
    const [before = 0, after = 0] = values.slice(-2);
    const [from = 0, to = 0] = times.slice(-2);
    return (after < before ? after : after - before) / ((to - from) / 1_000);
  },
  avg_over_time: ({ values }) => total(values) / values.length,
  sum_over_time: ({ values }) => total(values),
  count_over_time: ({ values }) => values.length,
  max_over_time: ({ values }) => values.reduce((most, value) => Math.max(most, value)),
  min_over_time: ({ values }) => values.reduce((least, value) => Math.min(least, value)),
  last_over_time: ({ values }) => values.at(-1) ?? null,
};

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/**
 * Prometheus' `extrapolatedRate`: the increase between the first and last sample, extended to the edges of the window
 * when a sample is near enough, and never below zero for a counter.
 */
function extrapolated(
  window: Window,
  { counter, perSecond }: { counter: boolean; perSecond: boolean },
): number | null {
  const { times, values } = window;
  const count = values.length;
  if (count < 2) return null;
  const firstValue = values[0] ?? 0;
  const firstMs = times[0] ?? 0;
  const lastMs = times[count - 1] ?? 0;

  let increase = (values[count - 1] ?? 0) - firstValue;
  if (counter) {
    for (let index = 1; index < count; index++) {
      const before = values[index - 1] ?? 0;
      if ((values[index] ?? 0) < before) increase += before;
    }
  }

  const sampled = (lastMs - firstMs) / 1_000;
  const between = sampled / (count - 1);
  const threshold = between * 1.1;
  let toStart = (firstMs - window.startMs) / 1_000;
  let toEnd = (window.endMs - lastMs) / 1_000;
  if (toStart >= threshold) toStart = between / 2;
  if (counter && increase > 0 && firstValue >= 0) {
    toStart = Math.min(toStart, sampled * (firstValue / increase));
  }
  if (toEnd >= threshold) toEnd = between / 2;

  const factor = (sampled + toStart + toEnd) / sampled;
  return perSecond ? (increase * factor) / ((window.endMs - window.startMs) / 1_000) : increase * factor;
}
