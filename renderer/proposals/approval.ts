import type { Approval } from '../../shared/bridge/contract.ts';
import { shownText } from '../../shared/formats/shown-text.ts';
import type { Proposal, ProposalState, Recheck } from '../../shared/vocabulary/proposal.ts';
import { sha256Hex } from '../ui/digest.ts';

/**
 * INVARIANT: the digest is taken over the very proposal object that the card or dialog rendered, so that what is signed
 * is what was seen; a proposal that changed in the host meanwhile has another digest and is refused there.
 */
export const digestOfShown = (shown: Proposal): Promise<string> => sha256Hex(shownText(shown));

export async function approvalOf(shown: Proposal, typedTarget?: string): Promise<Approval> {
  const approval = { proposal: shown.id, shownDigest: await digestOfShown(shown) };
  return typedTarget === undefined ? approval : { ...approval, typedTarget };
}

/** Why Approve stays disabled as things stand on the server, or null; the host refuses by the same answers. */
export function obstacleTo(recheck: Recheck | undefined): string | null {
  if (!recheck) return 'The live target has not been checked yet';
  if (recheck.answer.kind === 'drifted') return 'It changed since it was proposed';
  if (recheck.answer.kind === 'unreadable') return 'The live target cannot be read';
  const { trial } = recheck;
  if (!trial) return 'It has not been tried on the server yet';
  if (trial.permissions.kind === 'refused') return 'The credentials may not do all of it';
  if (trial.action.kind === 'refused') return 'The server would not take it';
  return trial.backOut.kind === 'refused' ? 'The server would not take the way back' : null;
}

/** It came to nothing, and may still be wanted. */
export const canProposeAgain = ({ progress: { state } }: Proposal): boolean =>
  state === 'voided' || state === 'expired' || state === 'withdrawn';

export const tierOf = ({ verdict }: Proposal) => (verdict.kind === 'offer' ? verdict.tier : null);

/** It was executed and not undone yet. */
export const canBackOut = (proposal: Proposal): boolean => {
  const { progress } = proposal;
  return progress.state === 'watching' || (progress.state === 'done' && !progress.backedOut);
};

const PUT_AWAY: ReadonlySet<ProposalState> = new Set([
  'denied',
  'escalated',
  'expired',
  'voided',
  'withdrawn',
  'refused',
  'judged',
]);

/** Nothing more will come of it, so that it may be put away. */
export const isSettled = ({ progress }: Proposal): boolean => PUT_AWAY.has(progress.state);
