import type { Clock } from '../platform/clock.ts';

/** How often it is looked whether the person is still there. */
const LOOK_EVERY_MS = 5_000;

type Ports = {
  clock: Clock;
  /** A clock that never goes back, but may stand still while the machine sleeps. */
  steadyMs(): number;
  /** How long nothing may come from the person. */
  afterMs(): number;
  lock(): void;
};

/**
 * Locks when nothing came from the person for a time. Both clocks count: the steady one, so that a clock put back does
 * not keep it open, and that of the wall, so that a machine that slept wakes up locked.
 */
export function idleLock({ clock, steadyMs, afterMs, lock }: Ports) {
  let last = { wall: clock.now(), steady: steadyMs() };
  const stop = clock.every(LOOK_EVERY_MS, async () => {
    const idleMs = Math.max(clock.now() - last.wall, steadyMs() - last.steady);
    if (idleMs >= afterMs()) lock();
  });
  return {
    /** Something came from the person. */
    touch(): void {
      last = { wall: clock.now(), steady: steadyMs() };
    },
    close: stop,
  };
}
