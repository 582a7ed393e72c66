import type { Approval } from '../../shared/bridge/contract.ts';
import { shownText } from '../../shared/formats/shown-text.ts';
import type { Proposal, ProposalState } from '../../shared/vocabulary/proposal.ts';
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

export const tierOf = ({ verdict }: Proposal) => (verdict.kind === 'offer' ? verdict.tier : null);

/** It was executed, or may have been, so that there is something to undo. */
export const canBackOut = (proposal: Proposal): boolean => {
  const { state } = proposal.progress;
  return state === 'watching' || state === 'done' || state === 'failed' || state === 'unknown';
};

const PUT_AWAY: ReadonlySet<ProposalState> = new Set(['denied', 'escalated', 'expired', 'voided', 'refused']);

/** Nothing more will come of it, so that it may be put away. */
export const isSettled = ({ progress }: Proposal): boolean => PUT_AWAY.has(progress.state);
