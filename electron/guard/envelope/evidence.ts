/** What speaks for trusting an action further: how often it was executed cleanly, and how often people agreed with it. Pure. */

import type { ActionEvidence } from '../../../shared/vocabulary/envelope.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';

/** What people answered in stage shadow, by action. */
export type Judged = { action: string; agreed: number; disagreed: number };

/** In the order of the names given, from every proposal about real incidents. */
export function evidenceFor(
  actions: readonly string[],
  proposals: readonly Proposal[],
  judged: readonly Judged[],
): ActionEvidence[] {
  return actions.map((action) => {
    const own = proposals.filter((proposal) => proposal.action === action && proposal.backsOut === null);
    const { agreed, disagreed } = judged.find((one) => one.action === action) ?? { agreed: 0, disagreed: 0 };
    const counted = {
      action,
      executions: own.filter(wasExecuted).length,
      clean: own.filter((proposal) => wasClean(proposal, proposals)).length,
      judgements: agreed + disagreed,
      agreements: agreed,
    };
    return { ...counted, sentence: inWords(counted) };
  });
}

const wasExecuted = ({ progress }: Proposal): boolean => 'execution' in progress;

/** It was applied, did not make things worse as far as was seen, and nobody took it back. */
function wasClean({ id, progress }: Proposal, all: readonly Proposal[]): boolean {
  if (progress.state !== 'done' || (progress.outcome !== 'improved' && progress.outcome !== 'unchanged'))
    return false;
  return !all.some(({ backsOut, progress: back }) => backsOut === id && 'execution' in back);
}

function inWords({
  action,
  executions,
  clean,
  judgements,
  agreements,
}: Omit<ActionEvidence, 'sentence'>): string {
  const done =
    executions === 0
      ? 'never executed here'
      : `${clean} of ${executions} execution${executions === 1 ? '' : 's'} clean`;
  const agreed =
    judgements === 0
      ? 'never judged in shadow mode'
      : `people agreed with ${agreements} of ${judgements} in shadow mode (${Math.round((100 * agreements) / judgements)} %)`;
  return `${action}: ${done}, ${agreed}`;
}
