import { Users } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { usePerson } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { tierOf } from './approval.ts';
import { RecheckLine, useRecheck, useRecheckOnce } from './recheck-line.tsx';
import { ShownBlock } from './shown-block.tsx';

type ConfirmDialogProps = {
  proposal: Proposal;
  busy: boolean;
  problem: string | null;
  onApprove(typedTarget: string): void;
  onClose(): void;
};

/** The same text once more, and the target's name to type: the ceremony of the tiers above one click. */
export function ConfirmDialog({ proposal, busy, problem, onApprove, onClose }: ConfirmDialogProps) {
  const person = usePerson();
  const { recheck, problem: recheckProblem, ask } = useRecheck(proposal);
  const [typed, setTyped] = useState('');
  useRecheckOnce(ask);
  const { state } = proposal.progress;
  const open = state === 'offered' && recheck?.answer.kind !== 'drifted';
  const matches = typed === proposal.target.name;

  // From here on the card tells: the answer to the call only comes when the execution has ended.
  const begun = state === 'approved' || 'execution' in proposal.progress;
  useEffect(() => {
    if (begun) onClose();
  }, [begun, onClose]);

  return (
    <Dialog wide title="Confirm approval" about={<Inert text={proposal.title} />} onClose={onClose}>
      <ShownBlock proposal={proposal} />
      <RecheckLine proposal={proposal} recheck={recheck} problem={recheckProblem} />
      {tierOf(proposal) === 'two-person' && (
        <p className="two-person">
          <Users size={14} aria-hidden />
          <span>
            Two people must decide this. A second identity, other than <Inert text={person} />, has to approve
            as well before anything is executed.
          </span>
        </p>
      )}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && open && matches) onApprove(typed);
        }}
      >
        <TextField
          label={`Type ${inertLine(proposal.target.name)} to confirm`}
          value={typed}
          autoFocus
          onChange={(event) => setTyped(event.target.value)}
        />
        {!open && !begun && (
          <Problem>This proposal is not open any more. Close this and read the card.</Problem>
        )}
        {problem && <Problem>{problem}</Problem>}
        <p className="field-hint">
          <Inert text={person} /> signs exactly the text above.
        </p>
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || !open || !matches}>
            Approve
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
