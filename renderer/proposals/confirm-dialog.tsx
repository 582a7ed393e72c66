import { useEffect, useState } from 'react';
import type { Identities } from '../../shared/vocabulary/identity.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { useIdentities } from '../state/identities.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { obstacleTo, tierOf } from './approval.ts';
import { RecheckLine, useRecheck, useRecheckOnce } from './recheck-line.tsx';
import { ShownBlock } from './shown-block.tsx';
import { type Decider, likelyDecider, TwoPeople, WhoDecides } from './who-decides.tsx';

type ConfirmDialogProps = {
  proposal: Proposal;
  busy: boolean;
  problem: string | null;
  /** `decider` is who signs; undefined while nobody could be asked about. */
  onApprove(typedTarget: string, decider: (Decider & { takesOver: boolean }) | undefined): void;
  onClose(): void;
};

/** The same text once more, who signs it, and the target's name to type: the ceremony of the tiers above one click. */
export function ConfirmDialog({ proposal, busy, problem, onApprove, onClose }: ConfirmDialogProps) {
  const known = useIdentities().value;
  const { recheck, problem: recheckProblem, ask } = useRecheck(proposal);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<Decider | null>(null);
  useRecheckOnce(ask);
  const { state } = proposal.progress;
  const open = state === 'offered' && obstacleTo(recheck) === null;
  const matches = typed === proposal.target.name;
  const decider = known ? deciding(known, chosen, proposal) : undefined;

  // From here on the card tells: the answer to the call only comes when the execution has ended.
  const begun = state === 'approved' || 'execution' in proposal.progress;
  useEffect(() => {
    if (begun) onClose();
  }, [begun, onClose]);

  return (
    <Dialog wide title="Confirm approval" about={<Inert text={proposal.title} />} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && open && matches && decider?.isReady !== false) onApprove(typed, decider);
        }}
      >
        <ShownBlock proposal={proposal} />
        <RecheckLine proposal={proposal} recheck={recheck} problem={recheckProblem} />
        {tierOf(proposal) === 'two-person' && <TwoPeople proposal={proposal} />}
        {known && decider && <WhoDecides known={known} decider={decider} onChange={setChosen} />}
        <TextField
          label={`Type ${inertLine(proposal.target.name)} to confirm`}
          value={typed}
          autoFocus
          onChange={(event) => setTyped(event.target.value)}
        />
        {state !== 'offered' && !begun && (
          <Problem>This proposal is not open any more. Close this and read the card.</Problem>
        )}
        {problem && <Problem>{problem}</Problem>}
        {decider && (
          <p className="field-hint">
            <Inert text={decider.name} /> signs exactly the text above.
          </p>
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            disabled={busy || !open || !matches || decider?.isReady === false}
          >
            Approve
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const SHORTEST = 8;

function deciding(known: Identities, chosen: Decider | null, proposal: Proposal) {
  const decider = chosen ?? { identity: likelyDecider(known, proposal), passphrase: '' };
  const person = known.identities.find(({ id }) => id === decider.identity);
  const takesOver = decider.identity !== known.current;
  const isReady = !takesOver || person?.asksPassphrase === false || decider.passphrase.length >= SHORTEST;
  return { ...decider, name: person?.name ?? '', takesOver, isReady };
}
