import type { FieldDiff } from '../../../shared/vocabulary/event.ts';
import type { Evidence } from '../../../shared/vocabulary/hypothesis.ts';
import type { Claims } from '../state-hypotheses.ts';
import type { Candidates, WhatWasRead } from './what-was-read.ts';

type Claim = Claims['hypotheses'][number];
type Change = Candidates['changes'][number];

const MOST_RIVALS = 3;
/** However clear the first one looks, one that competes with it is kept in view. */
const LEAST_RIVALS = 2;
/** A procedure that reads neither logs nor traces is never surer than this. */
const MOST_CONFIDENT = 0.85;
/** Above this chance that no candidate is the cause, that is said as a hypothesis of its own. */
const NOVELTY_WORTH_SAYING = 0.25;
/** A factor below this speaks against, above the other for. */
const AGAINST_BELOW = 0.35;
const FOR_ABOVE = 0.6;
/** What is left of the first hypothesis when a person says that it does not smell right. */
const AFTER_CHALLENGE = 0.5;

/** Rival hypotheses from what was read; `challenge` is a person's doubt about the first one. */
export function claimsFrom(read: WhatWasRead, challenge: string | undefined): Claim[] {
  const { candidates } = read;
  if (!candidates) return [];
  const rivals = candidates.changes.slice(
    0,
    Math.min(MOST_RIVALS, Math.max(LEAST_RIVALS, candidates.worthReading)),
  );
  const sum = candidates.changes.reduce((total, { score }) => total + score, 0) || 1;
  const known = 1 - candidates.novelty;
  const claims = rivals.map((change, index) => {
    const confidence = Math.min(MOST_CONFIDENT, known * Math.sqrt(change.score) * (change.score / sum));
    const claim = claimOf(change, candidates, read, confidence);
    return index === 0 && challenge !== undefined ? challenged(claim, challenge, candidates) : claim;
  });
  return candidates.novelty > NOVELTY_WORTH_SAYING || claims.length === 0
    ? [...claims, notSeen(candidates)]
    : claims;
}

function claimOf(change: Change, candidates: Candidates, read: WhatWasRead, confidence: number): Claim {
  const rollout = read.rollouts.get(change.service);
  const revision = rollout?.revisions.find(({ revision }) => change.id.endsWith(`@${revision}`));
  const speaks = change.factors.filter(({ value }) => value >= FOR_ABOVE);
  const against = change.factors.filter(({ value }) => value < AGAINST_BELOW);
  const cites = [candidates.read];
  const evidence: Evidence[] = speaks.map(({ sentence }) => ({
    sentence,
    events: [change.id],
    reads: cites,
  }));
  if (evidence.length === 0)
    evidence.push(...change.reasons.map((sentence) => ({ sentence, events: [change.id], reads: cites })));
  if (rollout && revision) {
    evidence.push({
      sentence: `Revision ${revision.revision} changed ${inWords(revision.diff) || 'nothing that is still held'}`,
      events: [change.id],
      reads: [rollout.read],
    });
  }
  const facts = read.changes.get(change.id);
  if (facts && facts.diff.length > 0) {
    evidence.push({
      sentence: `It changed ${inWords(facts.diff)}`,
      events: [change.id],
      reads: [facts.read],
    });
  }
  evidence.push(...measured(change.service, read));
  return {
    claim: `${change.title} is the cause`,
    cause: change.id,
    mechanism: mechanismOf(change, candidates),
    confidence,
    for: evidence,
    against: against.map(({ sentence }) => ({ sentence, events: [change.id], reads: cites })),
    gaps: gapsOf(change, read),
    disprovedBy: disproof(change),
  };
}

/** Bounded, as a piece of evidence is one sentence. */
const inWords = (diff: readonly FieldDiff[]) =>
  diff
    .map(({ path, before, after }) => `${path}: ${brief(before ?? 'nothing')} → ${brief(after ?? 'nothing')}`)
    .join('; ')
    .slice(0, 900);
const brief = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** What the service's own metrics say, before and now, where they moved. */
function measured(service: string, read: WhatWasRead): Evidence[] {
  const metrics = read.metrics.get(service);
  if (!metrics) return [];
  return metrics.series
    .filter(
      ({ version, before, now }) => version === null && before !== null && now !== null && now > before * 1.5,
    )
    .slice(0, 3)
    .map(({ name, unit, before, now }) => ({
      sentence: `${name} of ${service} went from ${show(before)} to ${show(now)} ${unit}`.trim(),
      events: [],
      reads: [metrics.read],
    }));
}

function mechanismOf(change: Change, { anomalies }: Candidates): string {
  const own = anomalies.filter(({ service, version }) => service === change.service && version === null);
  const others = new Set(
    anomalies.map(({ service }) => service).filter((service) => service !== change.service),
  );
  const symptoms = [...new Set(own.map(({ metric }) => metric))].join(' and ') || 'its behaviour';
  const reach =
    others.size === 0 ? 'no other service shows it' : `${others.size} other services feel it through calls`;
  return `The ${change.kind} on ${change.service} changed ${symptoms}; ${reach}.`;
}

function gapsOf(change: Change, read: WhatWasRead): string[] {
  const gaps: string[] = [];
  if (!read.metrics.get(change.service)?.series.length)
    gaps.push(`No metrics of ${change.service} could be read`);
  if (change.kind !== 'deploy') {
    if (!read.changes.get(change.id)?.diff.length) gaps.push('What exactly it changed could not be read');
  } else if (!read.rollouts.has(change.service))
    gaps.push(`The rollout history of ${change.service} could not be read`);
  gaps.push('Logs and traces were not read: no such source is connected');
  return gaps;
}

const disproof = ({ kind, service }: Change) =>
  kind === 'deploy'
    ? `${service} stays as bad on pods that run the version before`
    : `${service} stays as bad after this ${kind} change is undone`;

const challenged = (claim: Claim, doubt: string, { read, changes, worthReading }: Candidates): Claim => ({
  ...claim,
  confidence: claim.confidence * AFTER_CHALLENGE,
  against: [
    ...claim.against,
    { sentence: `A person doubts it: ${doubt}`, events: [], reads: [read] },
    ...(worthReading > 1 && changes[1]
      ? [{ sentence: `${changes[1].title} fits the same symptoms`, events: [changes[1].id], reads: [read] }]
      : []),
  ],
  gaps: [...claim.gaps, 'Systems that report nothing to Countersign were not read'],
});

const notSeen = ({ novelty, read, onset }: Candidates): Claim => ({
  claim: 'The cause is not among the changes we can see',
  cause: null,
  mechanism:
    onset === null
      ? 'No credible onset was found in the metrics.'
      : 'No change fits place, time and symptom well.',
  confidence: novelty,
  for: [
    {
      sentence: `${Math.round(novelty * 100)} % of the ranking's weight is on none of the candidates`,
      events: [],
      reads: [read],
    },
  ],
  against: [],
  gaps: ['Whatever is not connected: providers, hardware, manual changes'],
  disprovedBy: 'Undoing one of the candidates brings the metrics back',
});

const show = (value: number | null) => (value === null ? 'unknown' : Number(value.toPrecision(3)).toString());
