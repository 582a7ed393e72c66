import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { Clock } from '../platform/clock.ts';

/**
 * When offers expire, on time that only goes forward: a clock that is set back extends none. `knownMs` is the latest time
 * that the data file has seen, so that a step back while nothing ran is noticed as well.
 */
export function expiryWatch(clock: Clock, knownMs: number) {
  const dueOnFloor = new Map<string, number>();
  let lastMs = knownMs;
  let lostMs = 0;

  /** How far the clock was set back since the last look. */
  function look(): number {
    const nowMs = clock.now();
    const backMs = Math.max(0, lastMs - nowMs);
    lostMs += backMs;
    lastMs = nowMs;
    return backMs;
  }

  return {
    look,
    /** Its time begins to run with the first question. */
    hasExpired({ id, proposedMs, expiresMs }: Proposal): boolean {
      look();
      const nowMs = clock.now();
      // Before it was made by this clock: how old it is cannot be told any more.
      if (nowMs >= expiresMs || nowMs < proposedMs) return true;
      const floorMs = nowMs + lostMs;
      const dueMs = dueOnFloor.get(id) ?? floorMs + (expiresMs - nowMs);
      dueOnFloor.set(id, dueMs);
      return floorMs >= dueMs;
    },
    forget: (id: string): void => void dueOnFloor.delete(id),
  };
}
