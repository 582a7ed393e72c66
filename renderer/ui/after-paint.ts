/** Milliseconds after which it is done although the screen was never idle. */
const MOST_WAIT_MS = 250;

/**
 * Does something once what stands on the page now has been painted and nothing else is to be done. Returns what stops it.
 */
export function afterPaint(work: () => void): () => void {
  let idle: number | null = null;
  // Called before this picture is painted: what is idle after it comes after the picture.
  const frame = requestAnimationFrame(() => {
    idle = requestIdleCallback(work, { timeout: MOST_WAIT_MS });
  });
  return () => {
    cancelAnimationFrame(frame);
    if (idle !== null) cancelIdleCallback(idle);
  };
}
