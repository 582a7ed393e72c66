import { useEffect, useState } from 'react';
import type { ProposableAction } from '../../shared/vocabulary/hand-proposal.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useView } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Inert } from '../ui/inert.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { argumentForms, argumentsOf, filledIn } from './argument-fields.ts';
import { ArgumentInputs } from './argument-inputs.tsx';
import { FormEnd } from './form-end.tsx';

type ReviseDialogProps = { proposal: Proposal; onClose(): void };

/** The same action with other arguments. The open proposal is withdrawn in favour of the new one, which is decided anew. */
export function ReviseDialog({ proposal, onClose }: ReviseDialogProps) {
  const [action, setAction] = useState<ProposableAction | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    call('proposals.actions', { incident: proposal.incident })
      .then((all) => {
        const found = all.find(({ name }) => name === proposal.action);
        if (found) setAction(found);
        else setProblem(`There is no action ${proposal.action} any more`);
      })
      .catch((error: unknown) => setProblem(messageOf(error)));
  }, [proposal.incident, proposal.action]);
  return (
    <Dialog wide title="Revise this proposal" about={<Inert text={proposal.title} />} onClose={onClose}>
      {problem !== null && <Failed title="The action could not be read" message={problem} />}
      {problem === null && action === null && <Loading what="Reading the action" />}
      {action !== null && <ReviseForm proposal={proposal} action={action} onClose={onClose} />}
    </Dialog>
  );
}

function ReviseForm({ proposal, action, onClose }: ReviseDialogProps & { action: ProposableAction }) {
  const forms = argumentForms(action.schema);
  const fields = (forms.find(({ label }) => label === proposal.target.kind) ?? forms[0])?.fields ?? [];
  const [filled, setFilled] = useState(() =>
    filledIn(fields, { cluster: action.connections[0]?.id, ...proposal.arguments }),
  );
  const [rationale, setRationale] = useState(proposal.rationale);
  const [denied, setDenied] = useState<Proposal | null>(null);
  const { busy, problem, attempt, tell } = useAttempt();

  const submit = () => {
    const read = argumentsOf(fields, filled);
    if ('problem' in read) return tell(read.problem);
    setDenied(null);
    void attempt(async () => {
      const revised = await call('proposals.revise', { proposal: proposal.id, input: read.input, rationale });
      if (revised.verdict.kind === 'deny') return setDenied(revised);
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
          onChange={(name, text) => setFilled({ ...filled, [name]: text })}
        />
      </fieldset>
      <FormEnd
        rationale={rationale}
        onRationale={setRationale}
        problem={problem}
        denied={denied}
        busy={busy}
        action="Propose the revision"
        onClose={onClose}
      />
    </form>
  );
}
