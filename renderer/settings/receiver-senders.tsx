import { useEffect, useRef, useState } from 'react';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import type {
  ReceiverSender,
  SenderReport,
  SenderWithSecret,
} from '../../shared/vocabulary/receiver-sender.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { SENT } from './receiver-addresses.tsx';
import { RotateSender } from './rotate-sender.tsx';
import { SenderForm } from './sender-form.tsx';
import { ShownOnce } from './shown-once.tsx';
import { SureButton } from './sure-button.tsx';
import './receiver-senders.css';

const READ_EVERY_MS = 5_000;

type Props = { connection: Connection; onChanged(): void };

/** Who may post to a receiver: each with a secret of its own, what came of it, and the ways to change that. */
export function ReceiverSenders({ connection, onChanged }: Props) {
  const { id, senders = [] } = connection;
  const name = inertLine(connection.name);
  const report = useReport(connection);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<SenderWithSecret | null>(null);
  const changed = (result: SenderWithSecret) => {
    setAdding(false);
    setMade(result.secret === null ? null : result);
    onChanged();
  };
  return (
    <section className="senders" aria-label={`Senders of ${name}`}>
      <div className="senders-head">
        <h3>Senders</h3>
        {connection.from === 'settings' && !adding && (
          <Button small aria-label={`Add a sender to ${name}`} onClick={() => setAdding(true)}>
            Add a sender
          </Button>
        )}
      </div>
      {senders.length === 0 && (
        <p className="muted">
          Nobody may post here yet. Each sender gets a secret of its own, which opens its addresses alone and
          can be replaced or revoked without the others.
        </p>
      )}
      <ul className="senders-list">
        {senders.map((sender) => (
          <SenderRow
            key={sender.id}
            connection={connection}
            sender={sender}
            about={report?.senders.find((one) => one.id === sender.id)}
            onRotated={changed}
            onRevoked={() => {
              if (made?.sender.id === sender.id) setMade(null);
              onChanged();
            }}
          />
        ))}
      </ul>
      <Strangers report={report} />
      {made?.secret && (
        <ShownOnce
          sender={made.sender}
          secret={made.secret}
          connection={connection}
          onDone={() => setMade(null)}
        />
      )}
      {adding && (
        <SenderForm
          connection={id}
          takes={takesOf(connection)}
          onAdded={changed}
          onCancel={() => setAdding(false)}
        />
      )}
    </section>
  );
}

const takesOf = ({ listensAt = [] }: Connection) => listensAt.map(({ kind }) => kind);

/** Read again as long as it is looked at; what could not be read shows as it was. */
function useReport({ id, senders }: Connection): SenderReport | null {
  const [report, setReport] = useState<SenderReport | null>(null);
  const shown = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other senders are worth another look at once
  useEffect(() => {
    shown.current = true;
    const read = () =>
      call('connections.senderReport', { connection: id })
        .then((found) => {
          if (shown.current) setReport(found);
        })
        .catch(() => undefined);
    void read();
    const timer = setInterval(read, READ_EVERY_MS);
    return () => {
      shown.current = false;
      clearInterval(timer);
    };
  }, [id, senders?.length]);
  return report;
}

type Report = SenderReport['senders'][number];

function SenderRow(props: {
  connection: Connection;
  sender: ReceiverSender;
  about: Report | undefined;
  onRotated(result: SenderWithSecret): void;
  onRevoked(): void;
}) {
  const { connection, sender, about } = props;
  const [rotating, setRotating] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const name = inertLine(sender.name);
  const revoke = () =>
    attempt(async () => {
      await call('connections.revokeSender', { connection: connection.id, sender: sender.id });
      props.onRevoked();
    });
  return (
    <li className="sender">
      <div className="connection-line">
        <div>
          <p>
            <strong>{name}</strong>{' '}
            {sender.sends.map((kind) => (
              <Chip key={kind}>{SENT[kind].name}</Chip>
            ))}
          </p>
          <Deliveries sender={sender} about={about} />
        </div>
        {connection.from === 'settings' && (
          <>
            <Button
              small
              aria-label={`New secret for ${name}`}
              disabled={busy || rotating}
              onClick={() => setRotating(true)}
            >
              New secret
            </Button>
            <SureButton small verb="Revoke" name={name} busy={busy} onSure={() => void revoke()} />
          </>
        )}
      </div>
      {rotating && (
        <RotateSender
          connection={connection.id}
          sender={sender}
          onRotated={(result) => {
            setRotating(false);
            props.onRotated(result);
          }}
          onCancel={() => setRotating(false)}
        />
      )}
      {problem && <Problem>{problem}</Problem>}
    </li>
  );
}

/** What came of it, and which of its secrets are good. */
function Deliveries({ sender, about }: { sender: ReceiverSender; about: Report | undefined }) {
  const { sinceMs, previousUntilMs } = sender;
  const overlaps = previousUntilMs !== undefined && previousUntilMs > Date.now();
  return (
    <>
      <p className="muted">
        {about?.lastMs ? (
          <>
            Last delivery <Time atMs={about.lastMs} as="day" />, {about.taken} since the start
          </>
        ) : (
          'No delivery since the start'
        )}
        {sinceMs !== null && (
          <>
            {' '}
            · secret of <Time atMs={sinceMs} as="day" />
          </>
        )}
      </p>
      {overlaps && (
        <p className="muted">
          The secret before is good until <Time atMs={previousUntilMs} as="day" />
          {about?.lastByPreviousMs ? (
            <>
              {' '}
              and was shown at <Time atMs={about.lastByPreviousMs} as="day" />
            </>
          ) : (
            ', and was not shown since the start'
          )}
          .
        </p>
      )}
      {about?.lastRefused && (
        <p className="sender-refused">
          Refused {about.refused === 1 ? 'once' : `${about.refused} times`}, last at{' '}
          <Time atMs={about.lastRefused.atMs} as="day" />: <Inert text={about.lastRefused.sentence} />
        </p>
      )}
    </>
  );
}

function Strangers({ report }: { report: SenderReport | null }) {
  const { refused = 0, lastRefused = null } = report?.strangers ?? {};
  if (!lastRefused) return null;
  return (
    <p className="sender-refused">
      {refused === 1 ? 'One request' : `${refused} requests`} with the secret of no sender{' '}
      {refused === 1 ? 'was' : 'were'} refused, last at <Time atMs={lastRefused.atMs} as="day" />:{' '}
      <Inert text={lastRefused.sentence} />
    </p>
  );
}
