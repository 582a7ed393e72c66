import type { Anomaly } from './anomalies.ts';

/** A point nearer to normal than this ends the walk back to where a deviation began. */
const STILL_AWAY = 2.5;
/** So many points near normal in a row are normal; fewer are noise within the trouble. */
const NORMAL_AGAIN = 2;
/** Onsets within this of each other belong to one incident. */
const CLUSTER_MS = 10 * 60_000;

/** The first point of the run of deviating points that reaches into `at`, walking back from there. */
export function onsetIndex(scores: readonly (number | null)[], at: number, sign: number): number {
  let first = at;
  let normal = 0;
  for (let index = at; index >= 0 && normal < NORMAL_AGAIN; index -= 1) {
    const score = scores[index];
    if (score === null || score === undefined) continue;
    if (score * sign >= STILL_AWAY) {
      first = index;
      normal = 0;
    } else {
      normal += 1;
    }
  }
  return first;
}

/**
 * When the incident began: the first onset of the heaviest cluster of onsets, so that one stray series from long before
 * does not date it. Null without anomalies.
 */
export function incidentOnset(anomalies: readonly Anomaly[]): number | null {
  const sorted = [...anomalies].sort((a, b) => a.onsetMs - b.onsetMs);
  let best: { onsetMs: number; weight: number } | null = null;
  for (const { onsetMs } of sorted) {
    const weight = sorted
      .filter((other) => other.onsetMs >= onsetMs && other.onsetMs < onsetMs + CLUSTER_MS)
      .reduce((sum, { strength }) => sum + Math.log1p(strength), 0);
    if (!best || weight > best.weight * 1.001) best = { onsetMs, weight };
  }
  return best?.onsetMs ?? null;
}
