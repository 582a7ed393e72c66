import { lookAlike } from '../../shared/vocabulary/person-name.ts';
import type { Proposal, SignedAnswer } from '../../shared/vocabulary/proposal.ts';
import { digestsOf, signedBody } from '../ledger/decision.ts';
import { isSignedBy } from '../platform/ed25519.ts';
import type { ProposalContext } from './context.ts';
import { digestOfShown } from './decide.ts';
import { executes, NOTHING_EXECUTED, takesTwo } from './what-approval-takes.ts';

/** How far a clock may be put back between decision and execution; set right by a time server, it moves by less. */
const CLOCK_SLACK_MS = 2_000;

/**
 * Why a proposal may not be executed on the approvals it carries, or null. INVARIANT: nothing is believed because it is
 * stored; each approval must be a signature, by a key that the log announced for that person, over this very proposal,
 * verdict, envelope and text, and stand in the log.
 */
export function approvalProblem(context: ProposalContext, proposal: Proposal): string | null {
  const { progress } = proposal;
  if (progress.state !== 'approved') return `It is ${progress.state}, not approved`;
  if (!executes(context, proposal)) return NOTHING_EXECUTED;
  const { first, ...last } = progress.decision;
  const approvals = first ? [first, last] : [last];
  for (const approval of approvals) {
    const problem = problemWith(context, proposal, approval);
    if (problem) return `The approval of ${approval.person} does not hold: ${problem}`;
  }
  if (!takesTwo(proposal)) return null;
  if (!first) return 'It takes the approval of two persons, and only one approved it';
  const isSame = lookAlike(first.person, last.person) || first.publicKey === last.publicKey;
  return isSame ? 'It takes two persons, and both approvals are of one' : null;
}

/** Whose approvals a proposal is executed on, in the order they were given. */
export function approversOf({ progress }: Proposal): string[] {
  if (!('decision' in progress)) return [];
  const { first, person } = progress.decision;
  return first ? [first.person, person] : [person];
}

function problemWith(context: ProposalContext, proposal: Proposal, approval: SignedAnswer): string | null {
  const { signed, publicKey, signature } = approval;
  const body = signed === undefined ? undefined : signedBody(signed);
  if (!body || signed === undefined || publicKey === undefined) return 'what was signed cannot be read';
  const key = Buffer.from(publicKey, 'base64');
  if (!isSignedBy(key, Buffer.from(signed), Buffer.from(signature, 'base64')))
    return 'the signature is not over it';
  if (body.answer !== 'approve' || approval.answer !== 'approve') return 'it is no approval';
  const announced = context.ledger.approvers().find((one) => Buffer.compare(one.publicKey, key) === 0);
  if (announced?.person !== body.person || body.person !== approval.person)
    return 'the log announced no such key for this person';
  const digests = digestsOf(proposal);
  if (body.proposal !== proposal.id || body.proposalDigest !== digests.proposalDigest)
    return 'it is about another proposal';
  if (body.verdictDigest !== digests.verdictDigest || body.envelope !== proposal.verdict.envelope.digest)
    return 'it is about another verdict';
  if (body.shownDigest !== digestOfShown(proposal)) return 'another text was shown';
  const nowMs = context.clock.now();
  if (nowMs < body.atMs - CLOCK_SLACK_MS) return 'the clock was put back since';
  if (body.atMs >= proposal.expiresMs || nowMs >= proposal.expiresMs + SEND_WITHIN_MS)
    return 'it has expired';
  const { incident } = proposal;
  const isOnRecord = context.ledger
    .entries({ kind: 'decision', incident, newestFirst: true })
    .some((entry) => entry.body['signature'] === signature && entry.body['proposal'] === proposal.id);
  return isOnRecord ? null : 'it is not on record';
}

/** An approval given in the last moment is executed at once, or not at all. */
const SEND_WITHIN_MS = 60_000;
