import type { CaseChange } from '../../shared/formats/case.ts';
import type { Candidate, Factor } from './candidate.ts';
import type { Part } from './cohort.ts';
import { lagDensity } from './lag.ts';
import type { ServiceEvidence } from './services.ts';
import { weights } from './weights.ts';

export type Known = {
  services: ReadonlyMap<string, ServiceEvidence>;
  parts: ReadonlyMap<string, readonly Part[]>;
  incidentMs: number;
  /** How uncertain an onset is: the coarsest step that matters. */
  stepMs: number;
};

/** How likely what is seen would be if this change had caused it, relative to one on a quiet service; with the arithmetic. */
export type JudgedChange = { change: CaseChange; likelihood: number; factors: Factor[]; reasons: string[] };

export function judgeChange(change: CaseChange, known: Known): JudgedChange {
  const evidence = known.services.get(change.service);
  const cohort = cohortFactor(change, known.parts.get(change.service) ?? []);
  const factors = [
    cohort,
    place(change, evidence),
    delay(change, evidence, known),
    likeness(change, evidence),
    prior(change),
  ];
  return {
    change,
    likelihood: factors.reduce((product, { value }) => product * value, 1),
    factors,
    reasons: factors.filter(isTelling).map(({ sentence }) => sentence),
  };
}

function place({ service }: CaseChange, evidence: ServiceEvidence | undefined): Factor {
  const value = evidence?.likelihood ?? 1;
  return { name: 'place', value, sentence: placeSentence(service, evidence) };
}

function placeSentence(service: string, evidence: ServiceEvidence | undefined): string {
  if (!evidence?.hasMetrics) return `Nothing is measured of ${service}`;
  const { deviation, ownExcess, explained } = evidence;
  if (deviation < 0.1) return `${service} itself shows nothing unusual`;
  if (explained.share > 0.5 && ownExcess < 0.6 * deviation)
    return `${service} suffers mostly from ${explained.by}`;
  return `${service} is out of order by itself`;
}

/** Before the trouble of its own service where that shows any, else before the incident's; after it is exculpatory. */
function delay(change: CaseChange, evidence: ServiceEvidence | undefined, known: Known): Factor {
  const ownMs =
    evidence !== undefined && evidence.ownExcess >= weights.change.ownOnsetFrom ? evidence.onsetMs : null;
  const leadMs = (ownMs ?? known.incidentMs) - Date.parse(change.at);
  const value = lagDensity(leadMs, known.stepMs + weights.lag.sureMs);
  const of = ownMs === null ? 'the trouble' : `the trouble of ${change.service}`;
  const sentence =
    Math.abs(leadMs) <= known.stepMs / 2
      ? `It coincides with the onset of ${of}`
      : leadMs > 0
        ? `It came ${duration(leadMs)} before ${of}`
        : `It came ${duration(-leadMs)} after ${of} had begun`;
  return { name: 'delay', value, sentence };
}

function likeness({ kind }: CaseChange, evidence: ServiceEvidence | undefined): Factor {
  const fits = weights.change.fit[kind];
  const symptoms = [...(evidence?.symptoms ?? [])].filter(([, { severity }]) => severity >= 0.1);
  const value = symptoms.length === 0 ? 1 : Math.max(...symptoms.map(([symptom]) => fits[symptom]));
  const sentence =
    value < 1 ? `A ${kind} change seldom shows like this` : `A ${kind} change can show like this`;
  return { name: 'fit', value, sentence };
}

function cohortFactor(change: CaseChange, parts: readonly Part[]): Factor {
  const { alone, cleared, elsewhere } = weights.cohort;
  const own = parts.find(({ label, value }) => change.labels?.[label] === value);
  const bad = parts.find((part) => part.verdict === 'bad');
  const factor = (value: number, sentence: string) => ({ name: 'cohort', value, sentence });
  if (own?.verdict === 'bad') {
    const { metric, own: mine, rest } = own.contrast;
    return factor(
      1 + alone * own.contrast.severity,
      `Only ${own.label} ${own.value} is bad: ${metric} ${figure(mine)} beside ${figure(rest)} of the rest`,
    );
  }
  if (own?.verdict === 'cleared')
    return factor(cleared, `${own.label} ${own.value} is no worse than the rest of ${change.service}`);
  if (bad && own) return factor(elsewhere, `What is bad is ${bad.label} ${bad.value}, not this`);
  if (bad && introduces(change, bad))
    return factor(
      1 + alone * bad.contrast.severity,
      `${bad.label} ${bad.value}, first seen with it, alone is bad`,
    );
  if (bad) return factor(elsewhere, `What is bad is ${bad.label} ${bad.value}, which is not this change`);
  return factor(1, 'There is nothing to compare it with');
}

/** An unlabelled deployment just before a version first answered requests is taken for the one that brought it. */
function introduces({ kind, at, labels }: CaseChange, { label, firstSeenMs }: Part): boolean {
  const leadMs = firstSeenMs - Date.parse(at);
  return (
    kind === 'deploy' &&
    labels?.[label] === undefined &&
    leadMs >= -weights.cohort.introducedMs / 5 &&
    leadMs <= weights.cohort.introducedMs
  );
}

function prior({ kind }: CaseChange): Factor {
  const value = weights.change.prior[kind];
  return {
    name: 'prior',
    value,
    sentence: `Changes of kind ${kind} ${value < 1 ? 'seldom' : 'often'} cause incidents`,
  };
}

const isTelling = ({ name, value }: Factor): boolean =>
  name === 'place' || name === 'delay' || ((name === 'cohort' || name === 'fit') && value !== 1);

export const candidateOf = ({ change, factors, reasons }: JudgedChange, score: number): Candidate => ({
  id: change.id,
  score,
  factors,
  reasons,
});

const duration = (ms: number): string =>
  ms < 90_000
    ? `${Math.round(ms / 1000)} s`
    : ms < 5_400_000
      ? `${Math.round(ms / 60_000)} min`
      : `${Math.round(ms / 360_000) / 10} h`;
const figure = (value: number): string => String(Number(value.toPrecision(3)));
