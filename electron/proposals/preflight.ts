import type { Difference, Proposal, Recheck, Verdict } from '../../shared/vocabulary/proposal.ts';
import { guard } from '../guard/guard.ts';
import { messageOf } from '../platform/failure.ts';
import { nameOf, type ProposalContext, REACH_TIMEOUT_MS } from './context.ts';
import { differencesBetween } from './facts.ts';
import { guardRequest } from './guard-facts.ts';
import { namespaceFacts, relabelled } from './namespace-labels.ts';

/** The action and the systems of a stored proposal; null with a sentence where one of them is gone. */
export function partsOf(context: ProposalContext, proposal: Proposal) {
  const action = context.actions.find(({ name }) => name === proposal.action);
  const reach = action?.reach(context.systems(proposal.target.cluster));
  return action && reach ? { action, input: action.input.parse(proposal.arguments), ...reach } : null;
}

/** Reads the target afresh and says whether the plan still stands on it. Never throws. */
export async function recheckTarget(
  context: ProposalContext,
  proposal: Proposal,
): Promise<Recheck['answer']> {
  const parts = partsOf(context, proposal);
  if (!parts)
    return {
      kind: 'unreadable',
      because: `what ${nameOf(proposal.target)} is reached through is not connected`,
    };
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    const found = await parts.preflight(parts.input, proposal.seen, signal);
    const labels = await labelsUnderSameEnvelope(context, proposal, signal);
    const otherLabels = relabelled(proposal.seen, labels);
    if (found.kind === 'unchanged' && otherLabels === null) return found;
    const because = found.kind === 'drifted' ? found.because : (otherLabels ?? '');
    return { kind: 'drifted', because, differences: await differencesNow(context, proposal, labels) };
  } catch (error) {
    return { kind: 'unreadable', because: messageOf(error) };
  }
}

/** Another envelope may ask for other labels; that it is another is said for itself, and is no drift. */
function labelsUnderSameEnvelope(
  context: ProposalContext,
  { target, seen, verdict }: Proposal,
  signal: AbortSignal,
): Promise<Proposal['seen']> {
  const inForce = context.envelope();
  const isSame = inForce.kind === 'in-force' && inForce.loaded.digest === verdict.envelope.digest;
  return isSame ? namespaceFacts(context, target, inForce, signal) : Promise.resolve(seen);
}

/** What is otherwise than when it was proposed. Where no plan can be made any more, the words of the drift must do. */
async function differencesNow(
  context: ProposalContext,
  proposal: Proposal,
  labels: Proposal['seen'],
): Promise<Difference[]> {
  const parts = partsOf(context, proposal);
  try {
    const plan = await parts?.plan(parts.input, AbortSignal.timeout(REACH_TIMEOUT_MS));
    return plan ? differencesBetween(proposal.seen, { ...plan.seen, ...labels }) : [];
  } catch (error) {
    context.logger.debug({ proposal: proposal.id, error: messageOf(error) }, 'no plan on the drifted target');
    return [];
  }
}

/**
 * The guard's word on a stored proposal now, on a plan made anew: blast radius, owner, envelope, windows, limits and stop
 * as they are at this moment.
 */
export async function guardAgain(context: ProposalContext, proposal: Proposal): Promise<Verdict> {
  const parts = partsOf(context, proposal);
  if (!parts) throw new Error(`No parts for ${proposal.id}: recheck the target first`);
  const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
  const plan = await parts.plan(parts.input, signal);
  const inForce = context.envelope();
  const seen = { ...plan.seen, ...(await namespaceFacts(context, proposal.target, inForce, signal)) };
  return guard(guardRequest(context, { ...proposal, plan, seen }, inForce), inForce);
}
