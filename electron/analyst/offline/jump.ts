import type { Metrics } from './what-was-read.ts';

type Series = Metrics['series'][number];
/** `isSharp`: it went from usual to bad within a minute or two, so that it can be dated. */
export type Jump = { series: Series; point: Series['points'][number]; atMs: number; isSharp: boolean };

/** Of the way from what it was to its worst, this much is on the far side of a jump. */
const FAR_SIDE = 0.25;
/** A rise counts from this multiple on, and of failures from this share of requests on. */
const LEAST_RISE = 1.5;
const LEAST_ERRORS = 0.01;
const SYMPTOMS = ['error_rate', 'latency', 'saturation'] as const;

/**
 * When a service went wrong, as its own samples show: the first of two in a row that are well on the way from what was
 * usual to the worst. Failures tell before slowness and slowness before load; null when nothing rose.
 */
export function jumpOf({ series }: Pick<Metrics, 'series'>): Jump | null {
  for (const symptom of SYMPTOMS) {
    const [first] = series
      .filter(({ version, kind }) => version === null && kind === symptom)
      .flatMap((one) => jumpIn(one) ?? [])
      .sort((a, b) => a.atMs - b.atMs);
    if (first) return first;
  }
  return null;
}

/** The first that can be dated: requests that wait until they fail are slow at once, and fail by and by. */
export const sharpJumpOf = ({ series }: Pick<Metrics, 'series'>): Jump | null =>
  series
    .filter(({ version, kind }) => version === null && (kind === 'error_rate' || kind === 'latency'))
    .flatMap((one) => jumpIn(one) ?? [])
    .filter(({ isSharp }) => isSharp)
    .sort((a, b) => a.atMs - b.atMs)[0] ?? null;

/** The same of one series; `farSide` is how much of the way to its worst counts as gone wrong. */
export function jumpIn(series: Series, farSide = FAR_SIDE): Jump | null {
  const { before, kind, points } = series;
  if (before === null) return null;
  const worst = points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0);
  const least = kind === 'error_rate' ? LEAST_ERRORS : 0;
  if (worst < Math.max(before * LEAST_RISE, before + least)) return null;
  const far = before + farSide * (worst - before);
  const index = points.findIndex(([, value], at) => {
    const next = points[at + 1]?.[1] ?? value;
    return value !== null && value >= far && next !== null && next >= far;
  });
  const point = points[index];
  if (!point) return null;
  const atMs = Date.parse(point[0]);
  const way = (value: number | null) => (value === null ? null : (value - before) / (worst - before));
  const shareAt = (ms: number) => way(points.find(([at]) => Date.parse(at) >= ms)?.[1] ?? null);
  const wasUsual = (shareAt(atMs - CALM_BEFORE_MS) ?? 0) <= USUAL;
  const isThere = (shareAt(atMs + RISES_WITHIN_MS) ?? 1) >= THERE;
  return { series, point, atMs, isSharp: wasUsual && isThere };
}

const CALM_BEFORE_MS = 60_000;
const RISES_WITHIN_MS = 60_000;
const USUAL = 0.1;
const THERE = 0.6;
