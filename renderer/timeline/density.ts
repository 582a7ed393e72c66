import { type Event, EventKind } from '../../shared/vocabulary/event.ts';
import type { Extent } from '../state/span.ts';

export const LANES = EventKind.options;
export type Lane = EventKind;

/** How many events of each kind fall into each of so many equal parts of the window. */
export function density(
  events: readonly Pick<Event, 'atMs' | 'kind'>[],
  { fromMs, toMs }: Extent,
  bins: number,
): Record<Lane, Uint32Array> {
  const lanes = Object.fromEntries(LANES.map((lane) => [lane, new Uint32Array(bins)])) as Record<
    Lane,
    Uint32Array
  >;
  const perMs = bins / Math.max(1, toMs - fromMs);
  for (const { atMs, kind } of events) {
    const bin = Math.min(bins - 1, Math.floor((atMs - fromMs) * perMs));
    const lane = lanes[kind];
    if (bin >= 0) lane[bin] = (lane[bin] ?? 0) + 1;
  }
  return lanes;
}

/**
 * One lane as an SVG path of bars that stand on its foot, `height` high at the fullest bin of all lanes. The height follows
 * the logarithm: one event stays visible beside a storm of ten thousand.
 */
export function barsOf(counts: Uint32Array, most: number, height: number): string {
  const full = Math.log1p(Math.max(1, most));
  const bars: string[] = [];
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const high = Math.max(LEAST_BAR, (Math.log1p(count) / full) * height);
    bars.push(`M${bin} ${height}v${-round(high)}h1v${round(high)}z`);
  });
  return bars.join('');
}

const LEAST_BAR = 2.5;
const round = (value: number) => Math.round(value * 100) / 100;

/** Times that read well, at most so many, evenly spaced over the window; local midnight is one of them where it fits. */
export function ticksOf({ fromMs, toMs }: Extent, most: number): { atMs: number; stepMs: number }[] {
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= most) ?? STEPS_MS.at(-1) ?? 1;
  const offsetMs = new Date(fromMs).getTimezoneOffset() * 60_000;
  const first = Math.ceil((fromMs - offsetMs) / stepMs) * stepMs + offsetMs;
  const ticks: { atMs: number; stepMs: number }[] = [];
  for (let atMs = first; atMs <= toMs && ticks.length <= most; atMs += stepMs) ticks.push({ atMs, stepMs });
  return ticks;
}

const S = 1_000;
const MIN = 60 * S;
const H = 60 * MIN;
const STEPS_MS = [
  S,
  5 * S,
  15 * S,
  30 * S,
  MIN,
  2 * MIN,
  5 * MIN,
  10 * MIN,
  15 * MIN,
  30 * MIN,
  H,
  2 * H,
  3 * H,
  6 * H,
  12 * H,
  24 * H,
  48 * H,
  7 * 24 * H,
  28 * 24 * H,
  364 * 24 * H,
];
