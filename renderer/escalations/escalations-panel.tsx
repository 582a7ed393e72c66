import { useState } from 'react';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import { call, messageOf } from '../state/call.ts';
import { useClock } from '../state/now.ts';
import { useRoom } from '../state/room.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Time } from '../ui/time.tsx';
import { duration } from '../ui/words.ts';
import './escalations.css';

const NONE: Escalation[] = [];

/** What was handed to a human; it ages until somebody takes it. */
export function EscalationsPanel() {
  const escalations = useRoom((room) => room.escalations) ?? NONE;
  const realm = useRoom((room) => room.incident.realm) ?? 'real';
  const nowMs = useClock(realm);
  const [closing, setClosing] = useState<Escalation | null>(null);
  const open = escalations.filter(({ closed }) => closed === null);
  const closed = escalations.filter((escalation) => escalation.closed !== null);

  return (
    <section className="panel escalations" aria-label="Escalations">
      <div className="panel-head">
        <h2 className="panel-title">Escalations</h2>
        <span className="panel-count">
          {open.length > 0 ? `${open.length} waiting` : 'Nothing waits for a human'}
        </span>
      </div>
      <ul>
        {open.map((escalation) => (
          <li key={escalation.id} className="escalation">
            <p className="escalation-head">
              <strong>
                <Inert text={escalation.title} />
              </strong>
              <span className="muted">waiting {duration(nowMs - escalation.openedMs)}</span>
            </p>
            <p className="muted">
              <Inert text={escalation.because} lines />
            </p>
            <p>
              Recommended: <Inert text={escalation.recommended} lines />
            </p>
            <Button small onClick={() => setClosing(escalation)}>
              Close…
            </Button>
          </li>
        ))}
      </ul>
      {closed.length > 0 && (
        <details className="escalations-closed">
          <summary>Closed ({closed.length})</summary>
          <ul>
            {closed.map(({ id, title, closed: end }) => (
              <li key={id} className="escalation">
                <p>
                  <Inert text={title} />
                </p>
                {end && (
                  <p className="muted">
                    <Inert text={end.person} /> closed it at <Time atMs={end.atMs} />:{' '}
                    <Inert text={end.reason} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {closing && (
        <ReasonDialog
          title="Close the escalation?"
          about={<Inert text={closing.title} />}
          action="Close the escalation"
          placeholder="What was done about it"
          onSubmit={(reason) =>
            call('escalations.close', { escalation: closing.id, reason }).then(
              () => undefined,
              (error: unknown) => {
                throw new Error(messageOf(error));
              },
            )
          }
          onClose={() => setClosing(null)}
        />
      )}
    </section>
  );
}
