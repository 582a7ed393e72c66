import { messageOf } from '../platform/failure.ts';
import { pause as onTimers, type Pause } from '../platform/pause.ts';
import type { SourceState } from './source.ts';

const LONGEST_PAUSE_MS = 30_000;

/**
 * Asks again and again a system that tells nobody of what happens, less often while it fails, until the signal ends it; says
 * each time whether it answers.
 */
export async function pollChanges(
  poll: () => Promise<void>,
  {
    everyMs,
    onState,
    signal,
    pause = onTimers,
  }: {
    everyMs: number;
    onState(state: SourceState): void;
    signal: AbortSignal;
    pause?: Pause | undefined;
  },
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await poll();
      if (!signal.aborted) onState({ up: true });
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onState({ up: false, because: messageOf(error) });
    }
    const waitMs = Math.min(LONGEST_PAUSE_MS, everyMs * 2 ** Math.min(failures, 10));
    await pause(waitMs, signal);
  }
}
