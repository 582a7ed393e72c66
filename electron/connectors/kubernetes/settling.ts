import type { SourceFact } from '../delivered.ts';
import { heldRaw } from '../held-raw.ts';
import { isTold, type ToldByEvent } from './told-by-event.ts';

/** An object and the Event about it come by two connections, in whichever order. */
const SETTLE_MS = 1_500;
const MOST_HELD = 20_000;
const MOST_TOLD = 2_500;
/** Of objects as they were sent: as much as waits while Events are not heard. */
const MOST_RAW_CHARACTERS = 4 * 1_048_576;

export type Settling = ReturnType<typeof settling>;

/**
 * Holds what objects show by themselves until the Event about it must have come, if there is one, and lets go what none has
 * told. INVARIANT: nothing is let go while Events are not heard, and nothing is dropped that no Event tells: of one change
 * exactly one of the two is passed on.
 */
export function settling(ports: {
  /** Whether everything that Events tell up to now has been heard. */
  hearsEvents(): boolean;
  onSettled(observations: SourceFact[]): void;
  settleMs?: number;
}) {
  const { hearsEvents, onSettled, settleMs = SETTLE_MS } = ports;
  let held: { observation: SourceFact; heldMs: number }[] = [];
  const raw = heldRaw(MOST_RAW_CHARACTERS);
  let told: ToldByEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  function release(): void {
    timer = undefined;
    const nowMs = performance.now();
    const isDue = ({ heldMs }: { heldMs: number }) => nowMs - heldMs >= settleMs;
    const overflow = held.length > MOST_HELD;
    if (hearsEvents() || overflow) {
      const due = held.filter(isDue).map(({ observation }) => observation);
      held = held.filter((one) => !isDue(one));
      for (const observation of due) raw.release(observation);
      const untold = due.filter((observation) => !isTold(observation, told));
      if (untold.length > 0) onSettled(untold);
    }
    arm();
  }
  function arm(): void {
    if (held.length > 0) timer ??= setTimeout(release, settleMs).unref();
  }

  return {
    hold(observations: readonly SourceFact[]): void {
      const heldMs = performance.now();
      for (const observation of observations) held.push({ observation: raw.hold(observation), heldMs });
      arm();
    },
    tell(by: readonly ToldByEvent[]): void {
      told.push(...by);
      if (told.length > 2 * MOST_TOLD) told = told.slice(-MOST_TOLD);
    },
    /** What waits, as far as no Event has told it yet. */
    waiting: (): SourceFact[] =>
      held.map(({ observation }) => ({ ...observation })).filter((observation) => !isTold(observation, told)),
    close(): void {
      clearTimeout(timer);
      timer = undefined;
      held = [];
    },
  };
}
