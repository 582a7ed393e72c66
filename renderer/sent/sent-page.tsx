import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import { readSent, useSent } from '../state/sent.ts';
import { Inert } from '../ui/inert.tsx';
import { Empty, WhenRead } from '../ui/panel-states.tsx';
import { counted, countOf } from '../ui/words.ts';
import { SentRow } from './sent-row.tsx';
import './sent.css';

/** Every byte that was sent to a model for one incident: when, where to, how much, what was masked, and the exact text. */
export function SentPage({ incident, room }: { incident: Incident; room: string }) {
  const { requests, problem, readMs } = useSent(incident.id);
  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <div>
            <h1 className="page-title">What left this machine</h1>
            <p className="muted">
              For{' '}
              <a href={room}>
                <Inert text={incident.title} />
              </a>
              : every request to a model, byte for byte.
            </p>
          </div>
        </div>
        <WhenRead
          of={{ value: requests, problem, readMs, again: () => void readSent(incident.id) }}
          loading="Reading what was sent"
          failed="What was sent could not be read"
        >
          {(known) =>
            known.length === 0 ? (
              <Empty title="Nothing left this machine.">
                <p>
                  The offline analyst reads here and sends nothing. Requests to another model appear here as
                  they are sent, byte for byte.
                </p>
              </Empty>
            ) : (
              <Requests requests={known} />
            )
          }
        </WhenRead>
      </div>
    </div>
  );
}

function Requests({ requests }: { requests: readonly SentRequest[] }) {
  const bytes = requests.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <>
      <p role="status">
        {counted(requests.length, 'request')}, {countOf(bytes)} bytes in all.
      </p>
      <ol className="sent-list" aria-label="Requests">
        {requests.map((request) => (
          <SentRow key={request.id} request={request} />
        ))}
      </ol>
    </>
  );
}
