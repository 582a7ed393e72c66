/** So many in a row: what a canvas was told is put into pixels only after that, which nobody counts in. */
const AT_ONCE = 4;
/** Milliseconds that must be left of the time that nothing else needs. */
const LEAST_LEFT_MS = 6;
/** Milliseconds after which one is done although the screen was never idle: it goes on, however slowly. */
const MOST_WAIT_MS = 1_000;

/**
 * Does something with each item while the screen has nothing else to do, a few at a time, so that input never waits for it;
 * ends at once when the page is not seen. Returns what stops it.
 */
export function atIdle<T>(items: Iterable<T>, work: (item: T) => void): () => void {
  const left = [...items];
  let handle: number | null = null;
  const ask = () => {
    handle = left.length === 0 || document.hidden ? null : requestIdleCallback(go, { timeout: MOST_WAIT_MS });
  };
  const go = (deadline: IdleDeadline) => {
    const isTime = (done: number) =>
      deadline.didTimeout ? done === 0 : done < AT_ONCE && deadline.timeRemaining() > LEAST_LEFT_MS;
    for (let done = 0; isTime(done); done += 1) {
      const next = left.shift();
      if (next === undefined) break;
      work(next);
    }
    ask();
  };
  ask();
  return () => {
    if (handle !== null) cancelIdleCallback(handle);
    handle = null;
    left.length = 0;
  };
}
