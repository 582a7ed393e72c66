import { ChevronDown, ChevronRight } from 'lucide-react';
import type { Event } from '../../shared/vocabulary/event.ts';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { kindLook } from './kind-look.ts';

type EventRowProps = {
  event: Event;
  position: number;
  total: number;
  open: boolean;
  selected: boolean;
  focusable: boolean;
  onToggle(): void;
  onFocus(): void;
};

/** One dated fact. Everything in it came from outside and is shown as text. */
export function EventRow({ event, position, total, open, selected, focusable, ...props }: EventRowProps) {
  const { icon: Icon, word } = kindLook(event);
  const more = hasMore(event);
  const id = `event-${position}`;
  const tone = event.kind === 'signal' ? `signal-${event.severity}` : event.kind;
  return (
    <article
      className={`event event-${tone}`}
      aria-labelledby={`${id}-when`}
      aria-describedby={`${id}-what`}
      aria-posinset={position + 1}
      aria-setsize={total}
      aria-current={selected ? 'true' : undefined}
      tabIndex={focusable ? 0 : -1}
      data-key={event.key}
      data-index={position}
      onFocus={props.onFocus}
      onKeyDown={(press) => {
        if (press.key === 'Enter' && press.target === press.currentTarget && more) props.onToggle();
      }}
    >
      <span className="event-when" id={`${id}-when`}>
        <Time atMs={event.atMs} />
        <span className="event-kind">
          <Icon size={13} aria-hidden />
          {word}
          {event.kind === 'signal' && event.severity === 'critical' && ' · critical'}
        </span>
      </span>
      <div className="event-what" id={`${id}-what`}>
        <p className={`event-title ${open ? '' : 'event-title-short'}`}>
          {event.service && !event.title.startsWith(event.service) && (
            <span className="event-service">
              <Inert text={event.service} />
            </span>
          )}
          <Inert text={event.title} />
        </p>
        {open && <Detail event={event} />}
      </div>
      {more && (
        <button
          type="button"
          className="event-more"
          tabIndex={focusable ? 0 : -1}
          aria-expanded={open}
          aria-label={open ? 'Fold details' : 'Show details'}
          onClick={props.onToggle}
        >
          {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
        </button>
      )}
    </article>
  );
}

const hasMore = (event: Event) =>
  event.detail !== undefined ||
  Object.keys(event.labels ?? {}).length > 0 ||
  (event.kind === 'change' && (event.diff?.length ?? 0) > 0) ||
  event.source !== '';

function Detail({ event }: { event: Event }) {
  const labels = Object.entries(event.labels ?? {});
  return (
    <div className="event-detail">
      {event.detail && (
        <p>
          <Inert text={event.detail} lines />
        </p>
      )}
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
      </p>
    </div>
  );
}
