import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** As long as nobody notices who waits for the thread: a frame of the screen takes more. */
const SLICE_MS = 8;

/**
 * Does one piece of work after another, and lets whatever else waits for this thread go first every few milliseconds.
 * A piece must be short by itself. `nowMs` is a monotonic clock.
 */
export async function inSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  { signal, nowMs = () => performance.now() }: { signal?: AbortSignal; nowMs?(): number } = {},
): Promise<void> {
  let endsMs = nowMs() + SLICE_MS;
  for (const item of items) {
    if (nowMs() >= endsMs) {
      await setImmediate();
      signal?.throwIfAborted();
      endsMs = nowMs() + SLICE_MS;
    }
    work(item);
  }
}
