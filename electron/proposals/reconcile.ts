import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { type ProposalContext, take } from './context.ts';

/**
 * Puts right what an earlier process left in the middle, and returns what is still to be watched. INVARIANT: nothing is sent
 * from here. What was approved and not begun is void; what was begun is unknown until a human closes it.
 */
export function reconcile(context: ProposalContext): Proposal[] {
  const atMs = context.clock.now();
  const host = { kind: 'host', name: 'countersign' } as const;
  for (const proposal of context.repository.inState('approved')) {
    const because = 'Countersign ended before anything was sent';
    take(context, proposal, { kind: 'void', atMs, because }, [
      {
        kind: 'result',
        incident: proposal.incident,
        actor: host,
        body: { proposal: proposal.id, state: 'voided', because },
      },
    ]);
  }
  for (const proposal of context.repository.inState('executing')) {
    const because =
      'Countersign ended between the intent and the result: look at what the target shows, then say what happened';
    take(context, proposal, { kind: 'lose', atMs, because }, [
      {
        kind: 'result',
        incident: proposal.incident,
        actor: host,
        body: { proposal: proposal.id, state: 'unknown', because },
      },
    ]);
  }
  return context.repository.inState('watching');
}
