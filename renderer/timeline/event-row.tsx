import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { eventText } from '../../shared/formats/event-text.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import { Inert } from '../ui/inert.tsx';
import { InertMarkdown } from '../ui/inert-markdown.tsx';
import { SuspiciousMark } from '../ui/suspicious-mark.tsx';
import { Time } from '../ui/time.tsx';
import { EventDetail } from './event-detail.tsx';
import { EventMarks } from './event-marks.tsx';
import { kindLook } from './kind-look.ts';
import { NoteTraceLine } from './note-trace.tsx';

type EventRowProps = {
  event: Event;
  position: number;
  total: number;
  open: boolean;
  pinned: boolean;
  selected: boolean;
  focusable: boolean;
  onToggle(event: Event): void;
  onFocus(event: Event): void;
};

/**
 * One dated fact. Everything in it came from outside and is shown as text. It is drawn anew only when it says something
 * else: a scroll moves dozens of lines in each frame, and reading the text of each anew would cost more than the frame has.
 */
export const EventRow = memo(function EventRow({
  event,
  position,
  total,
  open,
  pinned,
  selected,
  focusable,
  ...props
}: EventRowProps) {
  const { icon: Icon, word } = kindLook(event);
  const text = eventText(event);
  const id = `event-${position}`;
  const tone = event.kind === 'signal' ? `signal-${event.severity}` : event.kind;
  return (
    <article
      className={`event event-${tone} ${open ? '' : 'event-closed'}`}
      aria-labelledby={`${id}-when`}
      aria-describedby={`${id}-what`}
      aria-posinset={position + 1}
      aria-setsize={total}
      aria-current={selected ? 'true' : undefined}
      tabIndex={focusable ? 0 : -1}
      data-key={event.key}
      data-index={position}
      onFocus={() => props.onFocus(event)}
      onKeyDown={(press) => {
        if (press.key === 'Enter' && press.target === press.currentTarget) props.onToggle(event);
      }}
    >
      <span className="event-when" id={`${id}-when`}>
        <span className="event-time">
          <Time atMs={event.atMs} />
          {event.kind === 'signal' && event.severity === 'critical' && <b>critical</b>}
        </span>
        <span className="event-kind">
          <Icon size={13} aria-hidden />
          {word}
          <EventMarks event={event} text={text} pinned={pinned} />
        </span>
      </span>
      <div className="event-what" id={`${id}-what`}>
        {event.kind === 'note' ? (
          <div className={`event-title event-note-text ${open ? '' : 'event-title-short'}`}>
            <InertMarkdown text={event.detail ?? event.title} />
          </div>
        ) : (
          <p className={`event-title ${open ? '' : 'event-title-short'}`}>
            {event.service && !event.title.startsWith(event.service) && (
              <span className="event-service">
                <Inert text={event.service} />
              </span>
            )}
            <Inert text={event.title} />
          </p>
        )}
        {event.kind === 'note' && <NoteTraceLine note={event} />}
        {open && <SuspiciousMark text={text} />}
        {open && <EventDetail event={event} pinned={pinned} />}
      </div>
      <button
        type="button"
        className="event-more"
        tabIndex={focusable ? 0 : -1}
        aria-expanded={open}
        aria-label={open ? 'Fold details' : 'Show details'}
        onClick={() => props.onToggle(event)}
      >
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
      </button>
    </article>
  );
});
