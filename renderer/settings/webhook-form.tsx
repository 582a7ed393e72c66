import { useState } from 'react';
import { NewWebhook, Occasion, type TellingView } from '../../shared/vocabulary/telling.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { useDraft } from '../ui/draft.ts';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Occasions } from './occasions.tsx';

const EMPTY: NewWebhook = { name: '', url: '', tells: [...Occasion.options], drills: false };

/** What the name of one that was begun is kept under. */
export const WEBHOOK_NAME = 'settings.webhook';

/** Adds a chat. Its address goes straight to the host's vault and is not kept on this screen. */
export function WebhookForm({ onAdded, onCancel }: { onAdded(view: TellingView): void; onCancel(): void }) {
  const name = useDraft(WEBHOOK_NAME);
  const [entered, setEntered] = useState(EMPTY);
  const draft = { ...entered, name: name.value };
  const { busy, problem, attempt, tell } = useAttempt();
  const set = (change: Partial<NewWebhook>) => setEntered({ ...entered, ...change });
  const add = async () => {
    const parsed = NewWebhook.safeParse(draft);
    if (!parsed.success)
      return tell(parsed.error.issues.map(({ path, message }) => `${path.join(' ')}: ${message}`).join('; '));
    await attempt(async () => {
      const view = await call('telling.add', parsed.data);
      name.forget();
      onAdded(view);
    });
  };
  return (
    <form
      className="connection-form"
      aria-label="New webhook"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void add();
      }}
    >
      <div className="connection-fields">
        <TextField
          label="Name"
          value={draft.name}
          maxLength={80}
          placeholder="on-call channel"
          autoFocus
          onChange={(event) => name.set(event.target.value)}
        />
        <TextField
          label="Address of the webhook"
          type="password"
          value={draft.url}
          maxLength={2_000}
          onChange={(event) => set({ url: event.target.value })}
        />
      </div>
      <Occasions label="It is told of" chosen={draft.tells} drills={draft.drills} onChange={set} />
      {problem && <Problem>{problem}</Problem>}
      <div className="dialog-actions">
        <Button
          onClick={() => {
            name.forget();
            onCancel();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={busy}>
          Add the webhook
        </Button>
      </div>
    </form>
  );
}
