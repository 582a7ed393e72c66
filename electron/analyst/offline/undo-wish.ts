import { NAMED } from '../../../shared/formats/confidence.ts';
import type { ExpectedEffect } from '../../../shared/vocabulary/proposal.ts';
import type { Claims } from '../state-hypotheses.ts';
import { effectAnywhere, effectOn } from './expected-effect.ts';
import { hurtTogether } from './shared-trouble.ts';
import { inputThatUndoes } from './undo-input.ts';
import type { Candidates, Rollout, WhatWasRead } from './what-was-read.ts';

type Claim = Claims['hypotheses'][number];
type Change = Candidates['changes'][number];
/** A call of a propose tool, or why nothing is suggested. */
export type Undo = { tool: string; wish: object } | { because: string };

/** A rival on the same service with this share of the confidence is not told apart from what would be undone. */
const NOT_TOLD_APART = 0.5;

/**
 * The one action that takes the suspected change back, as the arguments of its propose tool. Undoing the wrong one of two
 * takes away something good and leaves the trouble, so nothing is undone while a rival on the same service stands beside it.
 */
export function undoWish(first: Claim | undefined, read: WhatWasRead, standing: readonly Claim[] = []): Undo {
  if (!read.candidates || !first?.cause) return { because: 'no single change is credible as the cause' };
  const change = read.candidates.changes.find(({ id }) => id === first.cause);
  if (!change) return { because: 'the likeliest cause is no longer among the candidates' };
  if (change.kind === 'infrastructure') {
    return { because: 'the likeliest cause is an infrastructure change, which no action here can undo' };
  }
  if (first.confidence < NAMED) return { because: 'the likeliest cause is not likely enough to act on' };
  const rival = rivalOf(first, change, standing, read.candidates);
  if (rival) return { because: `“${rival.title}” is not told apart from it yet` };
  const shared = sharedCauseOf(read);
  if (shared) return { because: `“${shared.title}” may be what ${change.service} and others feel` };
  return change.kind === 'deploy' ? rollBack(first, change, read) : takeBack(first, change, read);
}

const rivalOf = (
  first: Claim,
  { service }: Change,
  standing: readonly Claim[],
  { changes }: Candidates,
): Change | undefined =>
  standing
    .filter(
      ({ cause, confidence }) => cause !== first.cause && confidence >= first.confidence * NOT_TOLD_APART,
    )
    .flatMap(({ cause }) => changes.find(({ id }) => id === cause) ?? [])
    .find((one) => one.service === service);

/** What was done to something that went out of order, after which several services went bad together. */
const sharedCauseOf = (read: WhatWasRead): Change | undefined =>
  read.candidates?.changes.find((other) => hurtTogether(other, read).length > 0);

function rollBack(first: Claim, change: Change, read: WhatWasRead): Undo {
  const rollout = read.rollouts.get(change.service);
  if (!rollout) return { because: `the rollout history of ${change.service} could not be read` };
  const [suspect, previous] = heldPair(rollout, change.id);
  if (!suspect || !previous) return { because: `the revision before ${change.title} is no longer held` };
  const running = rollout.revisions.find(({ revision }) => revision === rollout.revision);
  // A revision that was gone back to is older than the suspect; one shipped over it is younger, and the trouble goes on.
  if (!running || running.at < suspect.at) {
    return { because: `${change.service} no longer runs the suspected revision ${suspect.revision}` };
  }
  const since =
    running === suspect ? '' : ` Revision ${running.revision} was shipped over it, and the trouble goes on.`;
  const expectedEffect = effectOn(change.service, read);
  if (!expectedEffect) return { because: `no metric of ${change.service} could show that a rollback helped` };
  const { cluster, namespace, name } = rollout;
  return {
    tool: 'propose_roll_back_deployment',
    wish: {
      input: { cluster, kind: 'Deployment', namespace, name, to: previous.revision },
      about: about(
        first,
        `The revision before, ${previous.revision}, is still held and ran until then.${since}`,
        expectedEffect,
      ),
    },
  };
}

function heldPair({ revisions }: Rollout, change: string) {
  const newestFirst = [...revisions].sort((a, b) => b.revision - a.revision);
  const index = newestFirst.findIndex(({ revision }) => change.endsWith(`@${revision}`));
  return index < 0 ? [] : [newestFirst[index], newestFirst[index + 1]];
}

function takeBack(first: Claim, change: Change, read: WhatWasRead): Undo {
  const facts = read.changes.get(change.id);
  if (!facts) return { because: `what the ${change.kind} change on ${change.service} did could not be read` };
  const undo = inputThatUndoes(facts);
  if ('because' in undo) return undo;
  const expectedEffect = effectAnywhere(change.service, read);
  if (!expectedEffect) return { because: 'no metric could show that taking the change back helped' };
  return { tool: undo.tool, wish: { input: undo.input, about: about(first, undo.stands, expectedEffect) } };
}

const about = (first: Claim, stands: string, expectedEffect: ExpectedEffect) => ({
  rationale: `${first.claim}: ${first.mechanism} ${stands}`.slice(0, 2_000),
  evidence: first.for.slice(0, 20),
  confidence: first.confidence,
  confidenceRestsOn: `${first.for.length} pieces of evidence for and ${first.against.length} against; ${first.gaps.length} ${first.gaps.length === 1 ? 'gap' : 'gaps'}`,
  expectedEffect,
});
