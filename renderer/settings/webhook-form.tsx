import { useState } from 'react';
import { NewWebhook, Occasion, type TellingView } from '../../shared/vocabulary/telling.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useDraft } from '../ui/draft.ts';
import { TextField } from '../ui/field.tsx';
import { issuesIn } from './issues-in.ts';
import { Occasions } from './occasions.tsx';
import { SmallForm } from './small-form.tsx';

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
    if (!parsed.success) return tell(issuesIn(parsed.error));
    await attempt(async () => {
      const view = await call('telling.add', parsed.data);
      name.forget();
      onAdded(view);
    });
  };
  return (
    <SmallForm
      label="New webhook"
      action="Add the webhook"
      busy={busy}
      problem={problem}
      onSubmit={add}
      onCancel={() => {
        name.forget();
        onCancel();
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
    </SmallForm>
  );
}
