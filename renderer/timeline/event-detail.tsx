import type { Event } from '../../shared/vocabulary/event.ts';
import { Inert } from '../ui/inert.tsx';
import { utc } from '../ui/words.ts';
import { DetailText } from './detail-text.tsx';
import { EventActions } from './event-actions.tsx';
import { useSkewOf } from './event-marks.tsx';
import { RawPayload } from './raw-payload.tsx';
import { skewWords } from './skew-words.ts';
import './raw-payload.css';

/** Everything that is known of one event, and what a person can do with its line. */
export function EventDetail({ event, pinned }: { event: Event; pinned: boolean }) {
  const skewMs = useSkewOf(event);
  const labels = Object.entries(event.labels ?? {});
  return (
    <div className="event-detail">
      {event.detail && event.kind !== 'note' && <DetailText event={event} />}
      {event.kind === 'change' && event.diff && event.diff.length > 0 && (
        <table className="diff">
          <thead>
            <tr>
              <th>Field</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {event.diff.map(({ path, before, after }) => (
              <tr key={path}>
                <td>
                  <Inert text={path} />
                </td>
                <td className="diff-before">{before === null ? 'not set' : <Inert text={before} />}</td>
                <td className="diff-after">{after === null ? 'removed' : <Inert text={after} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {labels.length > 0 && (
        <p className="event-labels">
          {labels.map(([name, value]) => (
            <code key={name}>
              <Inert text={`${name}=${value}`} />
            </code>
          ))}
        </p>
      )}
      <p className="event-source">
        {event.kind === 'note' ? 'Written by ' : 'From '}
        <Inert text={event.kind === 'note' ? event.author : event.source} />
        {event.kind === 'change' && event.actor && (
          <>
            , by <Inert text={event.actor} />
          </>
        )}
        {event.reconstructed && '. Nobody watched it: rebuilt from what the system still held.'}
        {skewMs !== null &&
          ` (${skewWords(skewMs)}: as dated there, not as it lines up with what others dated)`}
        <span className="event-utc"> · {utc(event.atMs)}</span>
      </p>
      {event.payload !== undefined && <RawPayload event={event} digest={event.payload} />}
      <EventActions event={event} pinned={pinned} />
    </div>
  );
}
