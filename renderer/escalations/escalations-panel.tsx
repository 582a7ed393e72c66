import { useState } from 'react';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import { PersonName } from '../../shared/vocabulary/person-name.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { ageOf } from '../state/escalation-age.ts';
import { usePerson } from '../state/host.ts';
import { useClock } from '../state/now.ts';
import { useRoom } from '../state/room.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Time } from '../ui/time.tsx';
import { WaitingWords } from '../ui/waiting-words.tsx';
import { SinceLine } from './since-line.tsx';
import './escalations.css';

const NONE: Escalation[] = [];
const NO_PROPOSALS: Proposal[] = [];

/** What was handed to a human; it ages until somebody takes it. */
export function EscalationsPanel() {
  const escalations = useRoom((room) => room.escalations) ?? NONE;
  const realm = useRoom((room) => room.incident.realm) ?? 'real';
  const nowMs = useClock(realm);
  const [closing, setClosing] = useState<Escalation | null>(null);
  const [handing, setHanding] = useState<Escalation | null>(null);
  const open = escalations.filter(({ closed }) => closed === null);
  const waiting = open.filter(({ holders }) => holders === undefined);
  const closed = escalations.filter((escalation) => escalation.closed !== null);

  return (
    <section className="panel escalations" aria-label="Escalations">
      <div className="panel-head">
        <h2 className="panel-title">Escalations</h2>
        <span className="panel-count">
          {waiting.length > 0
            ? `${waiting.length} waiting`
            : open.length > 0
              ? `${open.length} taken`
              : 'Nothing waits for a human'}
        </span>
      </div>
      {open.length === 0 && (
        <p className="escalations-none">
          What no action may do comes here with its context, and ages until somebody takes it.
        </p>
      )}
      <ul>
        {open.map((escalation) => (
          <OpenOne
            key={escalation.id}
            escalation={escalation}
            nowMs={nowMs}
            onHandOver={() => setHanding(escalation)}
            onClose={() => setClosing(escalation)}
          />
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
      {handing && (
        <ReasonDialog
          title="Hand the escalation over?"
          about={<Inert text={handing.title} />}
          label="To whom"
          placeholder="Their name, as people here know it"
          keptAs={`hand-over.${handing.id}`}
          action="Hand it over"
          onSubmit={(name) => done(handOver(handing, name))}
          onClose={() => setHanding(null)}
        />
      )}
      {closing && (
        <ReasonDialog
          title="Close the escalation?"
          about={<Inert text={closing.title} />}
          keptAs={`close.${closing.id}`}
          action="Close the escalation"
          placeholder="What was done about it"
          onSubmit={(reason) => done(call('escalations.close', { escalation: closing.id, reason }))}
          onClose={() => setClosing(null)}
        />
      )}
    </section>
  );
}

type OpenOneProps = { escalation: Escalation; nowMs: number; onHandOver(): void; onClose(): void };

function OpenOne({ escalation, nowMs, onHandOver, onClose }: OpenOneProps) {
  const person = usePerson();
  const proposals = useRoom((room) => room.proposals) ?? NO_PROPOSALS;
  const { busy, problem, attempt } = useAttempt();
  const age = ageOf(escalation, nowMs);
  const { holder } = age;
  return (
    <li className="escalation">
      <p className="escalation-head">
        <strong>
          <Inert text={escalation.title} />
        </strong>
        <WaitingWords {...age} />
      </p>
      <SinceLine escalation={escalation} proposals={proposals} />
      {holder !== null && (
        <p>
          With <Inert text={holder} />
        </p>
      )}
      <p className="muted">
        <Inert text={escalation.because} lines />
      </p>
      <p>
        Recommended: <Inert text={escalation.recommended} lines />
      </p>
      {problem && <Problem>{problem}</Problem>}
      <div className="escalation-actions">
        {holder === person ? (
          <Button small onClick={onHandOver}>
            Hand over…
          </Button>
        ) : (
          <Button
            small
            disabled={busy}
            onClick={() => void attempt(() => call('escalations.take', { escalation: escalation.id }))}
          >
            {holder === null ? 'Take it' : 'Take it over'}
          </Button>
        )}
        <Button small onClick={onClose}>
          Close…
        </Button>
      </div>
    </li>
  );
}

function handOver({ id }: Escalation, name: string): Promise<unknown> {
  const to = PersonName.safeParse(name);
  if (!to.success) return Promise.reject(new Error(to.error.issues.map(({ message }) => message).join('; ')));
  return call('escalations.handOver', { escalation: id, to: to.data });
}

const done = (what: Promise<unknown>): Promise<void> =>
  what.then(
    () => undefined,
    (error: unknown) => {
      throw new Error(messageOf(error));
    },
  );
