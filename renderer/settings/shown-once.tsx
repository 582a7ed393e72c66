import { useEffect, useRef } from 'react';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import type { ReceiverSender } from '../../shared/vocabulary/receiver-sender.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { SENT } from './receiver-addresses.tsx';

type Props = { sender: ReceiverSender; secret: string; connection: Connection; onDone(): void };

/** A secret that was made just now: to be put in place at its sender, and gone from the screen after that. */
export function ShownOnce({ sender, secret, connection, onDone }: Props) {
  const name = inertLine(sender.name);
  const heading = useRef<HTMLHeadingElement>(null);
  // It came without being asked for at this place, and is not shown again.
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="shown-once" aria-label={`Secret of ${name}`}>
      <h4 tabIndex={-1} ref={heading}>
        Secret of {name}
      </h4>
      <Copyable text={secret} label={`Copy the secret of ${name}`} />
      <p className="muted">
        Shown this once: put it in place now. Who loses it gets another one under “New secret”.
      </p>
      <ul>
        {(connection.listensAt ?? [])
          .filter(({ kind }) => sender.sends.includes(kind))
          .map(({ kind, url }) => (
            <li key={kind}>
              <code>{url}</code>
              <span className="muted"> · {SENT[kind].proof}</span>
            </li>
          ))}
      </ul>
      <div className="dialog-actions">
        <Button look="primary" onClick={onDone}>
          It is in place
        </Button>
      </div>
    </section>
  );
}
