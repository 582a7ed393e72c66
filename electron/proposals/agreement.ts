import type { ProposalRepository } from '../store/proposal-repository.ts';

/** How often people answered as the guard would have let happen, in stage shadow. */
export type Agreement = {
  action: string;
  agreed: number;
  disagreed: number;
  /** Agreed out of all that were judged, 0..1. */
  rate: number;
};

type Within = { sinceMs?: number; envelopeDigest?: string };

/** The agreement with each action that was judged in stage shadow, by the name of the action. */
export function agreement(
  repository: Pick<ProposalRepository, 'inState'>,
  { sinceMs = 0, envelopeDigest }: Within = {},
): Agreement[] {
  const counts = new Map<string, { agreed: number; disagreed: number }>();
  for (const { action, progress, verdict } of repository.inState('judged')) {
    if (progress.state !== 'judged' || progress.decision.atMs < sinceMs) continue;
    if (envelopeDigest !== undefined && verdict.envelope.digest !== envelopeDigest) continue;
    const count = counts.get(action) ?? { agreed: 0, disagreed: 0 };
    if (progress.decision.answer === 'approve') count.agreed += 1;
    else count.disagreed += 1;
    counts.set(action, count);
  }
  return [...counts]
    .map(([action, { agreed, disagreed }]) => ({
      action,
      agreed,
      disagreed,
      rate: agreed / (agreed + disagreed),
    }))
    .sort((a, b) => (a.action < b.action ? -1 : 1));
}
