import type { Proposal, SignedAnswer } from '../../shared/vocabulary/proposal.ts';
import { environmentOf } from '../guard/environment-of.ts';
import type { ProposalContext } from './context.ts';
import { whyNotListed } from './may-approve.ts';
import { namespaceLabelsIn } from './namespace-labels.ts';

/** What a proposal comes to in stage shadow. */
export const NOTHING_EXECUTED = 'Recorded, nothing executed: stage is shadow';

/** Whether an approval would lead to an execution: in stage shadow none does. */
export function executes(context: ProposalContext, { verdict }: Proposal): boolean {
  const inForce = context.envelope();
  const isShadow = inForce.kind === 'in-force' && inForce.loaded.envelope.stage === 'shadow';
  return verdict.kind === 'offer' && verdict.executes !== false && !isShadow;
}

export const takesTwo = ({ verdict }: Proposal): boolean =>
  verdict.kind === 'offer' && verdict.tier === 'two-person';

/** The first of two approvals, where one was given already. */
export const firstApproval = ({ progress }: Proposal): SignedAnswer | undefined =>
  progress.state === 'offered' ? progress.approvals?.[0] : undefined;

/** Why the envelope in force is not the one that it was offered under, or null. */
export function envelopeChanged(context: ProposalContext, { verdict }: Proposal): string | null {
  const inForce = context.envelope();
  if (inForce.kind === 'none') return `No envelope is in force: ${inForce.because}`;
  const { digest, envelope } = inForce.loaded;
  if (digest === verdict.envelope.digest) return null;
  return `The envelope changed since proposed: version ${envelope.version}, was ${verdict.envelope.version}`;
}

/** Why the envelope does not let this person approve it, or null. */
export function whyNotApprover(
  context: ProposalContext,
  { action, target, verdict, seen }: Proposal,
  who: { person: string; publicKey: string },
): string | null {
  const inForce = context.envelope();
  if (verdict.kind !== 'offer' || inForce.kind === 'none') return 'The guard does not offer it';
  const { envelope } = inForce.loaded;
  const namespaceLabels = namespaceLabelsIn(seen);
  const environment = environmentOf(envelope, { target, cluster: target.cluster, namespaceLabels });
  return whyNotListed(envelope.approvers, who, { action, environment, tier: verdict.tier });
}
