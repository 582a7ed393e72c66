import type { EventLine } from '../state/event-line.ts';
import { Time } from '../ui/time.tsx';

type UnreadableRowProps = {
  line: EventLine;
  position: number;
  total: number;
  focusable: boolean;
  onFocus(line: EventLine): void;
};

/** Stands where the host holds something that this screen does not understand, so that nobody takes it for nothing. */
export function UnreadableRow({ line, position, total, focusable, onFocus }: UnreadableRowProps) {
  const id = `event-${position}`;
  return (
    <article
      className="event event-closed event-unreadable"
      aria-labelledby={`${id}-when`}
      aria-describedby={`${id}-what`}
      aria-posinset={position + 1}
      aria-setsize={total}
      tabIndex={focusable ? 0 : -1}
      data-key={line.key}
      data-index={position}
      onFocus={() => onFocus(line)}
    >
      <span className="event-when" id={`${id}-when`}>
        <span className="event-time">
          <Time atMs={line.atMs} />
        </span>
      </span>
      <div className="event-what" id={`${id}-what`}>
        <p className="event-title event-title-short">
          A {line.kind} that this screen does not understand. It stands in the data folder as it came.
        </p>
      </div>
    </article>
  );
}
