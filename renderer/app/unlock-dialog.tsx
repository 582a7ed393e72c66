import { useState } from 'react';
import { type CurrentIdentity, FIRST_IDENTITY } from '../../shared/vocabulary/identity.ts';
import { call, messageOf, settleUnlock, useUnlock } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';

/** Appears when something that was asked needs the vault; what was asked goes on once it is open. */
export function UnlockDialog() {
  const waiting = useUnlock((unlock) => unlock.waiting.length > 0);
  return waiting ? <Unlock /> : null;
}

/** What is asked for depends on what is closed: the vault, or the key of another person at the controls. */
function Unlock() {
  const status = useStatus();
  const other = status && status.identity.id !== FIRST_IDENTITY && status.identity.state === 'locked';
  if (other) return <UnlockIdentity identity={status.identity} />;
  if (status?.vault === 'locked' && !status.identity.asksPassphrase)
    return <UnlockIdentity identity={status.identity} />;
  return <UnlockVault isNew={status?.vault === 'new'} />;
}

function UnlockVault({ isNew }: { isNew: boolean }) {
  return (
    <PassphraseDialog
      title={isNew ? 'Choose a passphrase for the vault' : 'Unlock the vault'}
      about={
        isNew
          ? 'The vault holds the keys that sign your approvals and the ledger, and the credentials of connections. They never leave this machine. Without the passphrase nobody can open it again, Countersign included.'
          : 'What you asked for needs a key from the vault. It goes on as soon as the vault is open.'
      }
      label="Passphrase"
      action={isNew ? 'Create the vault' : 'Unlock'}
      isNew={isNew}
      onSubmit={(passphrase) => call('vault.unlock', { passphrase })}
    />
  );
}

function UnlockIdentity({ identity }: { identity: CurrentIdentity }) {
  const name = inertLine(identity.name);
  return (
    <PassphraseDialog
      title={`Unlock ${name}`}
      about={
        identity.asksPassphrase
          ? `${name} is at the controls, and nothing came from them for a while. Reading goes on; what you asked for goes on with their passphrase.`
          : `Nothing came from ${name} for a while. The keychain of the system opens what you asked for.`
      }
      label={identity.asksPassphrase ? `Passphrase of ${name}` : null}
      action="Unlock"
      onSubmit={(passphrase) => call('identity.use', { identity: identity.id, passphrase })}
    />
  );
}

type PassphraseDialogProps = {
  title: string;
  about: string;
  /** Null where nothing needs to be typed. */
  label: string | null;
  action: string;
  isNew?: boolean;
  onSubmit(passphrase: string): Promise<unknown>;
};

function PassphraseDialog({ title, about, label, action, isNew = false, onSubmit }: PassphraseDialogProps) {
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isReady = label === null || passphrase.length >= 8;

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit(passphrase);
      settleUnlock(true);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} about={about} onClose={() => settleUnlock(false)}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && isReady) void submit();
        }}
      >
        {label !== null && (
          <TextField
            label={label}
            type={shown ? 'text' : 'password'}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            autoFocus
            hint="At least 8 characters"
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        )}
        {problem && <Problem>{problem}</Problem>}
        <div className="dialog-actions">
          {label !== null && (
            <Button look="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
              {shown ? 'Hide it' : 'Show it'}
            </Button>
          )}
          <Button onClick={() => settleUnlock(false)}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || !isReady}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
