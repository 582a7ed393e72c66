/** A stretch of the timeline; without an end it goes on with the newest event. */
export type Span = { fromMs: number; toMs: number | null };

/** The whole window that is drawn, in milliseconds since the epoch. */
export type Extent = { fromMs: number; toMs: number };

/** The least that a span may hold: below that a line of the feed has no place of its own. */
export const LEAST_MS = 1_000;

export const isWithin = ({ fromMs, toMs }: Span, atMs: number): boolean =>
  atMs >= fromMs && (toMs === null || atMs <= toMs);

/** The span as far as it lies in the window; all of the window without one. */
export const drawn = (span: Span | null, extent: Extent): Extent => ({
  fromMs: clamp(span?.fromMs ?? extent.fromMs, extent),
  toMs: clamp(span?.toMs ?? extent.toMs, extent),
});

/**
 * A span of the two ends, in whichever order they come, at least a second long. One that reaches the end of the window goes
 * on with it; one that is all of the window is none.
 */
export function spanOf(one: number, other: number, extent: Extent): Span | null {
  const fromMs = clamp(Math.min(one, other), extent);
  const toMs = clamp(Math.max(one, other, fromMs + LEAST_MS), extent);
  if (fromMs <= extent.fromMs && toMs >= extent.toMs) return null;
  return { fromMs: Math.min(fromMs, toMs - LEAST_MS), toMs: toMs >= extent.toMs ? null : toMs };
}

/** Narrower for a factor below 1, wider above, around what lies under the pointer. */
export function zoomed(span: Span | null, extent: Extent, aroundMs: number, factor: number): Span | null {
  const { fromMs, toMs } = drawn(span, extent);
  const around = Math.min(toMs, Math.max(fromMs, aroundMs));
  return spanOf(around - (around - fromMs) * factor, around + (toMs - around) * factor, extent);
}

/** Moved by so many milliseconds without becoming shorter at an end of the window. */
export function moved(span: Span | null, extent: Extent, byMs: number): Span | null {
  if (span === null) return null;
  const { fromMs, toMs } = drawn(span, extent);
  const by = Math.min(extent.toMs - toMs, Math.max(extent.fromMs - fromMs, byMs));
  return spanOf(fromMs + by, toMs + by, extent);
}

const clamp = (ms: number, { fromMs, toMs }: Extent) => Math.min(toMs, Math.max(fromMs, ms));
