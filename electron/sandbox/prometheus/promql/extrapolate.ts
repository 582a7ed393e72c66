import type { Window } from './windows.ts';

/**
 * Prometheus' `extrapolatedRate` as of 2.42: the increase between the first and last sample, extended to the edges of
 * the window when a sample is near enough, and never below zero for a counter.
 */
export function extrapolated(
  { times, values, startMs, endMs }: Window,
  { counter, perSecond }: { counter: boolean; perSecond: boolean },
): number | null {
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
