import { useState } from 'react';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useRead } from '../state/use-read.ts';
import { Button } from '../ui/button.tsx';
import { hasDraft } from '../ui/draft.ts';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { TellingChoicesForm } from './telling-choices.tsx';
import { TellingTargets } from './telling-targets.tsx';
import { WEBHOOK_NAME, WebhookForm } from './webhook-form.tsx';
import './telling.css';

/** Where people are told while they look elsewhere: on this desktop, and in chats by webhooks. */
export function TellingSection() {
  const telling = useRead('telling', () => call('telling.show', {}));
  const { value: view, take } = telling;
  const [isAdding, setAdding] = useState(() => hasDraft(WEBHOOK_NAME));
  const { busy, problem, attempt } = useAttempt();
  return (
    <section className="box settings-section" aria-label="Notifications">
      <div className="settings-head">
        <h2>Notifications</h2>
        {view && view.targets.length > 0 && (
          <Button
            disabled={busy}
            onClick={() => void attempt(async () => take(await call('telling.test', {})))}
          >
            {busy && <span className="spinner" aria-hidden />}
            Send a test
          </Button>
        )}
        {view && !isAdding && <Button onClick={() => setAdding(true)}>Add a webhook</Button>}
      </div>
      <WhenRead of={telling} loading="Reading who is told" failed="It could not be read who is told">
        {(shown) => (
          <>
            {shown.problem && <Problem>{shown.problem}</Problem>}
            <div aria-live="polite">
              <TellingTargets view={shown} onView={take} />
            </div>
            {problem && <Problem>{problem}</Problem>}
            {isAdding && (
              <WebhookForm
                onAdded={(next) => {
                  take(next);
                  setAdding(false);
                }}
                onCancel={() => setAdding(false)}
              />
            )}
            <TellingChoicesForm view={shown} onView={take} />
          </>
        )}
      </WhenRead>
    </section>
  );
}
