import { useState } from 'react';
import type { ConnectionId } from '../../shared/vocabulary/ids.ts';
import {
  GivenSecret,
  type ReceiverSender,
  type SenderWithSecret,
} from '../../shared/vocabulary/receiver-sender.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { SmallForm } from './small-form.tsx';

const OVERLAPS: readonly [hours: number, words: string][] = [
  [0, 'Not at all: it ends now'],
  [1, 'For another hour'],
  [24, 'For another day'],
  [168, 'For another week'],
];

type Props = {
  connection: ConnectionId;
  sender: ReceiverSender;
  onRotated(result: SenderWithSecret): void;
  onCancel(): void;
};

/** Gives a sender another secret, with or without time to put it in place over there. */
export function RotateSender({ connection, sender, onRotated, onCancel }: Props) {
  const [overlapHours, setOverlap] = useState(24);
  const [secret, setSecret] = useState('');
  const { busy, problem, attempt, tell } = useAttempt();
  const rotate = async () => {
    const parsed = GivenSecret.safeParse(secret);
    if (!parsed.success) return tell(parsed.error.issues.map(({ message }) => message).join('; '));
    const given = { connection, sender: sender.id, overlapHours, ...(secret === '' ? {} : { secret }) };
    await attempt(async () => onRotated(await call('connections.rotateSender', given)));
  };
  return (
    <SmallForm
      label={`New secret for ${inertLine(sender.name)}`}
      action="Replace the secret"
      busy={busy}
      problem={problem}
      onSubmit={rotate}
      onCancel={onCancel}
    >
      <div className="connection-fields">
        <SelectField
          label="The old secret stays good"
          value={overlapHours}
          autoFocus
          onChange={(event) => setOverlap(Number(event.target.value))}
        >
          {OVERLAPS.map(([hours, words]) => (
            <option key={hours} value={hours}>
              {words}
            </option>
          ))}
        </SelectField>
        <TextField
          label="The new secret"
          type="password"
          value={secret}
          maxLength={200}
          hint="Left empty, one is made and shown once."
          onChange={(event) => setSecret(event.target.value)}
        />
      </div>
    </SmallForm>
  );
}
