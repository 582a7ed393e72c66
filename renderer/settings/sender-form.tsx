import { useState } from 'react';
import type { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { ReceivedKind } from '../../shared/vocabulary/receiver-place.ts';
import { NewSender, type SenderWithSecret } from '../../shared/vocabulary/receiver-sender.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { TextField } from '../ui/field.tsx';
import { issuesIn } from './issues-in.ts';
import { SENT } from './receiver-addresses.tsx';
import { SmallForm } from './small-form.tsx';

type Props = {
  connection: ConnectionId;
  /** What the receiver takes at all. */
  takes: readonly ReceivedKind[];
  onAdded(result: SenderWithSecret): void;
  onCancel(): void;
};

/** Lets somebody else post: called what, and which addresses its secret opens. */
export function SenderForm({ connection, takes, onAdded, onCancel }: Props) {
  const [name, setName] = useState('');
  const [sends, setSends] = useState<readonly ReceivedKind[]>(takes.length === 1 ? takes : []);
  const [secret, setSecret] = useState('');
  const { busy, problem, attempt, tell } = useAttempt();
  const add = async () => {
    const parsed = NewSender.safeParse({ name, sends, ...(secret === '' ? {} : { secret }) });
    if (!parsed.success) return tell(issuesIn(parsed.error));
    await attempt(async () => onAdded(await call('connections.addSender', { connection, ...parsed.data })));
  };
  return (
    <SmallForm
      label="New sender"
      action="Add the sender"
      busy={busy}
      problem={problem}
      onSubmit={add}
      onCancel={onCancel}
    >
      <div className="connection-fields">
        <TextField
          label="Name of the sender"
          value={name}
          maxLength={60}
          placeholder="GitHub"
          hint="Stands on each fact that comes from it."
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Its secret"
          type="password"
          value={secret}
          maxLength={200}
          hint="Left empty, one is made and shown once."
          onChange={(event) => setSecret(event.target.value)}
        />
      </div>
      <fieldset className="occasions">
        <legend>It may send</legend>
        {takes.map((kind) => (
          <label key={kind}>
            <input
              type="checkbox"
              checked={sends.includes(kind)}
              onChange={() =>
                setSends(ReceivedKind.options.filter((one) => sends.includes(one) !== (one === kind)))
              }
            />
            {SENT[kind].what}
          </label>
        ))}
      </fieldset>
    </SmallForm>
  );
}
