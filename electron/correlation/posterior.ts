import { anomalyOf } from './anomalies.ts';
import type { Candidate, Factor } from './candidate.ts';
import type { JudgedChange } from './changes.ts';
import { sumOf } from './median.ts';
import type { ServiceEvidence } from './services.ts';
import { weights } from './weights.ts';

/** The probabilities that stand as scores, and what is left for no change at all. */
export type Posterior = { changes: Candidate[]; services: Candidate[]; novelty: number };

/**
 * Bayes over two sorts of hypotheses that share the evidence: "this change did it", and "no change did, the trouble
 * started in this service by itself", whose onset may be at any time. Prior times likelihood, over the sum of all. A
 * service's score is that of both sorts together; novelty is the whole second sort.
 */
export function posterior(
  judged: readonly JudgedChange[],
  services: readonly string[],
  evidence: ReadonlyMap<string, ServiceEvidence>,
): Posterior {
  const eachChange = judged.length === 0 ? 0 : weights.causedByChange / judged.length;
  const eachService = (1 - weights.causedByChange) / Math.max(1, services.length);
  const byItself = new Map(services.map((id) => [id, eachService * (evidence.get(id)?.likelihood ?? 1)]));
  const noChange = sumOf(byItself.values());
  const total = sumOf(judged.map(({ likelihood }) => eachChange * likelihood)) + noChange;
  const scoreOf = (mass: number): number => (total > 0 ? rounded(mass / total) : 0);

  const changes = judged
    .map((one) => ({ ...one, score: scoreOf(eachChange * one.likelihood) }))
    .sort((a, b) => b.score - a.score || byContent(a, b))
    .map(({ change, score, factors, reasons }) => ({ id: change.id, score, factors, reasons }));
  const changesAt = Map.groupBy(judged, ({ change }) => change.service);
  const ranked = services
    .map((id) => {
      const changed = sumOf((changesAt.get(id) ?? []).map(({ likelihood }) => eachChange * likelihood));
      return serviceCandidate(id, evidence.get(id), scoreOf(changed + (byItself.get(id) ?? 0)));
    })
    .sort((a, b) => b.score - a.score || compare(a.id, b.id));
  return { changes, services: ranked, novelty: total > 0 ? scoreOf(noChange) : 1 };
}

function serviceCandidate(id: string, evidence: ServiceEvidence | undefined, score: number): Candidate {
  if (!evidence?.hasMetrics) return { id, score, factors: [], reasons: [`Nothing is measured of ${id}`] };
  const { deviation, ownExcess, explained, symptoms, contrast } = evidence;
  const factors: Factor[] = [
    {
      name: 'deviation',
      value: deviation,
      sentence: deviation < 0.1 ? 'It shows nothing unusual' : `It is ${percent(deviation)} out of order`,
    },
    {
      name: 'own excess',
      value: ownExcess,
      sentence:
        explained.by === null
          ? 'No service that it calls explains it'
          : `${explained.by}, which it calls, explains up to ${percent(explained.share)} of it`,
    },
  ];
  const worst = [...symptoms.values()].sort((a, b) => b.severity - a.severity).slice(0, 2);
  const reasons = worst.map((finding) => anomalyOf(finding).sentence);
  if (contrast) reasons.unshift(`Only its ${contrast.label} ${contrast.value} is bad`);
  return {
    id,
    score,
    factors,
    reasons:
      reasons.length > 0
        ? [...reasons, ...factors.slice(1).map(({ sentence }) => sentence)]
        : ['It shows nothing unusual'],
  };
}

/** Of equals the newer first; the rest only makes the order certain. */
const byContent = ({ change: a }: JudgedChange, { change: b }: JudgedChange): number =>
  Date.parse(b.at) - Date.parse(a.at) || compare(a.id, b.id) || compare(JSON.stringify(a), JSON.stringify(b));

/** Fine enough for every difference that means something, coarse enough to hide the last bits of floating point. */
const rounded = (probability: number): number => Math.round(Math.min(1, probability) * 1e9) / 1e9;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
