import { useState } from 'react';
import { z } from 'zod';
import type { ProposableAction } from '../../shared/vocabulary/hand-proposal.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call } from '../state/call.ts';
import { useRoom } from '../state/room.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useRead } from '../state/use-read.ts';
import { useView } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useKept } from '../ui/draft.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { argumentForms, argumentsOf, filledIn } from './argument-fields.ts';
import { ArgumentInputs } from './argument-inputs.tsx';
import { FormEnd } from './form-end.tsx';
import { thresholdOf } from './threshold.ts';

type ProposeDialogProps = { incident: IncidentId; onClose(): void };

/** A person proposes an action: the guard judges it like the analyst's, and it is decided like any other. */
export function ProposeDialog({ incident, onClose }: ProposeDialogProps) {
  const actions = useRead(incident, () => call('proposals.actions', { incident }));
  return (
    <Dialog wide title="Propose an action" onClose={onClose}>
      <WhenRead of={actions} loading="Reading the actions" failed="The actions could not be read">
        {(all) => {
          const possible = all.filter(({ connections }) => connections.length > 0);
          const [first] = possible;
          return first ? (
            <ProposeForm incident={incident} actions={possible} first={first} onClose={onClose} />
          ) : (
            <Problem>
              No system is connected that anything could be done on. Connect one in the settings.
            </Problem>
          );
        }}
      </WhenRead>
    </Dialog>
  );
}

/** What is filled in so far; `way` is which of the forms of the action. */
const Written = z.object({
  action: z.string(),
  way: z.number().int().min(0),
  given: z.record(z.string(), z.string()),
  expected: z.object({
    service: z.string(),
    metric: z.string(),
    comparison: z.string(),
    threshold: z.string(),
    withinMinutes: z.string(),
  }),
  rationale: z.string(),
});
type Written = z.infer<typeof Written>;

type ProposeFormProps = ProposeDialogProps & { actions: ProposableAction[]; first: ProposableAction };

function ProposeForm({ incident, actions, first, onClose }: ProposeFormProps) {
  const [denied, setDenied] = useState<Proposal | null>(null);
  const likely = useLikelyEffect();
  // As of the opening: a ranking that comes meanwhile does not change what stands in a box.
  const [unwritten] = useState<Written>(() => ({
    action: first.name,
    way: 0,
    given: {},
    expected: likely,
    rationale: '',
  }));
  const { value, set, forget } = useKept(
    `propose.${incident}`,
    unwritten,
    (kept) => Written.safeParse(kept).data,
  );
  const { way, given, expected, rationale } = value;
  const action = actions.find(({ name }) => name === value.action) ?? first;
  const { busy, problem, attempt, tell } = useAttempt();

  const forms = argumentForms(action.schema);
  const form = forms[way] ?? forms[0];
  const fields = form?.fields ?? [];
  const [connection] = action.connections;
  const filled = { ...filledIn(fields, { cluster: connection?.id }), ...given };
  const change = (name: string, text: string) => set({ ...value, given: { ...given, [name]: text } });
  const expect = (member: keyof typeof expected) => (event: { target: { value: string } }) =>
    set({ ...value, expected: { ...expected, [member]: event.target.value } });

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
      forget();
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
          const { namespace, name } = given;
          const same = { ...(namespace ? { namespace } : {}), ...(name ? { name } : {}) };
          set({ ...value, action: event.target.value, way: 0, given: same });
        }}
      >
        {actions.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      {forms.length > 1 && (
        <SelectField
          label="On"
          value={way}
          onChange={(event) => set({ ...value, way: Number(event.target.value) })}
        >
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
        onRationale={(text) => set({ ...value, rationale: text })}
        problem={problem}
        denied={denied}
        busy={busy}
        action="Propose"
        onCancel={() => {
          forget();
          onClose();
        }}
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
