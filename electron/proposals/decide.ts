import { createHash } from 'node:crypto';
import { shownText } from '../../shared/formats/shown-text.ts';
import type { Decision, Proposal } from '../../shared/vocabulary/proposal.ts';
import { decisionToSign } from '../ledger/decision.ts';
import type { NewEntry } from '../ledger/log.ts';
import type { Signer } from '../platform/ed25519.ts';
import { Failure } from '../platform/failure.ts';
import { commit, type ProposalContext, serviceOf } from './context.ts';
import { advance } from './life.ts';

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
  if (given.answer === 'approve') requireCeremony(context, proposal, given);

  const approver = context.approver();
  const { decision, entry } = signed(context, proposal, given, approver);
  const progress = advance(proposal.progress, {
    kind: given.answer === 'approve' ? 'approve' : 'refuse',
    decision,
  });
  if (!progress)
    throw new Failure('conflict', `“${proposal.title}” is ${proposal.progress.state}, no longer open`);
  const actor = { kind: 'person' as const, name: given.person };
  const decided = commit(context, { ...proposal, progress }, [
    ...announced(context, approver),
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
  context.timeline.record(proposal.incident, {
    sort: 'decision',
    ref: proposal.id,
    service: serviceOf(proposal),
    title: `${given.person} ${given.answer === 'approve' ? 'approved' : 'denied'}: ${proposal.title}`,
    ...(given.reason ? { detail: given.reason } : {}),
  });
  return decided;
}

function requireOpen(context: ProposalContext, proposal: Proposal): void {
  if (proposal.progress.state !== 'offered') {
    throw new Failure('conflict', `“${proposal.title}” is ${proposal.progress.state}, no longer open`);
  }
  if (context.clock.now() >= proposal.expiresMs) {
    expire(context, proposal);
    throw new Failure('conflict', `“${proposal.title}” has expired: propose it again on fresh state`);
  }
}

function requireCeremony(context: ProposalContext, { verdict, target }: Proposal, given: Answer): void {
  const stop = context.stop();
  if (stop.stopped)
    throw new Failure('stopped', `Stopped by ${stop.by}: lift the stop before anything is approved`);
  if (verdict.kind !== 'offer') throw new Failure('conflict', 'The guard did not offer it');
  if (verdict.tier === 'two-person') {
    throw new Failure(
      'refused',
      'This tier takes a second identity, which this installation does not have yet',
    );
  }
  if (verdict.tier === 'confirm' && given.typedTarget !== target.name) {
    throw new Failure('bad_input', `Type ${target.name} to confirm`);
  }
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

/** Whose key approves is on record before anything is approved with it. */
function announced({ ledger }: ProposalContext, { publicKey }: Signer): NewEntry[] {
  const known = ledger.approverKey();
  if (!known) {
    const actor = { kind: 'host', name: 'countersign' } as const;
    return [{ kind: 'approver.key', actor, body: { publicKey: base64(publicKey) } }];
  }
  if (Buffer.compare(known, publicKey) === 0) return [];
  throw new Failure(
    'conflict',
    'The key that approves is not the one that the log announced: put back the vault it is in, or begin a new log',
  );
}

function signed(
  context: ProposalContext,
  proposal: Proposal,
  given: Answer,
  approver: Signer,
): { decision: Decision; entry: Pick<NewEntry, 'body' | 'apart'> } {
  const decision = {
    answer: given.answer,
    person: given.person,
    atMs: context.clock.now(),
    reason: given.reason,
    shownDigest: given.shownDigest,
  };
  const { body, apart, text } = decisionToSign({
    ...decision,
    proposal: proposal.id,
    envelope: proposal.verdict.envelope.digest,
  });
  const signature = base64(approver.sign(text));
  return {
    decision: { ...decision, signature },
    entry: { body: { ...body, signature, publicKey: base64(approver.publicKey) } as NewEntry['body'], apart },
  };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
