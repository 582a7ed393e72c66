import type { CaseFile } from '../../shared/formats/case.ts';
import { type Anomaly, anomalyOf, type Finding, findingsIn } from './anomalies.ts';
import type { Candidate, Factor } from './candidate.ts';
import { candidateOf, type JudgedChange, judgeChange } from './changes.ts';
import { type Contrast, partsOf } from './cohort.ts';
import { sumOf } from './median.ts';
import { incidentOnset } from './onset.ts';
import { type Series, seriesOf } from './series.ts';
import { evidenceOf, type ServiceEvidence } from './services.ts';
import { weights } from './weights.ts';

export type { Anomaly } from './anomalies.ts';
export type { Candidate, Factor } from './candidate.ts';

export type Explanation = {
  onsetMs: number | null;
  changes: Candidate[];
  services: Candidate[];
  novelty: number;
  anomalies: Anomaly[];
  worthReading: number;
};

export function explain(input: CaseFile): Explanation {
  const all = input.metrics.map(seriesOf);
  const trouble = troubleIn(all);
  if (!trouble) return unexplained(input);
  const { findings, incidentMs } = trouble;
  const parts = partsOf(all, incidentMs);
  const contrasts = worstContrasts(parts);
  const whole = wholesOf(all);
  const services = evidenceOf({
    input,
    findings: findings.filter(({ series }) => isWhole(series) || !whole.has(keyOf(series))),
    contrasts,
    incidentMs,
  });
  const stepMs = Math.max(60_000, ...all.slice(0, 1).map(({ stepMs }) => stepMs));
  const judged = input.changes.map((change) => judgeChange(change, { services, parts, incidentMs, stepMs }));
  return weigh(input, judged, services, { incidentMs, findings });
}

/** Whatever is out of order, and when that began; null when nothing credible is. */
function troubleIn(all: readonly Series[]): { findings: Finding[]; incidentMs: number } | null {
  const times = all.flatMap(({ atMs }) => (atMs.length === 0 ? [] : [atMs[0] ?? 0, atMs.at(-1) ?? 0]));
  const fromMs = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const toMs = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  for (const share of weights.firstReference) {
    const referenceUntilMs = fromMs + share * (toMs - fromMs);
    const guess = incidentOnset(
      findingsIn(all, {
        referenceUntilMs,
        searchFromMs: fromMs + (share / 2) * (toMs - fromMs),
        isClean: false,
      }),
    );
    if (guess === null) continue;
    const findings = findingsIn(all, {
      referenceUntilMs: guess,
      searchFromMs: guess - weights.lookBackMs,
      isClean: true,
    });
    const incidentMs = incidentOnset(findings);
    if (incidentMs !== null) return { findings, incidentMs };
  }
  return null;
}

const isWhole = ({ metric: { labels } }: Series): boolean => Object.keys(labels ?? {}).length === 0;
const keyOf = ({ metric: { service, kind } }: Series): string => JSON.stringify([service, kind]);
const wholesOf = (all: readonly Series[]): Set<string> => new Set(all.filter(isWhole).map(keyOf));

function worstContrasts(parts: ReturnType<typeof partsOf>): Map<string, Contrast> {
  const worst = new Map<string, Contrast>();
  for (const [service, ofService] of parts)
    for (const part of ofService)
      if (part.verdict === 'bad' && part.contrast.severity > (worst.get(service)?.severity ?? 0))
        worst.set(service, part.contrast);
  return worst;
}

/**
 * The posterior over "this change did it" and "none did, the trouble started at this service by itself": prior times
 * likelihood, over the sum. What is left for the latter is the novelty.
 */
function weigh(
  input: CaseFile,
  judged: readonly JudgedChange[],
  services: ReadonlyMap<string, ServiceEvidence>,
  { incidentMs, findings }: { incidentMs: number; findings: readonly Finding[] },
): Explanation {
  const byChange = weights.causedByChange / Math.max(1, judged.length);
  const named = [
    ...new Set([...input.services.map(({ id }) => id), ...input.metrics.map(({ service }) => service)]),
  ];
  const byItself = (1 - weights.causedByChange) / Math.max(1, named.length);
  const likelihoodOf = (id: string) => services.get(id)?.likelihood ?? 1;
  const total =
    sumOf(judged.map(({ likelihood }) => byChange * likelihood)) +
    sumOf(named.map((id) => byItself * likelihoodOf(id)));
  const changes = judged
    .map((one) => ({ one, score: rounded((byChange * one.likelihood) / total) }))
    .sort((a, b) => b.score - a.score || byContent(a.one, b.one))
    .map(({ one, score }) => candidateOf(one, score));
  const novelty = rounded(sumOf(named.map((id) => byItself * likelihoodOf(id))) / total);
  const changesAt = Map.groupBy(judged, ({ change }) => change.service);
  const ranked = named
    .map((id) => {
      const own = sumOf((changesAt.get(id) ?? []).map(({ likelihood }) => byChange * likelihood));
      return serviceCandidate(id, services.get(id), rounded((own + byItself * likelihoodOf(id)) / total));
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return {
    onsetMs: incidentMs,
    changes,
    services: ranked,
    novelty,
    anomalies: findings
      .map((finding) => ({ anomaly: anomalyOf(finding), severity: finding.severity }))
      .sort((a, b) => b.severity - a.severity || (a.anomaly.sentence < b.anomaly.sentence ? -1 : 1))
      .map(({ anomaly }) => anomaly),
    worthReading: worthReading(changes),
  };
}

const byContent = (a: JudgedChange, b: JudgedChange): number =>
  Date.parse(b.change.at) - Date.parse(a.change.at) || (a.change.id < b.change.id ? -1 : 1);

const rounded = (score: number): number => Math.round(Math.min(1, Math.max(0, score)) * 1e9) / 1e9;

function serviceCandidate(id: string, evidence: ServiceEvidence | undefined, score: number): Candidate {
  const symptoms = [...(evidence?.symptoms.values() ?? [])].sort((a, b) => b.severity - a.severity);
  const factors: Factor[] = [
    { name: 'deviation', value: evidence?.deviation ?? 0, sentence: 'How far it is out of order' },
    { name: 'own excess', value: evidence?.ownExcess ?? 0, sentence: 'What of that no callee explains' },
  ];
  return { id, score, factors, reasons: symptoms.slice(0, 2).map((finding) => anomalyOf(finding).sentence) };
}

function worthReading(changes: readonly Candidate[]): number {
  const { share, least, most } = weights.worthReading;
  const best = changes[0]?.score ?? 0;
  const credible = changes.filter(({ score }) => score >= share * best).length;
  return Math.min(changes.length, most, Math.max(least, credible));
}

function unexplained(input: CaseFile): Explanation {
  const ids = [
    ...new Set([...input.services.map(({ id }) => id), ...input.metrics.map(({ service }) => service)]),
  ];
  return {
    onsetMs: null,
    changes: [...input.changes]
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1))
      .map(({ id }) => ({ id, score: 0, factors: [], reasons: ['No trouble was found in the metrics'] })),
    services: ids.sort().map((id) => ({ id, score: 0, factors: [], reasons: ['It shows nothing unusual'] })),
    novelty: input.changes.length === 0 ? 1 : 1 - weights.causedByChange,
    anomalies: [],
    worthReading: 0,
  };
}
