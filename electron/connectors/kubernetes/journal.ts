import type { SourceFact } from '../delivered.ts';
import { heldRaw } from '../held-raw.ts';

/** Of objects as they were sent, for incidents that open later. */
const MOST_RAW_CHARACTERS = 8 * 1_048_576;

/** What objects showed in the last day, as it was watched: a later look at the cluster would no longer know what was before. */
export function journal({ keptMs, most }: { keptMs: number; most: number }) {
  const kept = new Map<string, SourceFact>();
  const raw = heldRaw(MOST_RAW_CHARACTERS);

  function forget(key: string): void {
    const fact = kept.get(key);
    if (fact) raw.release(fact);
    kept.delete(key);
  }

  return {
    add(observations: readonly SourceFact[], nowMs: number): void {
      for (const observation of observations) {
        forget(observation.key);
        kept.set(observation.key, raw.hold(observation));
      }
      for (const [key, { atMs }] of kept) {
        if (kept.size <= most && nowMs - atMs <= keptMs) break;
        forget(key);
      }
    },
    /** Copies: what is held of one may be let go before somebody has kept it. */
    all: (): SourceFact[] => [...kept.values()].map((fact) => ({ ...fact })),
  };
}
