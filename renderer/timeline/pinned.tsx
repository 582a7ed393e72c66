import { Pin } from 'lucide-react';
import { useMemo } from 'react';
import type { EventLine } from '../state/event-line.ts';
import { seekEvent } from '../state/view.ts';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { counted } from '../ui/words.ts';

/** What people keep in view, in the order of time; each leads to its place. */
export function Pinned({ keys, events }: { keys: readonly string[]; events: readonly EventLine[] }) {
  const pinned = useMemo(() => {
    if (keys.length === 0) return [];
    const wanted = new Set(keys);
    return events.filter(({ key }) => wanted.has(key)).flatMap(({ event }) => event ?? []);
  }, [keys, events]);
  if (pinned.length === 0) return null;
  return (
    <details className="pinned" open>
      <summary>
        <Pin size={12} className="pinned-icon" aria-hidden />
        {counted(pinned.length, 'pinned event')}
      </summary>
      <ul aria-label="Pinned events">
        {pinned.map((event) => (
          <li key={event.key}>
            <button type="button" className="pinned-event" onClick={() => seekEvent(event.key)}>
              <Time atMs={event.atMs} />
              <span className="pinned-title">
                <Inert text={event.title} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
