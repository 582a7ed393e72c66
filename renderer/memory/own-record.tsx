import { useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { RememberedIncident } from '../../shared/vocabulary/memory.ts';
import { call } from '../state/call.ts';
import { useRoom } from '../state/room.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { hasDraft } from '../ui/draft.ts';
import { Problem } from '../ui/panel-states.tsx';
import { useFields } from '../ui/use-fields.ts';
import { NOTHING_SAID, ReviewFields, reviewOf } from './review-fields.tsx';
import { Conclusion } from './similar-incident.tsx';

/** How this closed incident is remembered; what it was can be said or corrected. */
export function OwnRecord({ incident, record }: { incident: Incident; record: RememberedIncident | null }) {
  const name = `review.${incident.id}`;
  const { draft, set, forget } = useFields(name, NOTHING_SAID, { never: [] });
  const [open, setOpen] = useState(() => hasDraft(name));
  const { busy, problem, attempt } = useAttempt();
  const hypotheses = useRoom((room) => room.hypotheses) ?? [];
  const candidates = useRoom((room) => room.candidates) ?? null;
  const review = reviewOf(draft);
  const leave = () => {
    forget();
    setOpen(false);
  };
  const confirm = () =>
    attempt(async () => {
      if (!review) return;
      await call('memory.confirm', { incident: incident.id, review });
      leave();
    });
  return (
    <section aria-labelledby="memory-own">
      <h3 id="memory-own" className="section-title">
        What this one was
      </h3>
      {record ? (
        <Conclusion of={record} />
      ) : (
        <p className="muted">It is remembered within a minute of its close.</p>
      )}
      {open ? (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          <ReviewFields draft={draft} onChange={set} hypotheses={hypotheses} candidates={candidates} />
          {problem && <Problem>{problem}</Problem>}
          <div className="memory-buttons">
            <Button small onClick={leave}>
              Cancel
            </Button>
            <Button small type="submit" look="primary" disabled={busy || review === null}>
              Confirm the cause
            </Button>
          </div>
        </form>
      ) : (
        <Button small onClick={() => setOpen(true)}>
          {record?.confirmed ? 'Correct it…' : 'Say what it was…'}
        </Button>
      )}
    </section>
  );
}
