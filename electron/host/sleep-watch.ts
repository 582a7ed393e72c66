import type { Window } from '../connectors/source.ts';

const LOOK_EVERY_MS = 5_000;
/** A machine under load is late by less. */
const WORTH_TELLING_MS = 30_000;

/**
 * Notices that the machine slept, or that the process was held: a timer of seconds then comes minutes late by the clock of
 * the wall. The steady clock would not do, for on some systems it runs on through a sleep.
 */
export function watchSleep({
  onWake,
  machineMs = Date.now,
}: {
  /** Told when nothing ran. */
  onWake(slept: Window): void;
  /** The machine's own time, in milliseconds since the epoch. */
  machineMs?: () => number;
}) {
  let awakeMs = machineMs();
  function look(): void {
    const fromMs = awakeMs;
    awakeMs = machineMs();
    if (awakeMs - fromMs - LOOK_EVERY_MS >= WORTH_TELLING_MS) onWake({ fromMs, toMs: awakeMs });
  }
  /** For whoever knows that the machine slept, however briefly. What the timer has seen already is not told again. */
  function woke(): void {
    const fromMs = awakeMs;
    awakeMs = machineMs();
    if (awakeMs - fromMs > LOOK_EVERY_MS) onWake({ fromMs, toMs: awakeMs });
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { look, woke, close: () => clearInterval(timer) };
}
