import type { Finding } from './anomalies.ts';
import { weights } from './weights.ts';

/**
 * When the incident began: within the stretch of time in which most severity set in, the first onset that is not faint.
 * A stray series from long before does not date it. Null without findings.
 */
export function incidentOnset(findings: readonly Finding[]): number | null {
  const felt = findings.filter(({ symptom }) => symptom === 'latency' || symptom === 'errors');
  const sorted = [...(felt.length > 0 ? felt : findings)].sort(
    (a, b) => a.deviation.onsetMs - b.deviation.onsetMs,
  );
  const heaviest = heaviestCluster(sorted);
  const worst = heaviest.reduce((most, { severity }) => Math.max(most, severity), 0);
  const first = heaviest.find(({ severity }) => severity >= weights.clusterShare * worst);
  return first?.deviation.onsetMs ?? null;
}

/** The findings that set in within one cluster's time, from the start that gathers the most severity. */
function heaviestCluster(sorted: readonly Finding[]): Finding[] {
  const spanMs = Math.max(
    weights.clusterMs,
    weights.clusterSteps * Math.min(...sorted.map(({ series }) => series.stepMs)),
  );
  let best: { weight: number; from: number; to: number } = { weight: 0, from: 0, to: 0 };
  for (let from = 0, to = 0, weight = 0; from < sorted.length; from += 1) {
    const startMs = sorted[from]?.deviation.onsetMs ?? 0;
    for (; to < sorted.length && (sorted[to]?.deviation.onsetMs ?? 0) <= startMs + spanMs; to += 1)
      weight += (sorted[to]?.severity ?? 0) ** 2;
    if (weight > best.weight * 1.0001) best = { weight, from, to };
    weight -= (sorted[from]?.severity ?? 0) ** 2;
  }
  return sorted.slice(best.from, best.to);
}
