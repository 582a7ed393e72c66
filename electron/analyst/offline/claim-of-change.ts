import { moveInWords } from '../../../shared/formats/measure.ts';
import type { FieldDiff } from '../../../shared/vocabulary/event.ts';
import type { Evidence } from '../../../shared/vocabulary/hypothesis.ts';
import type { Claims } from '../state-hypotheses.ts';
import { asMembers, asText, evidence } from './evidence.ts';
import { revisionOf } from './revision-of.ts';
import type { Weighed } from './weigh.ts';
import type { Candidate, Candidates, WhatWasRead } from './what-was-read.ts';

export type Claim = Claims['hypotheses'][number];

/** A procedure that reads neither logs nor traces is never surer than this. */
const MOST_CONFIDENT = 0.85;
/** A factor below this speaks against, above the other for. */
const AGAINST_BELOW = 0.35;
const FOR_ABOVE = 0.6;
/** A metric that is this much of what it was is worth telling. */
const WORTH_TELLING = 1.5;
const MOST_MEASURED = 3;

/** A change as a hypothesis, with what was read of it. */
export function claimOfChange(weighed: Weighed, candidates: Candidates, read: WhatWasRead): Claim {
  const { change, chance } = weighed;
  const argued = (speaks: 'for' | 'against') =>
    weighed.arguments
      .filter(({ times }) => (speaks === 'for' ? times > 1 : times < 1))
      .map((argument) => argument.evidence);
  const factors = (fits: (value: number) => boolean) =>
    change.factors
      .filter(({ value }) => fits(value))
      .flatMap(({ sentence }) => listed(sentence, change, candidates));
  const speaking = factors((value) => value >= FOR_ABOVE);
  return {
    claim: `${change.title} is the cause`.slice(0, 500),
    cause: change.id,
    mechanism: mechanismOf(change, candidates),
    confidence: Math.min(MOST_CONFIDENT, chance),
    for: [
      ...argued('for'),
      ...(speaking.length > 0
        ? speaking
        : change.reasons.flatMap((sentence) => listed(sentence, change, candidates))),
      ...whatItChanged(change, read),
      ...measured(change.service, read),
    ],
    against: [...argued('against'), ...factors((value) => value < AGAINST_BELOW)],
    gaps: gapsOf(change, read),
    disprovedBy: disproof(change),
  };
}

const listed = (sentence: string, { id }: Candidate, candidates: Candidates): Evidence[] =>
  evidence(sentence, candidates, [asText(sentence)], [id]);

function whatItChanged(change: Candidate, { rollouts, changes }: WhatWasRead): Evidence[] {
  const rollout = rollouts.get(change.service);
  const revision = revisionOf(change, rollout);
  if (rollout && revision) {
    return evidence(
      `Revision ${revision.revision} changed ${inWords(revision.diff) || 'nothing that is still held'}`,
      rollout,
      [...revision.diff.map(asMembers), asMembers({ revision: revision.revision })],
      [change.id],
    );
  }
  const facts = changes.get(change.id);
  if (!facts || facts.diff.length === 0) return [];
  return evidence(`It changed ${inWords(facts.diff)}`, facts, facts.diff.map(asMembers), [change.id]);
}

/** Bounded, as a piece of evidence is one sentence. */
const inWords = (diff: readonly FieldDiff[]) =>
  diff
    .map(({ path, before, after }) => `${path}: ${brief(before ?? 'nothing')} → ${brief(after ?? 'nothing')}`)
    .join('; ')
    .slice(0, 900);
const brief = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** What the service's own metrics say, before and now, where they moved. */
export function measured(service: string, read: WhatWasRead): Evidence[] {
  const metrics = read.metrics.get(service);
  if (!metrics) return [];
  return metrics.series
    .filter(
      ({ version, before, now }) =>
        version === null && before !== null && now !== null && now > before * WORTH_TELLING,
    )
    .slice(0, MOST_MEASURED)
    .flatMap(({ name, kind, unit, version, before, now }) => {
      const sentence = `${name} of ${service} went from ${moveInWords(before, now, unit)}`;
      const words = [asMembers({ name, kind, unit, version, before, now }), asMembers({ before, now })];
      return evidence(sentence, metrics, words);
    });
}

function mechanismOf(change: Candidate, { anomalies }: Candidates): string {
  const own = anomalies.filter(({ service, version }) => service === change.service && version === null);
  const others = new Set(
    anomalies.map(({ service }) => service).filter((service) => service !== change.service),
  );
  const symptoms = [...new Set(own.map(({ metric }) => metric))].join(' and ') || 'its behaviour';
  const reach =
    others.size === 0 ? 'no other service shows it' : `${others.size} other services show it, as callers do`;
  return `The ${change.kind} on ${change.service} changed ${symptoms}; ${reach}.`;
}

function gapsOf(change: Candidate, read: WhatWasRead): string[] {
  const gaps: string[] = [];
  if (!read.metrics.get(change.service)?.series.length)
    gaps.push(`No metrics of ${change.service} could be read`);
  if (change.kind !== 'deploy') {
    if (!read.changes.get(change.id)?.diff.length) gaps.push('What exactly it changed could not be read');
  } else if (!read.rollouts.has(change.service))
    gaps.push(`The rollout history of ${change.service} could not be read`);
  gaps.push('Logs and traces were not read');
  return gaps;
}

const disproof = ({ kind, service }: Candidate) =>
  kind === 'deploy'
    ? `${service} stays as bad on pods that run the version before`
    : `${service} stays as bad after this ${kind} change is undone`;
