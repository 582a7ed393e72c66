import { useEffect, useState } from 'react';
import type { TellingView } from '../../shared/vocabulary/telling.ts';
import { call, messageOf } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Loading, Problem } from '../ui/panel-states.tsx';
import { TellingChoicesForm } from './telling-choices.tsx';
import { TellingTargets } from './telling-targets.tsx';
import { WebhookForm } from './webhook-form.tsx';
import './telling.css';

/** Where people are told while they look elsewhere: on this desktop, and in chats by webhooks. */
export function TellingSection() {
  const [view, setView] = useState<TellingView | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const read = () => {
    setUnread(null);
    call('telling.show', {})
      .then(setView)
      .catch((error: unknown) => setUnread(messageOf(error)));
  };
  useEffect(read, []);
  return (
    <section className="box settings-section" aria-label="Notifications">
      <div className="settings-head">
        <h2>Notifications</h2>
        {view && view.targets.length > 0 && (
          <Button
            disabled={busy}
            onClick={() => void attempt(async () => setView(await call('telling.test', {})))}
          >
            {busy && <span className="spinner" aria-hidden />}
            Send a test
          </Button>
        )}
        {view && !isAdding && <Button onClick={() => setAdding(true)}>Add a webhook</Button>}
      </div>
      {view ? (
        <>
          {view.problem && <Problem>{view.problem}</Problem>}
          <div aria-live="polite">
            <TellingTargets view={view} onView={setView} />
          </div>
          {problem && <Problem>{problem}</Problem>}
          {isAdding && (
            <WebhookForm
              onAdded={(next) => {
                setView(next);
                setAdding(false);
              }}
              onCancel={() => setAdding(false)}
            />
          )}
          <TellingChoicesForm view={view} onView={setView} />
        </>
      ) : unread ? (
        <Failed title="It could not be read who is told" message={unread} onRetry={read} />
      ) : (
        <Loading what="Reading who is told" />
      )}
    </section>
  );
}
