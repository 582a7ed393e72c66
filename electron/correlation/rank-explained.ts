import type { CaseFile } from '../../shared/formats/case.ts';
import { type Anomaly, anomalyOf } from './anomalies.ts';
import type { Candidate } from './candidate.ts';
import { type CaseSigns, caseSigns } from './case-signs.ts';
import { judgeChange } from './changes.ts';
import { posterior } from './posterior.ts';
import { weights } from './weights.ts';
import { worthReading } from './worth-reading.ts';

export type { Anomaly } from './anomalies.ts';
export type { Candidate, Factor } from './candidate.ts';

export type Explanation = {
  /** Estimated start of the trouble; null when nothing credible was found. */
  onsetMs: number | null;
  /** Within which it lies with nine in ten, where that can be told. */
  onsetRange?: { fromMs: number; toMs: number };
  changes: Candidate[];
  services: Candidate[];
  /** Probability that the cause is not among the changes, 0..1. */
  novelty: number;
  /** Every series that left its normal, the most telling first. */
  anomalies: Anomaly[];
  /** How many of the first changes deserve reading. */
  worthReading: number;
};

/**
 * What could have caused the trouble in a case, with the arithmetic shown. Pure. Every change and every service of the
 * input stands in the answer, best first. INVARIANT: neither the order of the input nor any name or id moves a score.
 */
export const explain = (input: CaseFile): Explanation => explainSigns(input, caseSigns(input));

/** The same from the signs of a case, null when it has none. */
export function explainSigns(input: CaseFile, signs: CaseSigns | null): Explanation {
  const services = servicesOf(input);
  if (!signs) return unexplained(input, services);
  const { findings, incidentMs, onsetRange } = signs.reading;
  const judged = signs.changes.map((change) => judgeChange(change, signs));
  const ranked = posterior(judged, services, signs);
  return {
    ...ranked,
    onsetMs: incidentMs,
    ...(onsetRange ? { onsetRange } : {}),
    anomalies: findings.toSorted((a, b) => b.severity - a.severity).map(anomalyOf),
    worthReading: worthReading(ranked.changes),
  };
}

/** The services of a case: those it lists, and those that are measured though it does not. */
function servicesOf({ services, metrics }: CaseFile): string[] {
  return [...new Set([...services.map(({ id }) => id), ...metrics.map(({ service }) => service)])].sort();
}

/** Without trouble nothing can be told apart: the newest change stands first, and no score pretends otherwise. */
function unexplained({ changes }: CaseFile, services: readonly string[]): Explanation {
  return {
    onsetMs: null,
    changes: changes
      .toSorted(
        (a, b) => Date.parse(b.at) - Date.parse(a.at) || compare(JSON.stringify(a), JSON.stringify(b)),
      )
      .map(({ id }) => ({ id, score: 0, factors: [], reasons: ['No trouble was found in the metrics'] })),
    services: services.map((id) => ({ id, score: 0, factors: [], reasons: ['It shows nothing unusual'] })),
    novelty: changes.length === 0 ? 1 : 1 - weights.causedByChange,
    anomalies: [],
    worthReading: 0,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
