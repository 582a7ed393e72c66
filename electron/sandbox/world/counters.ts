import type { SeriesStore } from '../prometheus/series-store.ts';
import { normalAt, unitAt } from '../random.ts';

/** A counter of one target: a handle to its series, and what it stands at. */
export type Counter = { series: number; value: number };

export const counterOf = (store: SeriesStore, labels: Record<string, string>): Counter => ({
  series: store.series(labels),
  value: 0,
});

/**
 * How many of events that are expected `mean` times do happen, as a function of two numbers. Exact for small means; the
 * normal approximation beyond, where it differs by less than the noise.
 */
export function poissonAt(mean: number, base: number, step: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalAt(base, step)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = unitAt(base, step); product > limit; count++)
    product *= unitAt(base ^ Math.imul(count + 1, 0x9e3779b1), step);
  return count;
}
