/** Where the lines of a grid stand: round numbers, as close to each other as their names allow. Pure. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TIME_STEPS = [
  ...[1, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * HOUR),
];
/** No grid has more lines, whatever it is asked for. */
const MOST = 200;

export type Ticks = { at: number[]; step: number };

/** Whole seconds, minutes, hours and days of the local clock, at least `leastMs` apart. */
export function timeTicks({ fromMs, toMs }: { fromMs: number; toMs: number }, leastMs: number): Ticks {
  const least = Math.max(leastMs, (toMs - fromMs) / MOST);
  const step = TIME_STEPS.find((one) => one >= least) ?? Math.max(1, Math.ceil(least / DAY)) * DAY;
  const aheadMs = -new Date(fromMs).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((fromMs + aheadMs) / step) * step - aheadMs;
  return { at: evenly(first, step, toMs), step };
}

/** Ones, twos, two and a halves and fives of a power of ten, at least `least` apart. */
export function valueTicks({ low, high }: { low: number; high: number }, least: number): Ticks {
  const wanted = Math.max(least, (high - low) / MOST);
  if (!(wanted > 0) || !Number.isFinite(wanted)) return { at: [], step: 0 };
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = cleaned(([1, 2, 2.5, 5].find((part) => part * power >= wanted) ?? 10) * power);
  const first = Math.ceil(cleaned(low / step));
  const last = Math.floor(cleaned(high / step));
  // Where values are so large that a step is lost in them no line can be told from the next.
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return { at: [], step };
  return {
    at: Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => place(first + at, step)),
    step,
  };
}

function evenly(first: number, step: number, end: number): number[] {
  return Array.from(
    { length: Math.max(0, Math.floor((end - first) / step) + 1) },
    (_, at) => first + at * step,
  );
}

const place = (count: number, step: number): number => cleaned(count * step) + 0;

/** Without the last digits, which are only how a machine writes a tenth. */
const cleaned = (value: number): number => Number(value.toPrecision(12));
