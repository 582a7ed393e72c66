import { median, medianAbsoluteDeviation } from 'simple-statistics';

/** How many error lines there were in the `STEP_MS` before each of these times, which are as far apart. */
export type ErrorCounts = ReadonlyMap<number, number>;
/** `before` is what was usual in a minute; `atMs` the end of the first minute that was not. */
export type Spike = { atMs: number; count: number; before: number };

export const STEP_MS = 15_000;
/** What is usual is learnt from so long before. */
export const REFERENCE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
/** A service is calm again after so long; what comes then is another spike. */
const CALM_MS = 5 * 60_000;
/** Counts of so long before a time are needed to judge it: what was usual, and whether it was calm. */
export const LEAD_MS = REFERENCE_MS + CALM_MS + MINUTE_MS;
/** Fewer lines are nobody's evidence, however rare they are. */
const LEAST_LINES = 10;
const LEAST_RATIO = 3;
/** Robust standard deviations; counts vary by at least their square root (Poisson). */
const LEAST_DEVIATIONS = 6;
/** The median absolute deviation of a normal distribution is this part of its standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/**
 * Where the error lines of one service began to be far more than usual, from `fromMs` to `toMs`. Each time is judged by
 * what was before it alone, so that whoever looks later finds the same. A missing count is none.
 */
export function spikesIn(counts: ErrorCounts, fromMs: number, toMs: number): Spike[] {
  const spikes: Spike[] = [];
  let lastHighMs = Number.NEGATIVE_INFINITY;
  const firstMs = Math.ceil((fromMs - CALM_MS) / STEP_MS) * STEP_MS;
  for (let atMs = firstMs; atMs <= toMs; atMs += STEP_MS) {
    const count = minuteUntil(counts, atMs);
    // Most minutes of most services end here.
    if (count < LEAST_LINES) continue;
    const usual = referenceAt(counts, atMs);
    if (!isFarAbove(count, usual)) continue;
    if (atMs - lastHighMs >= CALM_MS && atMs >= fromMs) spikes.push({ atMs, count, before: usual.median });
    lastHighMs = atMs;
  }
  return spikes;
}

function minuteUntil(counts: ErrorCounts, untilMs: number): number {
  let sum = 0;
  for (let at = untilMs; at > untilMs - MINUTE_MS; at -= STEP_MS) sum += counts.get(at) ?? 0;
  return sum;
}

type Usual = { median: number; spread: number };

function referenceAt(counts: ErrorCounts, atMs: number): Usual {
  const values: number[] = [];
  for (let at = atMs - MINUTE_MS; at >= atMs - REFERENCE_MS; at -= STEP_MS)
    values.push(minuteUntil(counts, at));
  const middle = median(values);
  const spread = Math.max(medianAbsoluteDeviation(values) * MAD_TO_SIGMA, Math.sqrt(middle), 1);
  return { median: middle, spread };
}

const isFarAbove = (count: number, usual: Usual): boolean =>
  count >= LEAST_RATIO * usual.median && count - usual.median >= LEAST_DEVIATIONS * usual.spread;
