import { useState } from 'react';
import { announce } from '../state/announcements.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useDraft } from '../ui/draft.ts';
import { TextField } from '../ui/field.tsx';
import { SmallForm } from './small-form.tsx';

/** What the name of one who is being taken in is kept under; a passphrase never is. */
export const PERSON_NAME = 'settings.person';

/** Takes in another person, who types the passphrase of their own key. */
export function AddIdentity({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { value: name, set: setName, forget } = useDraft(PERSON_NAME);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const { busy, problem, attempt } = useAttempt();
  const differs = again !== '' && again !== passphrase;
  const isReady = name.trim() !== '' && passphrase.length >= 8 && again === passphrase;
  const add = () =>
    attempt(async () => {
      await call('identity.create', { name, passphrase });
      announce(`${name.trim()} can decide here now.`);
      forget();
      onAdded();
    });
  return (
    <SmallForm
      label="Add a person"
      action="Add the person"
      busy={busy}
      problem={problem}
      isReady={isReady}
      onSubmit={add}
      onCancel={() => {
        forget();
        onCancel();
      }}
    >
      <p className="muted">
        A key is made for them, which only their passphrase opens; you vouch for it in the ledger with yours.
      </p>
      <TextField
        label="Name"
        value={name}
        maxLength={80}
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <div className="connection-fields">
        <TextField
          label="Their passphrase"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters, typed by them"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
        <TextField
          label="Their passphrase again"
          type="password"
          autoComplete="new-password"
          error={differs ? 'It differs from the first' : null}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </div>
    </SmallForm>
  );
}
