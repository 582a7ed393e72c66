import { useId, useState } from 'react';
import { IncidentId, type Realm } from '../../shared/vocabulary/ids.ts';
import { call, messageOf } from '../state/call.ts';
import { useHost } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';

/** Writes a bundle that anyone can verify, and says where it is. */
export function ExportBundle({ realm }: { realm: Realm }) {
  const [asked, ask] = useState(false);
  return (
    <>
      <Button small onClick={() => ask(true)}>
        Export a bundle
      </Button>
      {asked && <ExportDialog realm={realm} onClose={() => ask(false)} />}
    </>
  );
}

function ExportDialog({ realm, onClose }: { realm: Realm; onClose(): void }) {
  const incidents = useHost((host) => host.incidents)?.filter((incident) => incident.realm === realm) ?? [];
  const [incident, setIncident] = useState('');
  const [withoutPersonal, setWithoutPersonal] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [directory, setDirectory] = useState<string | null>(null);
  const personal = useId();
  const write = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const chosen = incident === '' ? {} : { incident: IncidentId.parse(incident) };
      setDirectory((await call('ledger.export', { realm, withoutPersonal, ...chosen })).directory);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Export a bundle"
      about="A folder to hand over: the entries with their proofs, a summary to read, and a page that verifies them in any browser, without Countersign. That you took it is put on record."
      onClose={onClose}
    >
      {directory ? (
        <div className="form" role="status">
          <p>The bundle is in this folder. Open index.html in it to read, verify.html to check.</p>
          <Copyable text={directory} label="Copy the folder" />
          <div className="dialog-actions">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void write();
          }}
        >
          <SelectField
            label="What"
            value={incident}
            autoFocus
            onChange={(event) => setIncident(event.target.value)}
          >
            <option value="">All of this log</option>
            {incidents.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </SelectField>
          <div className="check">
            <input
              id={personal}
              type="checkbox"
              checked={withoutPersonal}
              onChange={(event) => setWithoutPersonal(event.target.checked)}
            />
            <label htmlFor={personal}>
              Leave out what people and the model wrote; it can be verified without
            </label>
          </div>
          {problem && <Problem>{problem}</Problem>}
          <div className="dialog-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" disabled={busy}>
              Export it
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
