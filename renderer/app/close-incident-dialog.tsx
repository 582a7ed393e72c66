import type { Incident } from '../../shared/vocabulary/incident.ts';
import { isUnfinished, NOTHING_SAID, ReviewFields, reviewOf } from '../memory/review-fields.tsx';
import { call } from '../state/call.ts';
import { useCurrentIncident } from '../state/host.ts';
import { useRoom } from '../state/room.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { useFields } from '../ui/use-fields.ts';
import { counted } from '../ui/words.ts';

export function CloseIncidentDialog() {
  const incident = useCurrentIncident();
  return incident ? <CloseDialog incident={incident} /> : null;
}

const NOTHING = { reason: '', ...NOTHING_SAID };

/** Asks what ended it and what it was: that is the moment when somebody knows. */
function CloseDialog({ incident }: { incident: Incident }) {
  const { draft, set, field, forget } = useFields(`close.${incident.id}`, NOTHING, { never: [] });
  const { reason } = draft;
  const { busy, problem, attempt } = useAttempt();
  const inRoom = useRoom((room) => room.incident.id === incident.id) === true;
  const hypotheses = useRoom((room) => room.hypotheses);
  const candidates = useRoom((room) => room.candidates);
  const escalations = useRoom((room) => room.escalations) ?? [];
  const waiting = inRoom ? escalations.filter(({ closed }) => closed === null) : [];
  const ready = reason.trim() !== '' && !isUnfinished(draft) && !busy;
  const close = () =>
    attempt(async () => {
      const review = reviewOf(draft);
      const said = { incident: incident.id, reason: reason.trim() };
      await call('incidents.close', review ? { ...said, review } : said);
      forget();
      closeDialog();
    });
  return (
    <Dialog
      title="Close the incident?"
      about="The evidence stops growing. The room, the ledger and the report stay readable."
      onClose={closeDialog}
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void close();
        }}
      >
        <TextField
          label="Reason"
          placeholder="What ended it"
          maxLength={500}
          autoFocus
          {...field('reason')}
        />
        <ReviewFields
          draft={draft}
          onChange={set}
          hypotheses={(inRoom && hypotheses) || []}
          candidates={(inRoom && candidates) || null}
        />
        {waiting.length > 0 && (
          <div className="muted">
            <p>{counted(waiting.length, 'escalation')} of it still open, and closed with it:</p>
            <ul className="waiting-list">
              {waiting.map(({ id, title }) => (
                <li key={id}>
                  <Inert text={title} />
                </li>
              ))}
            </ul>
          </div>
        )}
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
          <Button type="submit" look="primary" disabled={!ready}>
            Close the incident
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
