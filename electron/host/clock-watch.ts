import type { Ledger } from '../ledger/log.ts';
import type { ScaledClock } from '../platform/clock.ts';

/** Drift below this is put right in silence, as time services do all day. */
const WORTH_TELLING_MS = 2000;
const LOOK_EVERY_MS = 10_000;

type Ports = {
  time: ScaledClock;
  ledger: Ledger;
  /** The machine's own time, in milliseconds since the epoch. */
  machineMs?: () => number;
};

/**
 * The application's clock runs evenly; the machine's may be set, or stand still while the machine sleeps. Where the two
 * part, ours follows, and the jump stands on record: times before and after it do not compare.
 */
export function watchClock({ time, ledger, machineMs = Date.now }: Ports) {
  function look(): void {
    const ownMs = time.clock.now();
    const jumpMs = Math.round(machineMs() - ownMs);
    if (jumpMs === 0) return;
    time.set(ownMs + jumpMs);
    if (Math.abs(jumpMs) < WORTH_TELLING_MS || ledger.head().size === 0) return;
    ledger.record({
      kind: 'clock',
      actor: { kind: 'host', name: 'countersign' },
      body: { wasMs: ownMs, isMs: ownMs + jumpMs, jumpMs, because: sentenceOf(jumpMs) },
    });
  }

  // Not a task of the clock itself, whose next turn a jump would move.
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { look, close: () => clearInterval(timer) };
}

const sentenceOf = (jumpMs: number): string =>
  `The machine's clock went ${jumpMs > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(jumpMs) / 1000)} s: it was set, or the machine slept.`;
