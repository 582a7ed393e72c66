import { valueRange } from './value-range.ts';

/** Milliseconds since the epoch. */
export type Stretch = { fromMs: number; toMs: number };

/** Null is a gap; undefined is no sample of this line where another one has one. */
export type Values = readonly (number | null | undefined)[];

/** How wide the axis of values is, so that what stands above a chart can keep in line with it. */
export const AXIS_WIDTH = { small: 46, large: 56 } as const;
export const RIGHT_GAP = 8;
const AXIS_HEIGHT = { small: 18, large: 22 } as const;
const TOP_GAP = 6;
/** Above a chart, for the icons of what is marked in it. */
export const STRIP_HEIGHT = 16;

/** The part of a chart in which its lines are drawn, in CSS pixels, and what its edges stand for. */
export type PlotFrame = Stretch & {
  left: number;
  top: number;
  width: number;
  height: number;
  low: number;
  high: number;
};

type Framed = {
  width: number;
  height: number;
  isSmall: boolean;
  hasStrip: boolean;
  /** The stretch of time that is shown; all there is of the lines where it is left out. */
  range: Stretch | undefined;
  timesMs: readonly number[];
  lines: readonly Values[];
  /** Values that must lie within too. */
  also: readonly number[];
};

export function plotFrame({
  width,
  height,
  isSmall,
  hasStrip,
  range,
  timesMs,
  lines,
  also,
}: Framed): PlotFrame {
  const size = isSmall ? 'small' : 'large';
  const shown = range ? { ...range, toMs: Math.max(range.toMs, range.fromMs + 1) } : allOf(timesMs);
  const { low, high } = extremesIn(shown, timesMs, lines);
  const [bottom, top] = valueRange(low, high, also);
  const above = TOP_GAP + (hasStrip ? STRIP_HEIGHT : 0);
  return {
    ...shown,
    left: AXIS_WIDTH[size],
    top: above,
    width: Math.max(1, width - AXIS_WIDTH[size] - RIGHT_GAP),
    height: Math.max(1, height - above - AXIS_HEIGHT[size]),
    low: bottom,
    high: top,
  };
}

export const xOf = ({ left, width, fromMs, toMs }: PlotFrame, atMs: number): number =>
  left + ((atMs - fromMs) / (toMs - fromMs)) * width;

export const timeAt = ({ left, width, fromMs, toMs }: PlotFrame, x: number): number =>
  fromMs + ((x - left) / width) * (toMs - fromMs);

export const yOf = ({ top, height, low, high }: PlotFrame, value: number): number =>
  top + ((high - value) / (high - low)) * height;

/** The sample that is nearest to an instant; -1 where there is none. */
export function nearestTo(timesMs: readonly number[], atMs: number): number {
  const after = firstFrom(timesMs, atMs);
  if (after === 0 || after === timesMs.length) return Math.min(after, timesMs.length - 1);
  const toBefore = atMs - (timesMs[after - 1] as number);
  return toBefore <= (timesMs[after] as number) - atMs ? after - 1 : after;
}

function allOf(timesMs: readonly number[]): Stretch {
  const [fromMs = 0] = timesMs;
  const toMs = timesMs.at(-1) ?? 0;
  return fromMs === toMs ? { fromMs: fromMs - 1_000, toMs: toMs + 1_000 } : { fromMs, toMs };
}

/** Of what is in sight, with one sample beyond each end: the lines go there. */
function extremesIn({ fromMs, toMs }: Stretch, timesMs: readonly number[], lines: readonly Values[]) {
  const first = Math.max(0, firstFrom(timesMs, fromMs) - 1);
  const end = Math.min(timesMs.length, firstFrom(timesMs, toMs) + 1);
  let low: number | null = null;
  let high: number | null = null;
  for (const values of lines) {
    for (let at = first; at < end; at += 1) {
      const value = values[at];
      if (value === null || value === undefined) continue;
      if (low === null || value < low) low = value;
      if (high === null || value > high) high = value;
    }
  }
  return { low, high };
}

/** Where the first one stands that is not earlier. */
function firstFrom(timesMs: readonly number[], atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] as number) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
