import { createHash } from 'node:crypto';
import { shownText } from '../../shared/formats/shown-text.ts';
import { lookAlike } from '../../shared/vocabulary/person-name.ts';
import type { Decision, Proposal, SignedAnswer } from '../../shared/vocabulary/proposal.ts';
import { decisionToSign, digestsOf } from '../ledger/decision.ts';
import type { NewEntry } from '../ledger/log.ts';
import type { Signer } from '../platform/ed25519.ts';
import { Failure } from '../platform/failure.ts';
import { commit, type ProposalContext, serviceOf } from './context.ts';
import { advance, type Step } from './life.ts';
import {
  envelopeChanged,
  executes,
  firstApproval,
  NOTHING_EXECUTED,
  takesTwo,
  whyNotApprover,
} from './what-approval-takes.ts';

export type Answer = {
  answer: Decision['answer'];
  person: string;
  /** SHA-256 in hex of what stood on the approver's screen. */
  shownDigest: string;
  typedTarget?: string | undefined;
  reason: string;
};

/** Lower-case hex SHA-256 of exactly the text that the card shows. */
export const digestOfShown = (proposal: Proposal) =>
  createHash('sha256').update(shownText(proposal)).digest('hex');

/**
 * Takes a named human's answer to an offered proposal, signs it and puts it on record.
 * @throws Failure `conflict` when it is no longer open, has expired or was shown differently; `stopped` under a stop;
 * `bad_input` when the ceremony of its tier is not met. Nothing changes then, but an expired one becomes so.
 */
export function decide(context: ProposalContext, proposal: Proposal, given: Answer): Proposal {
  requireOpen(context, proposal);
  if (given.person.trim() === '')
    throw new Failure('bad_input', 'An answer needs the name of the person who gives it');
  if (given.shownDigest !== digestOfShown(proposal)) {
    throw new Failure(
      'conflict',
      'What stood on the screen is not what is stored: read the card again, then decide',
    );
  }
  const changed = given.answer === 'approve' && envelopeChanged(context, proposal);
  // To look at the envelope voids what was offered under another, this one among them.
  if (changed) return voidOffer(context, context.repository.find(proposal.id) ?? proposal, changed);
  const approver = context.approver(given.person);
  if (given.answer === 'approve') requireCeremony(context, proposal, given, approver);

  const { answered, entry } = signed(context, proposal, given, approver);
  const step = stepOf(context, proposal, answered);
  const progress = advance(proposal.progress, step);
  if (!progress)
    throw new Failure('conflict', `“${proposal.title}” is ${proposal.progress.state}, no longer open`);
  const actor = { kind: 'person' as const, name: given.person };
  context.ledger.announceApprover({ person: given.person, signer: approver }, actor);
  const decided = commit(context, { ...proposal, progress }, [
    {
      kind: 'shown',
      incident: proposal.incident,
      actor,
      body: { proposal: proposal.id, text: shownText(proposal) },
    },
    {
      kind: 'decision',
      incident: proposal.incident,
      actor,
      ...entry,
    },
  ]);
  const detail = [given.reason, WHAT_FOLLOWS[step.kind]].filter((part) => part !== '').join('. ');
  context.timeline.record(proposal.incident, {
    sort: 'decision',
    ref: proposal.id,
    service: serviceOf(proposal),
    title: `${given.person} ${given.answer === 'approve' ? 'approved' : 'denied'}: ${proposal.title}`,
    ...(detail ? { detail } : {}),
  });
  return decided;
}

type DecidingStep = Extract<Step, { kind: 'countersign' | 'approve' | 'refuse' | 'judge' }>;

/** What the answer leads to: one of two approvals, an execution, a refusal, or in stage shadow a judgement. */
function stepOf(context: ProposalContext, proposal: Proposal, answered: SignedAnswer): DecidingStep {
  const first = firstApproval(proposal);
  if (answered.answer === 'approve' && takesTwo(proposal) && !first)
    return { kind: 'countersign', approval: answered };
  const decision: Decision = first ? { ...answered, first } : answered;
  if (!executes(context, proposal)) return { kind: 'judge', decision, because: NOTHING_EXECUTED };
  return { kind: answered.answer === 'approve' ? 'approve' : 'refuse', decision };
}

