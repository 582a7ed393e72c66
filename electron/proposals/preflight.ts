import type { Proposal, Recheck, Verdict } from '../../shared/vocabulary/proposal.ts';
import { guard } from '../guard/guard.ts';
import { messageOf } from '../platform/failure.ts';
import { nameOf, type ProposalContext, REACH_TIMEOUT_MS } from './context.ts';
import { guardRequest } from './guard-facts.ts';

/** The action and the systems of a stored proposal; null with a sentence where one of them is gone. */
export function partsOf(context: ProposalContext, proposal: Proposal) {
  const action = context.actions.find(({ name }) => name === proposal.action);
  const cluster = context.cluster(proposal.target.cluster);
  return action && cluster ? { action, input: action.input.parse(proposal.arguments), ...cluster } : null;
}

/** Reads the target afresh and says whether the plan still stands on it. Never throws. */
export async function recheckTarget(
  context: ProposalContext,
  proposal: Proposal,
): Promise<Recheck['answer']> {
  const parts = partsOf(context, proposal);
  if (!parts)
    return { kind: 'unreadable', because: `the cluster of ${nameOf(proposal.target)} is not connected` };
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    return await parts.action.preflight(parts.input, proposal.seen, parts.reader, signal);
  } catch (error) {
    return { kind: 'unreadable', because: messageOf(error) };
  }
}

/** The guard's word on a stored proposal now: envelope, windows, limits and stop as they are at this moment. */
export async function guardAgain(context: ProposalContext, proposal: Proposal): Promise<Verdict> {
  const parts = partsOf(context, proposal);
  if (!parts) throw new Error(`No parts for ${proposal.id}: recheck the target first`);
  const plan = await parts.reader.deployment(proposal.target, AbortSignal.timeout(REACH_TIMEOUT_MS));
  return guard(
    guardRequest(context, {
      ...proposal,
      plan: { ...proposal, serviceTier: plan.serviceTier, managedBy: plan.managedBy },
    }),
    context.envelope(),
  );
}
