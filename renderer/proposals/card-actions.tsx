import { useState } from 'react';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { usePerson } from '../state/host.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { canProposeAgain } from './approval.ts';
import { ReviseDialog } from './revise-dialog.tsx';

/** What can be done with a proposal besides deciding it: change it, take one's own back, make it anew. */
export function CardActions({ proposal }: { proposal: Proposal }) {
  const person = usePerson();
  const [asking, setAsking] = useState<'revise' | 'withdraw' | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const { proposedBy, progress } = proposal;
  const open = progress.state === 'offered';
  const mine = proposedBy.kind === 'person' && proposedBy.name === person;
  const close = () => setAsking(null);
  if (!open && !canProposeAgain(proposal)) return null;

  const again = () =>
    attempt(async () => {
      const made = await call('proposals.again', { proposal: proposal.id });
      useView.setState({ focusedProposal: made.id });
    });
  return (
    <>
      {open && (
        <Button small look="quiet" onClick={() => setAsking('revise')}>
          Revise…
        </Button>
      )}
      {open && mine && (
        <Button small look="quiet" onClick={() => setAsking('withdraw')}>
          Withdraw…
        </Button>
      )}
      {canProposeAgain(proposal) && (
        <Button small disabled={busy} onClick={() => void again()}>
          Propose again
        </Button>
      )}
      {problem && <Problem>{problem}</Problem>}
      {asking === 'revise' && <ReviseDialog proposal={proposal} onClose={close} />}
      {asking === 'withdraw' && (
        <ReasonDialog
          title="Withdraw this proposal"
          about={<Inert text={proposal.title} />}
          keptAs={`withdraw.${proposal.id}`}
          action="Withdraw it"
          onSubmit={async (reason) => {
            try {
              await call('proposals.withdraw', { proposal: proposal.id, reason });
            } catch (error) {
              throw new Error(messageOf(error));
            }
          }}
          onClose={close}
        />
      )}
    </>
  );
}
