import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { Inert } from '../ui/inert.tsx';

/** Progress in which a proposal still is, or was, an answer; one that was turned down or ran out is none. */
const ANSWERS: readonly Proposal['progress']['state'][] = [
  'offered',
  'approved',
  'executing',
  'watching',
  'done',
];

/**
 * That something was proposed after this was handed over because nothing could be: otherwise a room says beside each other
 * that a cause is found and that none is. Only a person closes it.
 */
export function SinceLine({
  escalation,
  proposals,
}: {
  escalation: Pick<Escalation, 'openedMs' | 'proposal'>;
  proposals: readonly Proposal[];
}) {
  const since = answerTo(escalation, proposals);
  return since ? (
    <p>
      Since then proposed: <Inert text={since.title} />. Close this if that settles it.
    </p>
  ) : null;
}

function answerTo(
  { openedMs, proposal }: Pick<Escalation, 'openedMs' | 'proposal'>,
  proposals: readonly Proposal[],
): Proposal | undefined {
  // One that is about a proposal, such as an outcome that got worse, is not settled by another.
  if (proposal !== null) return undefined;
  return proposals.findLast(
    ({ proposedMs, progress }) => proposedMs > openedMs && ANSWERS.includes(progress.state),
  );
}
