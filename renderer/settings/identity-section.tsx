import { useState } from 'react';
import { FIRST_IDENTITY, type Identities, type Identity } from '../../shared/vocabulary/identity.ts';
import { announce } from '../state/announcements.ts';
import { call } from '../state/call.ts';
import { useIdentities } from '../state/identities.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { hasDraft, useDraft } from '../ui/draft.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { AddIdentity, PERSON_NAME } from './identity-add.tsx';
import { PassphraseForm } from './identity-passphrase.tsx';

/** Who decides on this machine, each by a key of their own, and when it locks. */
export function IdentitySection() {
  const identities = useIdentities();
  const { value: known, again } = identities;
  const [adding, setAdding] = useState(() => hasDraft(PERSON_NAME));
  return (
    <section className="box settings-section" aria-label="Identity">
      <div className="settings-head">
        <h2>Identity</h2>
        {known && !adding && <Button onClick={() => setAdding(true)}>Add a person</Button>}
      </div>
      <p className="muted">
        Everybody who decides here has a name and an Ed25519 key. A decision is signed with the key of the
        person at the controls, and the ledger takes it under their announced name alone.
      </p>
      <WhenRead of={identities} loading="Reading the identities" failed="The identities could not be read">
        {(all) => (
          <>
            <ul className="identities">
              {all.identities.map((identity) => (
                <IdentityRow key={identity.id} identity={identity} known={all} onChanged={again} />
              ))}
            </ul>
            {adding && (
              <AddIdentity
                onAdded={() => {
                  setAdding(false);
                  again();
                }}
                onCancel={() => setAdding(false)}
              />
            )}
            <Locking known={all} onChanged={again} />
          </>
        )}
      </WhenRead>
    </section>
  );
}

const STATES: Record<Identity['state'], string> = { new: 'No key yet', locked: 'Locked', open: 'Open' };

type RowProps = { identity: Identity; known: Identities; onChanged(): void };

function IdentityRow({ identity, known, onChanged }: RowProps) {
  const [asking, setAsking] = useState<'use' | 'admit' | null>(null);
  const { id, name, publicKey, state, asksPassphrase, admitted } = identity;
  const isCurrent = id === known.current;
  const needsAdmission = !admitted && id !== FIRST_IDENTITY;
  return (
    <li className="identity">
      <div className="connection-line">
        <div>
          <strong>
            <Inert text={name} />
          </strong>
          <div className="muted identity-key">
            {publicKey ? (
              <code title="Public key, Base64">{publicKey}</code>
            ) : (
              'The key is made with the first approval'
            )}
          </div>
        </div>
        {isCurrent && <Chip tone="accent">At the controls</Chip>}
        <Chip tone={state === 'open' ? 'good' : 'plain'}>{STATES[state]}</Chip>
        {!isCurrent && asking === null && (
          <Button small aria-label={`Switch to ${inertLine(name)}`} onClick={() => setAsking('use')}>
            Switch…
          </Button>
        )}
        {isCurrent && state === 'locked' && asking === null && (
          <Button small aria-label={`Unlock ${inertLine(name)}`} onClick={() => setAsking('use')}>
            Unlock…
          </Button>
        )}
        {needsAdmission && asking === null && (
          <Button small aria-label={`Admit ${inertLine(name)}`} onClick={() => setAsking('admit')}>
            Admit…
          </Button>
        )}
      </div>
      {needsAdmission && (
        <p className="muted">
          The ledger of real incidents does not know this key: whoever decides already has to vouch for it.
        </p>
      )}
      {isCurrent && id === FIRST_IDENTITY && asking === null && <Rename key={name} name={name} />}
      {asking && (
        <PassphraseForm
          label={asksPassphrase ? `Passphrase of ${inertLine(name)}` : null}
          action={asking === 'admit' ? 'Admit' : isCurrent ? 'Unlock' : 'Switch'}
          onSubmit={async (passphrase) => {
            await call(asking === 'admit' ? 'identity.admit' : 'identity.use', { identity: id, passphrase });
            announce(asking === 'admit' ? `${name} is admitted.` : `${name} is at the controls.`);
            setAsking(null);
            onChanged();
          }}
          onCancel={() => setAsking(null)}
        />
      )}
    </li>
  );
}

function Rename({ name }: { name: string }) {
  const { value, set: setValue, forget } = useDraft('settings.name', name);
  const { busy, problem, attempt } = useAttempt();
  const save = () =>
    attempt(async () => {
      await call('settings.setPerson', { name: value });
      forget();
      announce(`You decide as ${value.trim()}.`);
    });
  return (
    <>
      <form
        className="settings-line"
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim() !== '') void save();
        }}
      >
        <TextField
          label="Your name"
          value={value}
          maxLength={80}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button type="submit" disabled={busy || value.trim() === '' || value === name}>
          Save the name
        </Button>
      </form>
      {problem && <Problem>{problem}</Problem>}
    </>
  );
}

const MINUTES = [1, 5, 15, 30, 60, 240];

function Locking({ known, onChanged }: { known: Identities; onChanged(): void }) {
  const { busy, problem, attempt } = useAttempt();
  const set = known.lockAfterMinutes;
  const choices = MINUTES.includes(set) ? MINUTES : [...MINUTES, set].sort((a, b) => a - b);
  const isOpen = known.identities.some(({ state }) => state === 'open');
  return (
    <>
      <div className="settings-line">
        <SelectField
          label="Lock when nothing comes from you for"
          value={set}
          disabled={busy}
          onChange={(event) =>
            void attempt(async () => {
              await call('identity.lockAfter', { minutes: Number(event.target.value) });
              onChanged();
            })
          }
        >
          {choices.map((minutes) => (
            <option key={minutes} value={minutes}>
              {minutes === 1 ? '1 minute' : `${minutes} minutes`}
            </option>
          ))}
        </SelectField>
        <Button
          disabled={busy || !isOpen}
          onClick={() =>
            void attempt(async () => {
              await call('identity.lock', {});
              announce('Locked. Approving asks for a passphrase.');
            })
          }
        >
          Lock now
        </Button>
      </div>
      <p className="muted">
        Locked, nothing real can be approved and no credential be read, until a passphrase is given.
        Connections go on reading, and a stop works as ever.
      </p>
      {problem && <Problem>{problem}</Problem>}
    </>
  );
}
