import { measureInWords } from '../../../shared/formats/measure.ts';
import type { ExpectedEffect } from '../../../shared/vocabulary/proposal.ts';
import type { Claims } from '../state-hypotheses.ts';
import type { Candidates, Metrics, Rollout, WhatWasRead } from './what-was-read.ts';

type Claim = Claims['hypotheses'][number];

/** Below this nobody should be asked to touch production. */
const LEAST_CONFIDENCE = 0.3;
const WITHIN_MS = 10 * 60_000;
const HOLD_MS = 60_000;
/** The effect counts as come when at most this share of the deviation is left. */
const REST_SHARE = 0.2;

/** The arguments of `propose_roll_back_deployment`, or why no rollback is suggested. */
export function rollBackWish(
  first: Claim | undefined,
  read: WhatWasRead,
): { wish: object } | { because: string } {
  if (!read.candidates || !first?.cause) return { because: 'no single change is credible as the cause' };
  const change = read.candidates.changes.find(({ id }) => id === first.cause);
  if (change?.kind !== 'deploy') {
    return { because: `the likeliest cause is a ${change?.kind ?? 'change'}, which no action here can undo` };
  }
  if (first.confidence < LEAST_CONFIDENCE)
    return { because: 'the likeliest cause is not likely enough to act on' };
  const rollout = read.rollouts.get(change.service);
  if (!rollout) return { because: `the rollout history of ${change.service} could not be read` };
  const [suspect, previous] = heldPair(rollout, change.id);
  if (!suspect || !previous) return { because: `the revision before ${change.title} is no longer held` };
  if (rollout.revision !== suspect.revision) {
    return { because: `${change.service} no longer runs the suspected revision ${suspect.revision}` };
  }
  const expectedEffect = effectOf(change.service, read.candidates, read.metrics.get(change.service));
  if (!expectedEffect) return { because: `no metric of ${change.service} could show that a rollback helped` };
  const { cluster, namespace, name } = rollout;
  return {
    wish: {
      input: { cluster, kind: 'Deployment', namespace, name, to: previous.revision },
      about: {
        rationale: `${first.claim}: ${first.mechanism} The revision before, ${previous.revision}, is still held and ran until then.`,
        evidence: first.for.slice(0, 20),
        confidence: first.confidence,
        confidenceRestsOn: `${first.for.length} pieces of evidence for and ${first.against.length} against; ${first.gaps.length} gaps`,
        expectedEffect,
      },
    },
  };
}

function heldPair({ revisions }: Rollout, change: string) {
  const newestFirst = [...revisions].sort((a, b) => b.revision - a.revision);
  const index = newestFirst.findIndex(({ revision }) => change.endsWith(`@${revision}`));
  return index < 0 ? [] : [newestFirst[index], newestFirst[index + 1]];
}

/** The service's own worst metric, back to near what it was before the onset. */
function effectOf(
  service: string,
  { anomalies }: Candidates,
  metrics: Metrics | undefined,
): ExpectedEffect | null {
  const worst = anomalies
    .filter((one) => one.service === service && one.version === null && one.observed > one.baseline)
    .filter(({ kind }) => kind === 'error_rate' || kind === 'latency')
    .sort((a, b) => preference(b.kind) - preference(a.kind) || b.strength - a.strength)[0];
  if (!worst) return null;
  const unit = metrics?.series.find(({ name }) => name === worst.metric)?.unit ?? '';
  const threshold = Number((worst.baseline + REST_SHARE * (worst.observed - worst.baseline)).toPrecision(2));
  return {
    sentence: `${worst.metric} of ${service} below ${measureInWords(threshold, unit, 2)} within ${WITHIN_MS / 60_000} min (now ${measureInWords(worst.observed, unit, 2)})`,
    service,
    metric: worst.metric,
    comparison: 'below',
    threshold,
    unit,
    withinMs: WITHIN_MS,
    holdMs: HOLD_MS,
  };
}

/** Errors are what users feel first, so they are watched before latency. */
const preference = (kind: string) => (kind === 'error_rate' ? 1 : 0);
