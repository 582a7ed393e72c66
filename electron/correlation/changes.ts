import type { CaseChange } from '../../shared/formats/case.ts';
import type { Factor } from './candidate.ts';
import type { BadPart, Part } from './cohort.ts';
import { lagDensity } from './lag.ts';
import type { ServiceEvidence } from './services.ts';
import { weights } from './weights.ts';

export type Known = {
  services: ReadonlyMap<string, ServiceEvidence>;
  parts: ReadonlyMap<string, readonly Part[]>;
  incidentMs: number;
  /** The step of the series that date the incident: an onset is not known better. */
  stepMs: number;
};

/** A change with how likely what is seen would be had it been the cause, and the arithmetic of that. */
export type JudgedChange = { change: CaseChange; likelihood: number; factors: Factor[]; reasons: string[] };

/** A likelihood ratio: 1 is neutral. Those of one change multiply. */
type Ratio = { name: string; ratio: number; sentence: string };

export function judgeChange(change: CaseChange, known: Known): JudgedChange {
  const evidence = known.services.get(change.service);
  const ratios = [
    cohort(change, known.parts.get(change.service) ?? []),
    place(change, evidence),
    delay(change, evidence, known),
    likeness(change, evidence),
    prior(change),
  ];
  const factors = ratios.map(({ name, ratio, sentence }) => ({ name, value: ratio / (1 + ratio), sentence }));
  const telling = factors.filter(isTelling);
  return {
    change,
    likelihood: ratios.reduce((product, { ratio }) => product * ratio, 1),
    factors,
    reasons: (telling.length > 0 ? telling : factors.slice(1, 3)).map(({ sentence }) => sentence),
  };
}

const isTelling = ({ name, value }: Factor): boolean =>
  name !== 'prior' && (value >= weights.change.speaksFor || value < weights.change.speaksAgainst);

/** Whether only what the change brought is bad: the strongest evidence there is, in both directions. */
function cohort(change: CaseChange, parts: readonly Part[]): Ratio {
  const { alone, cleared, elsewhere } = weights.cohort;
  const ratio = (ratio: number, sentence: string): Ratio => ({ name: 'cohort', ratio, sentence });
  const own = parts.filter(({ label, value }) => change.labels?.[label] === value);
  const worst = worstOf(parts);
  const mine = worstOf(own) ?? (worst && introduces(change, worst) ? worst : undefined);
  if (mine) {
    const { metric, own: here, rest, severity } = mine.contrast;
    const part = `${mine.label} ${mine.value}`;
    return ratio(
      1 + alone * severity,
      `Only ${part} is bad: ${metric} is ${figure(here)} there and ${figure(rest)} in the rest of ${change.service}`,
    );
  }
  const innocent = own.find(({ verdict }) => verdict === 'cleared');
  if (innocent)
    return ratio(
      cleared,
      `${innocent.label} ${innocent.value} is no worse than the rest of ${change.service}`,
    );
  if (worst)
    return ratio(elsewhere, `What is bad is ${worst.label} ${worst.value}, which this did not bring`);
  return ratio(1, 'There is nothing to compare it with');
}

function worstOf(parts: readonly Part[]): BadPart | undefined {
  return parts
    .filter((part) => part.verdict === 'bad')
    .reduce<BadPart | undefined>(
      (worst, part) => (worst && worst.contrast.severity >= part.contrast.severity ? worst : part),
      undefined,
    );
}

/** An unlabelled deployment just before a version first answered requests is taken for the one that brought it. */
function introduces({ kind, at, labels }: CaseChange, { label, firstSeenMs }: Part): boolean {
  const leadMs = firstSeenMs - Date.parse(at);
  const { introducedMs, seenEarlyMs } = weights.cohort;
  return (
    kind === 'deploy' && labels?.[label] === undefined && leadMs >= -seenEarlyMs && leadMs <= introducedMs
  );
}

function place({ service }: CaseChange, evidence: ServiceEvidence | undefined): Ratio {
  return { name: 'place', ratio: evidence?.likelihood ?? 1, sentence: placeSentence(service, evidence) };
}

function placeSentence(service: string, evidence: ServiceEvidence | undefined): string {
  if (!evidence?.hasMetrics) return `Nothing is measured of ${service}`;
  const { deviation, ownExcess, explained, contrast } = evidence;
  if (deviation < weights.change.noticeable) return `${service} itself shows nothing unusual`;
  if (!contrast && explained.by !== null && explained.share > 0.5 && ownExcess < 0.6 * deviation)
    return `${service} suffers mostly from ${explained.by}`;
  return `${service} is out of order by itself`;
}

/** Before the trouble of its own service where that shows any, else before the incident's; after it is exculpatory. */
function delay(change: CaseChange, evidence: ServiceEvidence | undefined, known: Known): Ratio {
  const own = evidence && evidence.ownExcess >= weights.change.ownOnsetFrom ? evidence.began : null;
  const began = own ?? { onsetMs: known.incidentMs, stepMs: known.stepMs };
  const leadMs = began.onsetMs - Date.parse(change.at);
  const uncertaintyMs = began.stepMs + weights.lag.sureMs;
  const of = own ? `the trouble of ${change.service}` : 'the trouble';
  const sentence =
    Math.abs(leadMs) <= uncertaintyMs / 2
      ? `It coincides with the onset of ${of}`
      : leadMs > 0
        ? `It came ${duration(leadMs)} before ${of}`
        : `It came ${duration(-leadMs)} after ${of} had begun`;
  return { name: 'delay', ratio: lagDensity(leadMs, uncertaintyMs), sentence };
}

function likeness({ kind }: CaseChange, evidence: ServiceEvidence | undefined): Ratio {
  const likely = weights.change.likeness[kind];
  const symptoms = [...(evidence?.symptoms ?? [])]
    .filter(([, { severity }]) => severity >= weights.change.noticeable)
    .map(([symptom]) => likely[symptom]);
  const ratio = symptoms.length === 0 ? 1 : Math.max(...symptoms);
  return {
    name: 'likeness',
    ratio,
    sentence: `A ${kind} change ${ratio < 1 ? 'seldom shows' : 'can show'} like this`,
  };
}

function prior({ kind }: CaseChange): Ratio {
  const ratio = weights.change.prior[kind];
  const often = ratio < 1 ? 'less often' : 'as often as any';
  return { name: 'prior', ratio, sentence: `A ${kind} change causes incidents ${often}` };
}

function duration(ms: number): string {
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}

const figure = (value: number): string => String(Number(value.toPrecision(3)));