const WHAT_FOLLOWS: Record<DecidingStep['kind'], string> = {
  countersign: 'A second person has to approve it as well',
  judge: NOTHING_EXECUTED,
  approve: '',
  refuse: '',
};

function requireOpen(context: ProposalContext, proposal: Proposal): void {
  if (proposal.progress.state !== 'offered') {
    throw new Failure('conflict', `“${proposal.title}” is ${proposal.progress.state}, no longer open`);
  }
  if (context.clock.now() >= proposal.expiresMs) {
    expire(context, proposal);
    throw new Failure('conflict', `“${proposal.title}” has expired: propose it again on fresh state`);
  }
}

function requireCeremony(
  context: ProposalContext,
  proposal: Proposal,
  given: Answer,
  { publicKey }: Signer,
): void {
  const { verdict, target } = proposal;
  const stop = context.stop();
  if (stop.stopped)
    throw new Failure('stopped', `Stopped by ${stop.by}: lift the stop before anything is approved`);
  if (verdict.kind !== 'offer') throw new Failure('conflict', 'The guard did not offer it');
  if (verdict.tier !== 'ack' && given.typedTarget !== target.name) {
    throw new Failure('bad_input', `Type ${target.name} to confirm`);
  }
  const key = base64(publicKey);
  const first = firstApproval(proposal);
  if (first && (lookAlike(first.person, given.person) || first.publicKey === key)) {
    throw new Failure(
      'refused',
      `${first.person} approved it already: somebody else has to give the second approval`,
    );
  }
  const because = whyNotApprover(context, proposal, { person: given.person, publicKey: key });
  if (because === null) return;
  context.ledger.record({
    kind: 'verdict',
    incident: proposal.incident,
    actor: { kind: 'guard', name: 'guard' },
    body: { proposal: proposal.id, when: 'approving', kind: 'deny', person: given.person, because },
  });
  throw new Failure('refused', because);
}

/** Voids an offer that nobody decided in time. */
export function expire(context: ProposalContext, proposal: Proposal): Proposal {
  return close(context, proposal, 'expire', 'Nobody decided in time');
}

/** Voids an open offer: the target drifted, or a stop came. */
export function voidOffer(context: ProposalContext, proposal: Proposal, because: string): Proposal {
  return close(context, proposal, 'void', because);
}

function close(
  context: ProposalContext,
  proposal: Proposal,
  kind: 'expire' | 'void',
  because: string,
): Proposal {
  const progress = advance(proposal.progress, { kind, atMs: context.clock.now(), because });
  if (!progress) return proposal;
  const closed = commit(context, { ...proposal, progress }, [
    {
      kind: 'outcome',
      incident: proposal.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: { proposal: proposal.id, state: progress.state, because },
    },
  ]);
  context.timeline.record(proposal.incident, {
    sort: 'proposal',
    ref: proposal.id,
    service: serviceOf(proposal),
    title: `${kind === 'expire' ? 'Expired' : 'Void'}: ${proposal.title}`,
    detail: because,
  });
  return closed;
}

/** The answer as it is kept with the proposal, and as it stands in the ledger. */
function signed(
  context: ProposalContext,
  proposal: Proposal,
  given: Answer,
  approver: Signer,
): { answered: SignedAnswer; entry: Pick<NewEntry, 'body' | 'apart'> } {
  const answer = {
    answer: given.answer,
    person: given.person,
    atMs: context.clock.now(),
    reason: given.reason,
    shownDigest: given.shownDigest,
  };
  const { body, apart, text } = decisionToSign({
    ...answer,
    ...digestsOf(proposal),
    proposal: proposal.id,
    envelope: proposal.verdict.envelope.digest,
  });
  const by = { signature: base64(approver.sign(text)), publicKey: base64(approver.publicKey) };
  return {
    answered: { ...answer, ...by, signed: text.toString('utf8') },
    entry: { body: { ...body, ...by } as NewEntry['body'], apart },
  };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
