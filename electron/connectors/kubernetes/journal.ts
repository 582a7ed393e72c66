import type { Observation } from '../../../shared/vocabulary/event.ts';

/** What objects showed in the last day, as it was watched: a later look at the cluster would no longer know what was before. */
export function journal({ keptMs, most }: { keptMs: number; most: number }) {
  const kept = new Map<string, Observation>();
  return {
    add(observations: readonly Observation[], nowMs: number): void {
      for (const observation of observations) kept.set(observation.key, observation);
      for (const [key, { atMs }] of kept) {
        if (kept.size <= most && nowMs - atMs <= keptMs) break;
        kept.delete(key);
      }
    },
    all: (): Observation[] => [...kept.values()],
  };
}
