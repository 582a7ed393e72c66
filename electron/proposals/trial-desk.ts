import type { Proposal, Trial } from '../../shared/vocabulary/proposal.ts';
import type { ProposalContext } from './context.ts';
import { tryOut } from './trial.ts';

/** A trial counts this long: cards are looked at more often than an API server wants to be asked. */
const FRESH_MS = 30_000;

/** The newest trial of each open proposal; those who ask while one is under way share it. */
export function trialDesk(context: ProposalContext) {
  const trials = new Map<string, { askedMs: number; trial: Promise<Trial> }>();
  return {
    of(proposal: Proposal): Promise<Trial> {
      const nowMs = context.clock.now();
      const known = trials.get(proposal.id);
      const ageMs = known ? nowMs - known.askedMs : Number.POSITIVE_INFINITY;
      if (known && ageMs >= 0 && ageMs < FRESH_MS) return known.trial;
      const trial = tryOut(context, proposal);
      trials.set(proposal.id, { askedMs: nowMs, trial });
      return trial;
    },
    forget: (id: string): void => void trials.delete(id),
  };
}
