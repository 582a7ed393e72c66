import { useEffect, useState } from 'react';
import type { ProposableAction } from '../../shared/vocabulary/hand-proposal.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { useRoom } from '../state/room.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useView } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Failed, Loading, Problem } from '../ui/panel-states.tsx';
import { argumentForms, argumentsOf, filledIn } from './argument-fields.ts';
import { ArgumentInputs } from './argument-inputs.tsx';
import { FormEnd } from './form-end.tsx';
import { thresholdOf } from './threshold.ts';

type ProposeDialogProps = { incident: IncidentId; onClose(): void };

/** A person proposes an action: the guard judges it like the analyst's, and it is decided like any other. */
export function ProposeDialog({ incident, onClose }: ProposeDialogProps) {
  const [actions, setActions] = useState<ProposableAction[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    call('proposals.actions', { incident })
      .then((all) => setActions(all.filter(({ connections }) => connections.length > 0)))
      .catch((error: unknown) => setProblem(messageOf(error)));
  }, [incident]);
  const [first] = actions ?? [];
  return (
    <Dialog wide title="Propose an action" onClose={onClose}>
      {problem !== null && <Failed title="The actions could not be read" message={problem} />}
      {problem === null && actions === null && <Loading what="Reading the actions" />}
      {actions !== null && !first && (
        <Problem>No system is connected that anything could be done on. Connect one in the settings.</Problem>
      )}
      {actions !== null && first && (
        <ProposeForm incident={incident} actions={actions} first={first} onClose={onClose} />
      )}
    </Dialog>
  );
}

type ProposeFormProps = ProposeDialogProps & { actions: ProposableAction[]; first: ProposableAction };

function ProposeForm({ incident, actions, first, onClose }: ProposeFormProps) {
  const [action, setAction] = useState(first);
  const [way, setWay] = useState(0);
  const [given, setGiven] = useState<Record<string, string>>({});
  const [denied, setDenied] = useState<Proposal | null>(null);
  const effect = useLikelyEffect();
  const [expected, setExpected] = useState(effect);
  const [rationale, setRationale] = useState('');
  const { busy, problem, attempt, tell } = useAttempt();

  const forms = argumentForms(action.schema);
  const form = forms[way] ?? forms[0];
  const fields = form?.fields ?? [];
  const [connection] = action.connections;
  const filled = { ...filledIn(fields, { cluster: connection?.id }), ...given };
  const change = (name: string, text: string) => setGiven({ ...given, [name]: text });
  const expect = (member: keyof typeof expected) => (event: { target: { value: string } }) =>
    setExpected({ ...expected, [member]: event.target.value });

  const submit = () => {
    const read = argumentsOf(fields, filled);
    if ('problem' in read) return tell(read.problem);
    const threshold = thresholdOf(expected.threshold);
    if (threshold === null) return tell('Threshold is no number: write 0.025 or 2.5 % for a share');
    setDenied(null);
    void attempt(async () => {
      const proposal = await call('proposals.propose', {
        incident,
        action: action.name,
        input: read.input,
        expectedEffect: {
          service: expected.service,
          metric: expected.metric,
          comparison: expected.comparison === 'above' ? 'above' : 'below',
          threshold,
          withinMinutes: Number(expected.withinMinutes),
        },
        rationale,
      });
      if (proposal.verdict.kind === 'deny') return setDenied(proposal);
      useView.setState({ focusedProposal: proposal.id });
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
      <SelectField
        label="Action"
        hint={action.purpose}
        value={action.name}
        autoFocus
        onChange={(event) => {
          setAction(actions.find(({ name }) => name === event.target.value) ?? first);
          setWay(0);
          const { namespace, name } = given;
          setGiven({ ...(namespace ? { namespace } : {}), ...(name ? { name } : {}) });
        }}
      >
        {actions.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      {forms.length > 1 && (
        <SelectField label="On" value={way} onChange={(event) => setWay(Number(event.target.value))}>
          {forms.map(({ label }, index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
      <fieldset className="propose-group">
        <legend>Target and arguments</legend>
        <ArgumentInputs fields={fields} filled={filled} connections={action.connections} onChange={change} />
      </fieldset>
      <fieldset className="propose-group">
        <legend>Expected effect, which is measured afterwards</legend>
        <TextField label="Service" value={expected.service} onChange={expect('service')} />
        <TextField label="Metric" value={expected.metric} onChange={expect('metric')} />
        <SelectField label="Is to be" value={expected.comparison} onChange={expect('comparison')}>
          <option>below</option>
          <option>above</option>
        </SelectField>
        <TextField
          label="Threshold"
          hint="in the unit of the metric; a share as 0.025 or 2.5 %"
          inputMode="decimal"
          value={expected.threshold}
          onChange={expect('threshold')}
        />
        <TextField
          label="Within minutes"
          inputMode="numeric"
          value={expected.withinMinutes}
          onChange={expect('withinMinutes')}
        />
      </fieldset>
      <FormEnd
        rationale={rationale}
        onRationale={setRationale}
        problem={problem}
        denied={denied}
        busy={busy}
        action="Propose"
        onClose={onClose}
      />
    </form>
  );
}

/** What is most out of line, back to near its normal: a beginning that the person changes. */
function useLikelyEffect() {
  const worst = useRoom((room) => room.candidates?.anomalies.find(({ kind }) => kind !== 'traffic'));
  return {
    service: worst?.service ?? '',
    metric: worst?.metric ?? '',
    comparison: worst && worst.observed < worst.baseline ? 'above' : 'below',
    threshold: worst
      ? String(Number((worst.baseline + (worst.observed - worst.baseline) / 5).toPrecision(2)))
      : '',
    withinMinutes: '10',
  };
}
