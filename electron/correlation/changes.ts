import type { CaseChange, CaseFile } from '../../shared/formats/case.ts';
import type { Anomaly } from './anomalies.ts';
import type { Candidate, Factor } from './candidate.ts';
import { cohortFactor } from './cohort.ts';
import type { JudgedService } from './services.ts';
import { weights } from './weights.ts';

type Known = {
  input: CaseFile;
  anomalies: readonly Anomaly[];
  services: ReadonlyMap<string, JudgedService>;
  onsetMs: number | null;
};

/** Every change with its score: the product of its factors, each raised to its weight. Best first. */
export function judgeChanges(known: Known): Candidate[] {
  const { input, services } = known;
  const best = Math.max(0, ...[...services.values()].map(({ score }) => score));
  const atOf = new Map(input.changes.map(({ id, at }) => [id, Date.parse(at)]));
  return input.changes
    .map((change) => judge(change, known, best))
    .sort(
      (a, b) => b.score - a.score || (atOf.get(b.id) ?? 0) - (atOf.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1),
    );
}

function judge(change: CaseChange, known: Known, best: number): Candidate {
  if (known.onsetMs === null)
    return {
      id: change.id,
      score: 0,
      factors: [],
      reasons: ['No trouble was found in the metrics to explain'],
    };
  const service = known.services.get(change.service);
  const { exponent } = weights;
  const weighed: [Factor, number][] = [
    [precedence(change, service, known.onsetMs), exponent.precedence],
    [place(change, service, known, best), exponent.place],
    [fit(change, service), exponent.fit],
    [cohortFactor(change, known.input.metrics), exponent.cohort],
    [prior(change), exponent.prior],
  ];
  const factors = weighed.map(([factor]) => factor);
  const score = weighed.reduce((product, [{ value }, power]) => product * value ** power, 1);
  return { id: change.id, score: Math.min(1, Math.max(0, score)), factors, reasons: reasonsOf(factors) };
}

/** Before the trouble of its own service where that shows any, else before the incident's; after it is exculpatory. */
function precedence(change: CaseChange, service: JudgedService | undefined, incidentMs: number): Factor {
  const onsetMs = service?.onsetMs ?? incidentMs;
  const leadMs = onsetMs - Date.parse(change.at);
  if (leadMs < -weights.onsetToleranceMs) {
    return {
      name: 'precedence',
      value: weights.afterOnset,
      sentence: `It came ${minutes(-leadMs)} after the trouble had begun`,
    };
  }
  const value = lagLikelihood(Math.max(0, leadMs));
  const sentence =
    leadMs <= 0 ? 'It coincides with the onset' : `It came ${minutes(leadMs)} before the onset`;
  return { name: 'precedence', value, sentence };
}

/** Density of the delay relative to its peak, heavy-tailed: a quick lag is likely, a long one never impossible. */
function lagLikelihood(lagMs: number): number {
  const { fast, slow, flatMs } = weights.lag;
  const density = (share: number, meanMs: number) => (share / meanMs) * Math.exp(-lagMs / meanMs);
  const flat = (1 - fast.share - slow.share) / flatMs;
  const peak = fast.share / fast.meanMs + slow.share / slow.meanMs + flat;
  return (density(fast.share, fast.meanMs) + density(slow.share, slow.meanMs) + flat) / peak;
}

function place(
  change: CaseChange,
  service: JudgedService | undefined,
  { input, services }: Known,
  best: number,
): Factor {
  const own = service && best > 0 ? service.score / best : 0;
  const near =
    change.kind === 'infrastructure' || change.kind === 'traffic'
      ? worstNeighbour(change.service, input, services, best)
      : 0;
  const value = Math.max(own, near * 0.5, weights.quietService);
  const sentence =
    own > 0.6
      ? `${change.service} is where the trouble is its own`
      : own > 0.1
        ? `${change.service} is out of order, others more so`
        : `${change.service} itself shows little unusual`;
  return { name: 'place', value, sentence };
}

function worstNeighbour(
  id: string,
  { calls = [] }: CaseFile,
  services: Known['services'],
  best: number,
): number {
  const neighbours = calls
    .filter(({ from, to }) => from === id || to === id)
    .map(({ from, to }) => (from === id ? to : from));
  return best === 0 ? 0 : Math.max(0, ...neighbours.map((other) => (services.get(other)?.score ?? 0) / best));
}

function fit({ kind }: CaseChange, service: JudgedService | undefined): Factor {
  const table: Partial<Record<string, number>> = weights.fit[kind];
  const fits = [...(service?.kinds ?? [])].map((symptom) => table[symptom] ?? 1);
  const value = fits.length === 0 ? 1 : Math.max(...fits);
  return {
    name: 'fit',
    value,
    sentence: value < 1 ? `A ${kind} change rarely does this alone` : `A ${kind} change can do this`,
  };
}

const prior = ({ kind }: CaseChange): Factor => ({
  name: 'prior',
  value: weights.prior[kind],
  sentence: `Changes of kind ${kind} cause ${weights.prior[kind] >= 0.8 ? 'many' : 'few'} incidents`,
});

/** The telling ones: what is far from neutral, strongest statement first; what every change of its kind shares is left out. */
function reasonsOf(factors: readonly Factor[]): string[] {
  return factors
    .filter(
      ({ name, value }) =>
        name !== 'prior' &&
        (name !== 'fit' || value < 1) &&
        (name !== 'cohort' || value !== weights.noCohort),
    )
    .map(({ sentence }) => sentence);
}

const minutes = (ms: number) => `${Math.round(ms / 6_000) / 10} min`;
