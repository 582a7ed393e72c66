/**
 * Time as a port. Real incidents run on the machine's clock; a drill runs on a clock of its own that may be faster
 * (on the screen) or stepped (in the CLI and in tests), so that nothing else in the code knows the difference.
 */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` every `periodMs` of this clock, never overlapping itself. Returns a stop function. */
  every(periodMs: number, task: () => Promise<void>): () => void;
};

/** What to do when a periodic task throws: the task goes on, the error must be seen by someone. */
export type OnTaskError = (error: unknown) => void;

export type ScaledClock = {
  clock: Clock;
  /** At 0 it stands still: no periodic task begins until it runs again. */
  setSpeed(factor: number): void;
  speed(): number;
  /** Puts the clock to another time, at which tasks are due no earlier than before. It may go backwards. */
  set(toMs: number): void;
  /** Resolves when no task is under way; whoever closes what tasks use stops them first, then waits for this. */
  idle(): Promise<void>;
};

/**
 * A clock that starts at the machine's time and runs `speed` times as fast; the speed may change while it runs, and
 * time jumps only when it is set. Periods are of this clock, so a 15 s poll at speed 10 comes every 1.5 s.
 */
export function scaledClock(onError: OnTaskError, startMs = Date.now()): ScaledClock {
  let factor = 1;
  let anchorReal = performance.now();
  let anchorMs = startMs;
  const rearm = new Set<() => void>();
  const shifts = new Set<(byMs: number) => void>();
  const underWay = new Set<Promise<void>>();
  const now = () => anchorMs + (performance.now() - anchorReal) * factor;

  function every(periodMs: number, task: () => Promise<void>): () => void {
    let timer: NodeJS.Timeout | undefined;
    let running = false;
    let stopped = false;
    let dueMs = now() + periodMs;
    const arm = () => {
      clearTimeout(timer);
      if (stopped || running || factor === 0) return;
      timer = setTimeout(start, Math.max(0, (dueMs - now()) / factor));
    };
    function start() {
      const run = fire().finally(() => underWay.delete(run));
      underWay.add(run);
    }
    async function fire() {
      running = true;
      try {
        await task();
      } catch (error) {
        onError(error);
      }
      running = false;
      dueMs = Math.max(dueMs + periodMs, now());
      arm();
    }
    const shift = (byMs: number) => {
      dueMs += byMs;
      arm();
    };
    rearm.add(arm);
    shifts.add(shift);
    arm();
    return () => {
      stopped = true;
      clearTimeout(timer);
      rearm.delete(arm);
      shifts.delete(shift);
    };
  }

  return {
    clock: { now: () => Math.round(now()), every },
    speed: () => factor,
    idle: async () => void (await Promise.allSettled(underWay)),
    set(toMs) {
      const byMs = toMs - now();
      anchorMs = toMs;
      anchorReal = performance.now();
      for (const shift of shifts) shift(byMs);
    },
    setSpeed(next) {
      anchorMs = now();
      anchorReal = performance.now();
      factor = next;
      for (const arm of rearm) arm();
    },
  };
}

export type SteppedClock = { clock: Clock; advance(ms: number): Promise<void> };

/** A clock that moves only when told to, running every due task to its end in order of time: nothing is left to luck. */
export function steppedClock(onError: OnTaskError, startMs: number): SteppedClock {
  let nowMs = startMs;
  const tasks = new Set<{ dueMs: number; periodMs: number; task: () => Promise<void> }>();

  return {
    clock: {
      now: () => nowMs,
      every(periodMs, task) {
        const entry = { dueMs: nowMs + periodMs, periodMs, task };
        tasks.add(entry);
        return () => tasks.delete(entry);
      },
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = [...tasks].sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next || next.dueMs > untilMs) break;
        nowMs = next.dueMs;
        next.dueMs += next.periodMs;
        await next.task().catch(onError);
      }
      nowMs = untilMs;
    },
  };
}
