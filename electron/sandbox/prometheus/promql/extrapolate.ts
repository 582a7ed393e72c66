import type { Window } from './windows.ts';

/** The ends of what a window holds of a series, and by how much it rose between them (or changed, for a gauge). */
export type Ends = {
  count: number;
  firstMs: number;
  lastMs: number;
  firstValue: number;
  increase: number;
};
type Asked = { counter: boolean; perSecond: boolean };

/** `rate`, `increase` and `delta` of a window. */
export function extrapolated(window: Window, asked: Asked): number | null {
  const { times, values } = window;
  const count = values.length;
  if (count < 2) return null;
  const firstValue = values[0] ?? 0;
  let increase = (values[count - 1] ?? 0) - firstValue;
  if (asked.counter) {
    for (let index = 1; index < count; index++) {
      const before = values[index - 1] ?? 0;
      if ((values[index] ?? 0) < before) increase += before;
    }
  }
  const ends = { count, firstMs: times[0] ?? 0, lastMs: times[count - 1] ?? 0, firstValue, increase };
  return toEdges(ends, window, asked);
}

/**
 * Prometheus' `extrapolatedRate` as of 2.42: the increase between the first and last sample, extended to the edges of
 * the window when a sample is near enough, and never below zero for a counter.
 */
export function toEdges(
  { count, firstMs, lastMs, firstValue, increase }: Ends,
  { startMs, endMs }: Pick<Window, 'startMs' | 'endMs'>,
  { counter, perSecond }: Asked,
): number {
  const sampled = (lastMs - firstMs) / 1_000;
  const between = sampled / (count - 1);
  const threshold = between * 1.1;
  let toStart = (firstMs - startMs) / 1_000;
  const toEnd = (endMs - lastMs) / 1_000;
  if (counter && increase > 0 && firstValue >= 0) {
    toStart = Math.min(toStart, sampled * (firstValue / increase));
  }
  const extended =
    sampled + (toStart < threshold ? toStart : between / 2) + (toEnd < threshold ? toEnd : between / 2);
  const factor = extended / sampled;
  return increase * (perSecond ? factor / ((endMs - startMs) / 1_000) : factor);
}
