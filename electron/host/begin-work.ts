import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Pause } from '../platform/pause.ts';

/** So often sources of metrics that all keep silent are asked before the analyst reads without them. */
const MOST_RANKINGS = 3;
/** One that answers nothing in time is busy; one that refuses at once may be starting. */
const PAUSE_MS = 5_000;

/**
 * From an open incident to the analyst's first word: gather, rank, read. `rank` answers whether anything was measured:
 * without that nothing stands out, and the analyst would hand to humans what is plain a moment later. Ends early once the
 * signal aborts.
 */
export async function beginWork(
  incident: Incident,
  work: {
    gather(incident: Incident): Promise<void>;
    rank(incident: Incident): Promise<boolean>;
    read(incident: Incident): Promise<void>;
    pause: Pause;
  },
  signal: AbortSignal,
): Promise<void> {
  await work.gather(incident);
  for (let times = 1; !signal.aborted; times += 1) {
    if ((await work.rank(incident)) || times === MOST_RANKINGS) break;
    await work.pause(PAUSE_MS, signal);
  }
  if (!signal.aborted) await work.read(incident);
}
