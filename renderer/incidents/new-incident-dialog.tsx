import { useState } from 'react';
import { Severity } from '../../shared/vocabulary/incident.ts';
import { call } from '../state/call.ts';
import { keepIncident } from '../state/host.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';

const SEVERITIES: Record<Severity, string> = {
  sev1: 'SEV1: customers cannot use it',
  sev2: 'SEV2: customers notice',
  sev3: 'SEV3: degraded, few notice',
  sev4: 'SEV4: worth a look',
};

const LOOK_BACK = [30, 60, 120, 360, 1_440];

export function NewIncidentDialog({ onOpened }: { onOpened(id: string): void }) {
  const { value: title, set: setTitle, forget } = useDraft('new-incident');
  const [severity, setSeverity] = useState<Severity>('sev2');
  const [lookBackMinutes, setLookBack] = useState(60);
  const { busy, problem, attempt } = useAttempt();
  const open = () =>
    attempt(async () => {
      const incident = await call('incidents.open', { title, severity, lookBackMinutes });
      forget();
      keepIncident(incident);
      closeDialog();
      onOpened(incident.id);
    });

  return (
    <Dialog
      title="New incident"
      about="Evidence is gathered from the connected systems; you are its commander."
      onClose={closeDialog}
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && title.trim() !== '') void open();
        }}
      >
        <TextField
          label="Title"
          value={title}
          maxLength={300}
          autoFocus
          placeholder="What people see, such as “Checkout fails for some cards”"
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="new-incident-row">
          <SelectField
            label="Severity"
            value={severity}
            onChange={(event) => setSeverity(Severity.parse(event.target.value))}
          >
            {Severity.options.map((one) => (
              <option key={one} value={one}>
                {SEVERITIES[one]}
              </option>
            ))}
          </SelectField>
          <SelectField
            label="Look back"
            value={lookBackMinutes}
            onChange={(event) => setLookBack(Number(event.target.value))}
          >
            {LOOK_BACK.map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes < 60 ? `${minutes} min` : `${minutes / 60} h`}
              </option>
            ))}
          </SelectField>
        </div>
        {problem && <Problem>{problem}</Problem>}
        <div className="dialog-actions">
          <Button
            onClick={() => {
              forget();
              closeDialog();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={busy || title.trim() === ''}>
            Open the incident
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
