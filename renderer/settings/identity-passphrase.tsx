import { useState } from 'react';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';

type PassphraseFormProps = {
  /** Null where a keychain opens it and nothing needs to be typed. */
  label: string | null;
  action: string;
  onSubmit(passphrase: string): Promise<void>;
  onCancel(): void;
};

/** A passphrase that is asked for in place, and forgotten with the form. */
export function PassphraseForm({ label, action, onSubmit, onCancel }: PassphraseFormProps) {
  const [passphrase, setPassphrase] = useState('');
  const { busy, problem, attempt } = useAttempt();
  const isReady = label === null || passphrase.length >= 8;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && isReady) void attempt(() => onSubmit(passphrase));
      }}
    >
      <div className="settings-line">
        {label !== null && (
          <TextField
            label={label}
            type="password"
            autoComplete="current-password"
            autoFocus
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        )}
        <Button type="submit" look="primary" disabled={busy || !isReady}>
          {action}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      {problem && <Problem>{problem}</Problem>}
    </form>
  );
}
