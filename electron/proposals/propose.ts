import { z } from 'zod';
import type { Evidence } from '../../shared/vocabulary/hypothesis.ts';
import { type IncidentId, ProposalId } from '../../shared/vocabulary/ids.ts';
import type { ExpectedEffect, Progress, Proposal, Verdict } from '../../shared/vocabulary/proposal.ts';
import type { Action, Ownership } from '../actions/action.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import { guard } from '../guard/guard.ts';
import { asked } from '../ledger/decision.ts';
import { Failure } from '../platform/failure.ts';
import { commit, nameOf, notReached, type ProposalContext, REACH_TIMEOUT_MS, serviceOf } from './context.ts';
import { digestOfFacts } from './facts.ts';
import { guardRequest } from './guard-facts.ts';
import { namespaceFacts } from './namespace-labels.ts';
import { withdrawalEntry, withdrawn } from './withdraw.ts';

/** A wish to write, from the analyst or a person; the action's own code says everything about risk. */
export type Wish = {
  incident: IncidentId;
  action: string;
  input: unknown;
  expectedEffect: ExpectedEffect;
  rationale: string;
  evidence: Evidence[];
  confidence: number;
  confidenceRestsOn: string;
  proposedBy: Proposal['proposedBy'];
  backsOut: ProposalId | null;
  /** The earlier proposal whose place it takes. */
  revises?: ProposalId;
  /** Ledger entries that led here. */
  causes: number[];
};

/**
 * Plans the wish on live state, asks the guard and stores the proposal with its verdict. It does nothing else.
 * @throws Failure `bad_input` for an unknown action or bad arguments, `not_found` when the target's system is not
 * connected, and whatever reading the target throws.
 */
export async function propose(context: ProposalContext, wish: Wish): Promise<Proposal> {
  const { action, input } = checkedInput(context.actions, wish);
  const target = action.target(input);
  const reach = action.reach(context.systems(target.cluster));
  if (!reach) throw new Failure('not_found', notReached(target.cluster, action));
  const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
  const plan = await reach.plan(input, signal);

  const given = z.record(z.string(), z.json()).parse(input);
  const inForce = context.envelope();
  const seen = { ...plan.seen, ...(await namespaceFacts(context, target, inForce, signal)) };
  const verdict = guard(
    guardRequest(context, { ...wish, action: action.name, arguments: given, target, plan, seen }, inForce),
    inForce,
  );
  const nowMs = context.clock.now();
  const reachedBy = context.nameOf(target.cluster);
  const proposal: Proposal = {
    id: ProposalId.parse(context.ids('prop')),
    incident: wish.incident,
    realm: context.realm,
    action: action.name,
    target,
    ...(reachedBy === undefined ? {} : { reachedBy }),
    arguments: given,
    title: plan.title,
    command: plan.command,
    blastRadius: plan.blastRadius,
    reversible: plan.reversible,
    backOutCommand: plan.backOutCommand,
    expectedEffect: wish.expectedEffect,
    preconditions: plan.preconditions,
    rationale: wish.rationale,
    evidence: wish.evidence,
    confidence: wish.confidence,
    confidenceRestsOn: wish.confidenceRestsOn,
    proposedBy: wish.proposedBy,
    proposedMs: nowMs,
    expiresMs: nowMs + lifeMsUnder(inForce),
    verdict,
    seen,
    backsOut: wish.backsOut,
    revises: wish.revises ?? null,
    progress: startOf(verdict),
  };
  return record(context, proposal, { causes: wish.causes, ownership: plan.ownership });
}

/** Nothing is offered without an envelope, so nothing has to expire. */
const lifeMsUnder = (inForce: EnvelopeInForce): number =>
  inForce.kind === 'none' ? 0 : inForce.loaded.envelope.limits.proposalExpiresMinutes * 60_000;

function checkedInput(actions: readonly Action[], wish: Wish): { action: Action; input: unknown } {
  const action = actions.find(({ name }) => name === wish.action);
  if (!action) throw new Failure('bad_input', `There is no action ${JSON.stringify(wish.action)}`);
  const parsed = action.input.safeParse(wish.input);
  if (!parsed.success) {
    throw new Failure('bad_input', `${action.name}: ${z.prettifyError(parsed.error)}`, parsed.error);
  }
  return { action, input: parsed.data };
}

const startOf = ({ kind }: Verdict): Progress =>
  kind === 'offer' ? { state: 'offered' } : { state: kind === 'deny' ? 'denied' : 'escalated' };

/**
 * Proposal and verdict are two entries: what was asked for, and what the guard answered. What it takes the place of is
 * withdrawn in the same transaction, so that the two are never open together; a revision that the guard denies leaves the
 * earlier one as it is.
 */
function record(
  context: ProposalContext,
  proposal: Proposal,
  { causes, ownership }: { causes: number[]; ownership: Ownership | null },
): Proposal {
  const { verdict } = proposal;
  const replaced = verdict.kind === 'deny' ? null : replacedBy(context, proposal);
  commit(
    context,
    proposal,
    [
      {
        kind: 'proposal',
        incident: proposal.incident,
        actor: proposal.proposedBy,
        causes,
        body: { ...asked(proposal), factsDigest: digestOfFacts(proposal.seen) },
      },
      {
        kind: 'verdict',
        incident: proposal.incident,
        actor: { kind: 'guard', name: 'guard' },
        body: {
          proposal: proposal.id,
          when: 'proposed',
          ...verdict,
        },
      },
      ...(replaced ? [withdrawalEntry(replaced)] : []),
    ],
    replaced ? [replaced] : [],
  );
  const because = verdict.rules.map(({ sentence }) => sentence).join('; ');
  context.timeline.record(proposal.incident, {
    sort: 'proposal',
    ref: proposal.id,
    service: serviceOf(proposal),
    title:
      verdict.kind === 'offer'
        ? `${proposal.proposedBy.name} proposed: ${proposal.title}`
        : `Guard ${verdict.kind === 'deny' ? 'denied' : 'escalated'} “${proposal.title}”: ${because}`,
  });
  if (verdict.kind === 'escalate') {
    context.openEscalation({
      incident: proposal.incident,
      title: `${proposal.title} needs a human`,
      because,
      recommended: recommendedFor(proposal, ownership),
      proposal: proposal.id,
    });
  }
  return proposal;
}

/** What a delivery system would take back is changed where it is kept, and not by the command. */
const recommendedFor = ({ target, command }: Proposal, ownership: Ownership | null): string =>
  ownership === null || ownership.by === 'helm'
    ? `Read ${nameOf(target)} yourself, then run: ${command}`
    : `${ownership.revert}. ${ownership.sentence}`;

function replacedBy(context: ProposalContext, { id, revises, proposedBy }: Proposal): Proposal | null {
  const earlier = revises === null ? undefined : context.repository.find(revises);
  if (earlier?.progress.state !== 'offered') return null;
  return withdrawn(context, earlier, { person: proposedBy.name, because: `Revised as ${id}` });
}
