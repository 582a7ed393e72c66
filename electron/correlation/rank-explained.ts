import type { CaseFile, CaseMetric } from '../../shared/formats/case.ts';
import { type Anomaly, anomalyOf, type Finding, findingsIn } from './anomalies.ts';
import type { Candidate } from './candidate.ts';
import { judgeChange } from './changes.ts';
import { type Contrast, type Part, partsOf } from './cohort.ts';
import { median } from './median.ts';
import { incidentOnset } from './onset.ts';
import { posterior } from './posterior.ts';
import { type Series, seriesOf } from './series.ts';
import { evidenceOf } from './services.ts';
import { weights } from './weights.ts';

export type { Anomaly } from './anomalies.ts';
export type { Candidate, Factor } from './candidate.ts';

export type Explanation = {
  /** Estimated start of the trouble; null when nothing credible was found. */
  onsetMs: number | null;
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
export function explain(input: CaseFile): Explanation {
  const all = input.metrics.toSorted(byContent).map(seriesOf);
  const services = servicesOf(input);
  const trouble = troubleIn(all);
  if (!trouble) return unexplained(input, services);
  const { findings, incidentMs } = trouble;
  const parts = partsOf(all, incidentMs);
  const evidence = evidenceOf({
    input,
    findings: findingsOfWholes(all, findings),
    contrasts: worstOf(parts),
    incidentMs,
  });
  const stepMs = median(findings.map(({ series }) => series.stepMs));
  const judged = input.changes.map((change) =>
    judgeChange(change, { services: evidence, parts, incidentMs, stepMs }),
  );
  const ranked = posterior(judged, services, evidence);
  return {
    ...ranked,
    onsetMs: incidentMs,
    anomalies: findings.toSorted((a, b) => b.severity - a.severity).map(anomalyOf),
    worthReading: worthReading(ranked.changes),
  };
}

/** The services of a case: those it lists, and those that are measured though it does not. */
function servicesOf({ services, metrics }: CaseFile): string[] {
  return [...new Set([...services.map(({ id }) => id), ...metrics.map(({ service }) => service)])].sort();
}

/** Twice over: what is normal is first taken from a fixed part of the data, then from all before the onset so found. */
function troubleIn(all: readonly Series[]): { findings: Finding[]; incidentMs: number } | null {
  const [fromMs, toMs] = extentOf(all);
  for (const share of weights.firstReference) {
    const referenceUntilMs = fromMs + share * (toMs - fromMs);
    const searchFromMs = fromMs + (share / 2) * (toMs - fromMs);
    const guessMs = incidentOnset(findingsIn(all, { referenceUntilMs, searchFromMs, isClean: false }));
    if (guessMs === null) continue;
    const findings = findingsIn(all, {
      referenceUntilMs: guessMs,
      searchFromMs: guessMs - weights.lookBackMs,
      isClean: true,
    });
    const incidentMs = incidentOnset(findings);
    if (incidentMs !== null) return { findings, incidentMs };
  }
  return null;
}

function extentOf(all: readonly Series[]): [fromMs: number, toMs: number] {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { atMs } of all) {
    fromMs = Math.min(fromMs, atMs[0] ?? fromMs);
    toMs = Math.max(toMs, atMs.at(-1) ?? toMs);
  }
  return [fromMs, toMs];
}

/** A service is judged as a whole where it is measured as one; its versions and pods speak only by comparison. */
function findingsOfWholes(all: readonly Series[], findings: readonly Finding[]): Finding[] {
  const keyOf = ({ metric: { service, kind } }: Series) => JSON.stringify([service, kind]);
  const whole = new Set(all.filter(isWhole).map(keyOf));
  return findings.filter(({ series }) => isWhole(series) || !whole.has(keyOf(series)));
}

const isWhole = ({ metric: { labels } }: Series): boolean => Object.keys(labels ?? {}).length === 0;

function worstOf(parts: ReadonlyMap<string, readonly Part[]>): Map<string, Contrast> {
  const worst = new Map<string, Contrast>();
  for (const part of [...parts.values()].flat()) {
    if (part.verdict !== 'bad') continue;
    const { contrast } = part;
    if (contrast.severity > (worst.get(contrast.service)?.severity ?? 0))
      worst.set(contrast.service, contrast);
  }
  return worst;
}

function worthReading(changes: readonly Candidate[]): number {
  const { share, least, most } = weights.worthReading;
  const best = changes[0]?.score ?? 0;
  const credible = changes.filter(({ score }) => score >= share * best).length;
  return Math.min(changes.length, most, Math.max(least, credible));
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

/** Any order will do, as long as it is the same for the same series: sums and ties then come out the same. */
function byContent(a: CaseMetric, b: CaseMetric): number {
  return (
    compare(a.service, b.service) ||
    compare(a.name, b.name) ||
    compare(labelsOf(a), labelsOf(b)) ||
    compare(a.from, b.from) ||
    compare(JSON.stringify(a.values), JSON.stringify(b.values))
  );
}

const labelsOf = ({ labels }: CaseMetric): string => JSON.stringify(Object.entries(labels ?? {}).sort());
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
