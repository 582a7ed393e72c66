import { useState } from 'react';
import { call, messageOf, settleUnlock, useUnlock } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';

/** Appears when something that was asked needs the vault; what was asked goes on once it is open. */
export function UnlockDialog() {
  const waiting = useUnlock((unlock) => unlock.waiting.length > 0);
  return waiting ? <Unlock /> : null;
}

function Unlock() {
  const isNew = useStatus()?.vault === 'new';
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await call('vault.unlock', { passphrase });
      settleUnlock(true);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={isNew ? 'Choose a passphrase for the vault' : 'Unlock the vault'}
      about={
        isNew
          ? 'The vault holds the keys that sign your approvals and the ledger, and the credentials of connections. They never leave this machine. Without the passphrase nobody can open it again, Countersign included.'
          : 'What you asked for needs a key from the vault. It goes on as soon as the vault is open.'
      }
      onClose={() => settleUnlock(false)}
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && passphrase.length >= 8) void submit();
        }}
      >
        <TextField
          label="Passphrase"
          type={shown ? 'text' : 'password'}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          autoFocus
          hint="At least 8 characters"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
        {problem && <Problem>{problem}</Problem>}
        <div className="dialog-actions">
          <Button look="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide it' : 'Show it'}
          </Button>
          <Button onClick={() => settleUnlock(false)}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || passphrase.length < 8}>
            {isNew ? 'Create the vault' : 'Unlock'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
