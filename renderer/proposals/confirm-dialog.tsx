import { Users } from 'lucide-react';
import { useState } from 'react';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { usePerson } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { approvalOf, tierOf } from './approval.ts';
import { RecheckLine, useRecheck, useRecheckOnce } from './recheck-line.tsx';
import { ShownBlock } from './shown-block.tsx';

/** The same text once more, and the target's name to type: the ceremony of the tiers above one click. */
export function ConfirmDialog({ proposal, onClose }: { proposal: Proposal; onClose(): void }) {
  const person = usePerson();
  const { recheck, problem: recheckProblem, ask } = useRecheck(proposal);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useRecheckOnce(ask);
  const open = proposal.progress.state === 'offered' && recheck?.answer.kind !== 'drifted';
  const matches = typed === proposal.target.name;

  const approve = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await call('proposals.approve', await approvalOf(proposal, typed));
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };

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
          if (!busy && open && matches) void approve();
        }}
      >
        <TextField
          label={`Type ${inertLine(proposal.target.name)} to confirm`}
          value={typed}
          autoFocus
          onChange={(event) => setTyped(event.target.value)}
        />
        {!open && <Problem>This proposal is not open any more. Close this and read the card.</Problem>}
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
