import type { CaseFile } from '../../shared/formats/case.ts';
import { type Anomaly, anomaliesOf } from './anomalies.ts';
import type { Candidate } from './candidate.ts';
import { judgeChanges } from './changes.ts';
import { incidentOnset } from './onset.ts';
import { judgeServices } from './services.ts';
import { weights } from './weights.ts';

export type { Anomaly } from './anomalies.ts';

export type Explanation = {
  /** Estimated start of the trouble; null when nothing credible was found. */
  onsetMs: number | null;
  changes: Candidate[];
  services: Candidate[];
  /** How likely it is that the cause is not among the changes, 0..1. */
  novelty: number;
  anomalies: Anomaly[];
  /** How many of the first changes deserve reading. */
  worthReading: number;
};

/**
 * What could have caused the trouble in a case, with the arithmetic shown. Pure; every change and service of the input
 * stands in the answer, best first, and neither names nor positions count.
 */
export function explain(input: CaseFile): Explanation {
  const anomalies = anomaliesOf(input.metrics);
  const onsetMs = incidentOnset(anomalies);
  const services = judgeServices(input, anomalies, onsetMs);
  const changes = judgeChanges({ input, anomalies, services, onsetMs });
  const named = new Set(input.services.map(({ id }) => id));
  return {
    onsetMs,
    changes,
    services: [...services.values()]
      .filter(({ id }) => named.has(id))
      .map(({ id, score, factors, reasons }) => ({ id, score, factors, reasons }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
    novelty: noveltyOf(changes, onsetMs),
    anomalies,
    worthReading: worthReading(changes, onsetMs),
  };
}

/** A best score near 1 leaves little room for a cause we do not see. Not calibrated: it orders cases, no more. */
function noveltyOf(changes: readonly Candidate[], onsetMs: number | null): number {
  if (onsetMs === null) return changes.length === 0 ? 1 : 0.5;
  const best = changes[0]?.score ?? 0;
  return Math.min(1, Math.max(0, 1 - Math.sqrt(best)));
}

function worthReading(changes: readonly Candidate[], onsetMs: number | null): number {
  const best = changes[0]?.score ?? 0;
  if (onsetMs === null || best === 0) return 0;
  const { share, most, least } = weights.worthReading;
  const credible = changes.filter(({ score }) => score >= share * best).length;
  return Math.min(changes.length, most, Math.max(least, credible));
}
