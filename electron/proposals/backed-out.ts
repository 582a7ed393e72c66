import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { type ProposalContext, serviceOf, take } from './context.ts';

/** Once a back-out was applied, what it undid says so, and is watched no longer. */
export function markBackedOut(context: ProposalContext, backOut: Proposal): void {
  if (backOut.backsOut === null) return;
  const undone = context.repository.find(backOut.backsOut);
  if (!undone) return;
  const { progress } = undone;
  const isOpen = progress.state === 'watching' || (progress.state === 'done' && !progress.backedOut);
  if (!isOpen) return;
  const atMs = context.clock.now();
  const sentence = 'Backed out before its effect could be judged';
  take(context, undone, { kind: 'back-out', by: backOut.id, atMs, sentence }, [
    {
      kind: 'outcome',
      incident: undone.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: { proposal: undone.id, backedOutBy: backOut.id },
    },
  ]);
  context.timeline.record(undone.incident, {
    sort: 'outcome',
    ref: undone.id,
    service: serviceOf(undone),
    title: `Backed out: ${undone.title}`,
  });
}
