import { useState } from 'react';
import type { ChosenModel, ModelView } from '../../shared/vocabulary/model.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';

type Props = { view: ModelView; chosen: ChosenModel; onView(view: ModelView): void };

/** The key of a server, and the consent to what is sent to one model there. Nothing is sent without both. */
export function ModelAccess({ view, chosen, onView }: Props) {
  const { busy, problem, attempt } = useAttempt();
  const { baseUrl, model } = chosen;
  const consent = view.consents.find((one) => one.baseUrl === baseUrl && one.model === model);
  const others = view.consents.filter((one) => one !== consent);
  const withdraw = (place: { baseUrl: string; model: string }) =>
    attempt(async () => onView(await call('model.withdraw', { baseUrl: place.baseUrl, model: place.model })));
  return (
    <div className="model-access">
      <Key key={baseUrl} view={view} baseUrl={baseUrl} onView={onView} />
      <div className="model-consent">
        <h3>What leaves this machine</h3>
        <p>
          <Inert text={view.whatLeaves} />
        </p>
        {consent ? (
          <p className="model-agreed">
            <Chip tone="good">Agreed</Chip>
            <span>
              <Inert text={consent.person} /> agreed for <code>{inertLine(model)}</code> at{' '}
              <code>{inertLine(baseUrl)}</code>, <Time atMs={consent.atMs} as="day" />
            </span>
            <Button small disabled={busy} onClick={() => void withdraw(consent)}>
              Withdraw
            </Button>
          </p>
        ) : (
          <p className="model-agreed">
            <Button
              disabled={busy}
              onClick={() =>
                void attempt(async () => onView(await call('model.consent', { baseUrl, model })))
              }
            >
              I agree to this
            </Button>
            <span className="muted">
              for <code>{inertLine(model)}</code> at <code>{inertLine(baseUrl)}</code>, in your name, on
              record
            </span>
          </p>
        )}
        {others.map((one) => (
          <p key={`${one.baseUrl} ${one.model}`} className="model-agreed muted">
            <span>
              Also agreed: <code>{inertLine(one.model)}</code> at <code>{inertLine(one.baseUrl)}</code> (
              <Inert text={one.person} />)
            </span>
            <Button
              small
              disabled={busy}
              aria-label={`Withdraw ${inertLine(one.model)} at ${inertLine(one.baseUrl)}`}
              onClick={() => void withdraw(one)}
            >
              Withdraw
            </Button>
          </p>
        ))}
        {problem && <Problem>{problem}</Problem>}
      </div>
    </div>
  );
}

function Key({ view, baseUrl, onView }: { view: ModelView; baseUrl: string; onView(view: ModelView): void }) {
  const [key, setKey] = useState('');
  const { busy, problem, attempt } = useAttempt();
  const has = URL.canParse(baseUrl) && view.keysFor.includes(new URL(baseUrl).origin);
  const keep = () =>
    attempt(async () => {
      onView(await call('model.setKey', { baseUrl, key }));
      setKey('');
    });
  return (
    <form
      className="model-consent"
      aria-label="Key of the server"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && key.trim() !== '') void keep();
      }}
    >
      <div className="settings-line">
        <TextField
          label={has ? 'Key (one is in the vault)' : 'Key'}
          type="password"
          value={key}
          maxLength={2_000}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" disabled={busy || key.trim() === ''}>
          Keep the key
        </Button>
        {has && (
          <Button
            look="quiet"
            disabled={busy}
            onClick={() => void attempt(async () => onView(await call('model.removeKey', { baseUrl })))}
          >
            Remove the key
          </Button>
        )}
      </div>
      <p className="muted">
        Kept in the vault and sent to this server alone. A server that asks for none takes any word.
      </p>
      {problem && <Problem>{problem}</Problem>}
    </form>
  );
}
