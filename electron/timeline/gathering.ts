import type { Delivered } from '../connectors/delivered.ts';

/** Below what a person notices, above what a disk takes to make a transaction last. */
const GATHER_MS = 40;
/** So many are passed on at once at most, so that the screen is never kept waiting for long. */
const MOST_AT_ONCE = 2_000;
const AGAIN_MS = 1_000;

/**
 * Gathers what sources deliver one by one for a moment: a thousand facts a second are then a few dozen transactions, not a
 * thousand. INVARIANT: everything is passed on, in the order in which it came, though a disk be full for a while; what is
 * thrown ends no stream of a source.
 */
export function gathering(ports: {
  passOn(observations: Delivered[]): void;
  /** Told of what was thrown; what was to be passed on is tried again in a while. */
  onError(error: unknown): void;
}) {
  let waiting: Delivered[] = [];
  let timer: NodeJS.Timeout | undefined;

  /** Whether all of it could be passed on. */
  function flush(): boolean {
    timer = undefined;
    const some = waiting.slice(0, MOST_AT_ONCE);
    try {
      if (some.length > 0) ports.passOn(some);
    } catch (error) {
      ports.onError(error);
      timer = setTimeout(flush, AGAIN_MS);
      return false;
    }
    waiting = waiting.slice(some.length);
    if (waiting.length > 0) timer = setTimeout(flush, 0);
    return true;
  }

  return {
    add(observations: readonly Delivered[]): void {
      for (const observation of observations) waiting.push(observation);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    close(): void {
      clearTimeout(timer);
      while (waiting.length > 0 && flush()) clearTimeout(timer);
      clearTimeout(timer);
    },
  };
}
