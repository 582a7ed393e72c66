import { useState } from 'react';
import { z } from 'zod';
import type { ProposableAction } from '../../shared/vocabulary/hand-proposal.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useRead } from '../state/use-read.ts';
import { useView } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useKept } from '../ui/draft.ts';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Failed, WhenRead } from '../ui/panel-states.tsx';
import { argumentForms, argumentsOf, filledIn } from './argument-fields.ts';
import { ArgumentInputs } from './argument-inputs.tsx';
import { FormEnd } from './form-end.tsx';

const Revision = z.object({ filled: z.record(z.string(), z.string()), rationale: z.string() });
type Revision = z.infer<typeof Revision>;

type ReviseDialogProps = { proposal: Proposal; onClose(): void };

/** The same action with other arguments. The open proposal is withdrawn in favour of the new one, which is decided anew. */
export function ReviseDialog({ proposal, onClose }: ReviseDialogProps) {
  const actions = useRead(proposal.incident, () =>
    call('proposals.actions', { incident: proposal.incident }),
  );
  return (
    <Dialog wide title="Revise this proposal" about={<Inert text={proposal.title} />} onClose={onClose}>
      <WhenRead of={actions} loading="Reading the action" failed="The action could not be read">
        {(all) => {
          const action = all.find(({ name }) => name === proposal.action);
          return action ? (
            <ReviseForm proposal={proposal} action={action} onClose={onClose} />
          ) : (
            <Failed
              title="It cannot be revised"
              message={`There is no action ${inertLine(proposal.action)} any more.`}
            />
          );
        }}
      </WhenRead>
    </Dialog>
  );
}

function ReviseForm({ proposal, action, onClose }: ReviseDialogProps & { action: ProposableAction }) {
  const forms = argumentForms(action.schema);
  const fields = (forms.find(({ label }) => label === proposal.target.kind) ?? forms[0])?.fields ?? [];
  const [asProposed] = useState<Revision>(() => ({
    filled: filledIn(fields, { cluster: action.connections[0]?.id, ...proposal.arguments }),
    rationale: proposal.rationale,
  }));
  const { value, set, forget } = useKept(
    `revise.${proposal.id}`,
    asProposed,
    (kept) => Revision.safeParse(kept).data,
  );
  const { filled, rationale } = value;
  const [denied, setDenied] = useState<Proposal | null>(null);
  const { busy, problem, attempt, tell } = useAttempt();

  const submit = () => {
    const read = argumentsOf(fields, filled);
    if ('problem' in read) return tell(read.problem);
    setDenied(null);
    void attempt(async () => {
      const revised = await call('proposals.revise', { proposal: proposal.id, input: read.input, rationale });
      if (revised.verdict.kind === 'deny') return setDenied(revised);
      forget();
      useView.setState({ focusedProposal: revised.id });
      onClose();
    });
  };
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) submit();
      }}
    >
      <fieldset className="propose-group">
        <legend>Target and arguments</legend>
        <ArgumentInputs
          fields={fields}
          filled={filled}
          connections={action.connections}
          onChange={(name, text) => set({ filled: { ...filled, [name]: text }, rationale })}
        />
      </fieldset>
      <FormEnd
        rationale={rationale}
        onRationale={(text) => set({ filled, rationale: text })}
        problem={problem}
        denied={denied}
        busy={busy}
        action="Propose the revision"
        onCancel={() => {
          forget();
          onClose();
        }}
      />
    </form>
  );
}
