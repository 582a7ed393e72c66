import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { nameOf, type ProposalContext } from './context.ts';
import { partsOf } from './preflight.ts';
import { propose, type Wish } from './propose.ts';

/** The wish to undo an executed proposal; it is judged and decided like any other. */
export function wishToBackOut(
  context: ProposalContext,
  executed: Proposal,
  by: { proposedBy: Proposal['proposedBy']; restsOn: string },
): Wish {
  const { progress, expectedEffect } = executed;
  if (progress.state !== 'watching' && progress.state !== 'done') {
    throw new Failure('conflict', `“${executed.title}” is ${progress.state}: there is nothing to back out`);
  }
  if (progress.state === 'done' && progress.backedOut) {
    throw new Failure('conflict', `“${executed.title}” was backed out by ${progress.backedOut.by} already`);
  }
  const parts = partsOf(context, executed);
  if (!parts) throw new Failure('not_found', `${executed.target.cluster} is not connected`);
  const way = parts.action.backOut(parts.input, executed.seen);
  if (!way) {
    throw new Failure(
      'conflict',
      `“${executed.title}”: the cluster undoes it by itself, nothing is to be sent`,
    );
  }
  return {
    incident: executed.incident,
    ...way,
    expectedEffect: {
      ...expectedEffect,
      threshold: noWorseThan(expectedEffect, progress.watch.before),
      sentence: `${expectedEffect.metric} of ${expectedEffect.service} no worse than before the action within ${Math.round(expectedEffect.withinMs / 60_000)} min`,
    },
    rationale: `Backs out “${executed.title}”`,
    evidence: [],
    confidence: executed.confidence,
    confidenceRestsOn: by.restsOn,
    proposedBy: by.proposedBy,
    backsOut: executed.id,
    causes: [],
  };
}

function noWorseThan({ comparison, threshold }: Proposal['expectedEffect'], before: number | null): number {
  if (before === null) return threshold;
  return comparison === 'below' ? Math.max(before, threshold) : Math.min(before, threshold);
}

/**
 * What made things worse gets its way back offered at once; a human decides it. Where that cannot even be planned, a human
 * is told how to do it by hand. A back-out that made things worse is not turned round by itself.
 */
export async function offerBackOut(context: ProposalContext, worse: Proposal): Promise<Proposal | null> {
  if (worse.backsOut !== null) return null;
  const host = { kind: 'host', name: 'countersign' } as const;
  try {
    const restsOn = 'the metrics got worse after the execution';
    return await propose(context, wishToBackOut(context, worse, { proposedBy: host, restsOn }));
  } catch (error) {
    context.logger.warn({ proposal: worse.id, error: messageOf(error) }, 'no way back could be proposed');
    context.openEscalation({
      incident: worse.incident,
      title: `${worse.title} made things worse`,
      because: `The way back could not be proposed: ${messageOf(error)}`,
      recommended: `Read ${nameOf(worse.target)} yourself, then run: ${worse.backOutCommand}`,
      proposal: worse.id,
    });
    return null;
  }
}
