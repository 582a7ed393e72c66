import type { Window } from '../source.ts';

/** What of an answer cannot be used, by what is wrong with it. */
export type LeftOut = {
  /** Stale markers reach nobody but as NaN. */
  notFinite: number;
  /** Samples with a time that another of their series has. */
  repeated: number;
  /** Samples dated before or after the time that was asked about. */
  outside: number;
  /** Series beyond what is taken in one answer. */
  series: number;
};
export const nothing: LeftOut = { notFinite: 0, repeated: 0, outside: 0, series: 0 };

export const sumOf = (a: LeftOut, b: LeftOut): LeftOut => ({
  notFinite: a.notFinite + b.notFinite,
  repeated: a.repeated + b.repeated,
  outside: a.outside + b.outside,
  series: a.series + b.series,
});

type Point = { atMs: number; value: number };

/**
 * The points of one series as everybody downstream relies on them. INVARIANT: finite, inside the window, each later than
 * the one before; of two with the same time the last told counts.
 */
export function orderedPoints(
  told: readonly Point[],
  { fromMs, toMs }: Window,
): { points: Point[]; leftOut: LeftOut } {
  const finite = told.filter(({ atMs, value }) => Number.isFinite(atMs) && Number.isFinite(value));
  const inside = finite.filter(({ atMs }) => atMs >= fromMs - 1 && atMs <= toMs + 1);
  const byTime = new Map(inside.map((point) => [point.atMs, point]));
  const points = [...byTime.values()].sort((a, b) => a.atMs - b.atMs);
  return {
    points,
    leftOut: {
      notFinite: told.length - finite.length,
      outside: finite.length - inside.length,
      repeated: inside.length - points.length,
      series: 0,
    },
  };
}

/** So long is told of what was left out: the person who reads it may just have come. */
const TOLD_FOR_MS = 5 * 60_000;

/** What was left out of the answers of a source lately, for its status. */
export function leftOutMeter(nowMs: () => number) {
  let latest: { atMs: number; leftOut: LeftOut } | null = null;
  return {
    note(leftOut: LeftOut): void {
      if (Object.values(leftOut).every((count) => count === 0)) return;
      latest = { atMs: nowMs(), leftOut };
    },
    sentence(): string | null {
      if (latest === null || nowMs() - latest.atMs > TOLD_FOR_MS) return null;
      return sentenceOf(latest.leftOut);
    },
  };
}

function sentenceOf({ notFinite, repeated, outside, series }: LeftOut): string {
  const parts = [
    [notFinite, 'that are no number (NaN, infinite or stale)'],
    [repeated, 'with a time that another sample has'],
    [outside, 'dated outside the time that was asked about: is a clock wrong?'],
  ] as const;
  const samples = parts.flatMap(([count, what]) =>
    count === 0 ? [] : [`${counted(count, 'sample')} ${what}`],
  );
  const more =
    series === 0 ? [] : [`${counted(series, 'series')} beyond the first ${MOST_SERIES}: ask for fewer`];
  return `An answer held what cannot be used, and it was left out: ${[...samples, ...more].join('; ')}.`;
}

const counted = (count: number, what: 'sample' | 'series') =>
  `${count} ${what === 'sample' && count !== 1 ? 'samples' : what}`;

/** More series than this of one answer would be read by nobody, and fill the memory. */
export const MOST_SERIES = 5_000;
