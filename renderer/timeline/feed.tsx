import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type CSSProperties, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { EventPlace } from '../../shared/vocabulary/event-page.ts';
import type { EventLine } from '../state/event-line.ts';
import { useIntent } from '../state/intents.ts';
import { nearestEvent } from '../state/nearest-event.ts';
import { pointAt, useTimeView } from '../state/time-view.ts';
import { selectCandidate, useView } from '../state/view.ts';
import { countOf } from '../ui/words.ts';
import { EventRow } from './event-row.tsx';
import { UnreadableRow } from './unreadable-row.tsx';

/** How near the bottom counts as being there, in pixels. */
const AT_BOTTOM = 24;
/** The height of a line that is not opened, in pixels. */
const ROW = 46;
const rowHeight = () => ROW;

/**
 * The list itself, drawn as far as it is in view. It follows the newest event only for whoever is at the bottom already:
 * nothing moves under a reader, who is told how many are new instead.
 */
export function Feed({
  events,
  pinned,
  onHidden,
}: {
  events: readonly EventLine[];
  pinned: readonly string[];
  onHidden(): void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);
  const [atBottom, setAtBottom] = useState(true);
  const [seen, setSeen] = useState(events.length);
  const selected = useView((view) => view.selectedCandidate);
  const sought = useView((view) => view.soughtEvent);
  // The line that is nearest to where somebody points in a chart; only another line draws the list anew.
  const nearest = useTimeView(({ pointed }) =>
    pointed?.by === 'chart' ? (nearestEvent(events, pointed.atMs)?.key ?? null) : null,
  );

  // A new function each time would make the list measure all of its lines anew with every frame of a scroll.
  const getItemKey = useCallback((index: number) => events[index]?.key ?? index, [events]);
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => box.current,
    // Exact for every line that is not opened, so that a scroll through a hundred thousand measures nothing anew.
    estimateSize: rowHeight,
    getItemKey,
    overscan: 8,
    // What comes in above, earlier pages or late deliveries, must not push away the line that is being read.
    anchorTo: 'end',
    scrollEndThreshold: AT_BOTTOM,
  });

  useLayoutEffect(() => {
    if (!atBottom) return;
    setSeen(events.length);
    virtual.scrollToIndex(events.length - 1, { align: 'end' });
  }, [events.length, atBottom, virtual]);

  /** `isWished`: somebody pressed what leads there, so that it is the dialog giving back the focus that comes second. */
  const focusEvent = (index: number, isWished = false) => {
    const event = events[index];
    if (!event) return;
    setCursor(event.key);
    if (index < events.length - 1) setAtBottom(false);
    virtual.scrollToIndex(index, { align: 'auto' });
    if (focusRow(box.current, index)) return;
    // Not drawn yet: it will be after the scroll. Whoever moved the focus elsewhere meanwhile keeps it.
    const before = document.activeElement;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (isWished || document.activeElement === before) focusRow(box.current, index);
      }),
    );
  };
  const cursorIndex = cursor === null ? -1 : events.findIndex(({ key }) => key === cursor);
  useIntent('timeline.next', () =>
    focusEvent(cursorIndex < 0 ? events.length - 1 : Math.min(cursorIndex + 1, events.length - 1)),
  );
  useIntent('timeline.previous', () =>
    focusEvent(cursorIndex < 0 ? events.length - 1 : Math.max(cursorIndex - 1, 0)),
  );
  useIntent('timeline.focus', () => focusEvent(cursorIndex < 0 ? events.length - 1 : cursorIndex));

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new wish scrolls, not new events.
  useEffect(() => {
    if (sought === null) return;
    const index = events.findIndex(({ key }) => key === sought);
    if (index < 0) return onHidden();
    useView.setState({ soughtEvent: null });
    setOpened((before) => new Set(before).add(sought));
    focusEvent(index, true);
  }, [sought, events.length]);

  // Both stay the same functions, so that a line whose event stays the same is not drawn anew.
  const toggle = useCallback((event: Event) => {
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(event.key)) next.add(event.key);
      return next;
    });
    if (event.kind === 'change') selectCandidate(event.key, event.service);
  }, []);
  const point = useCallback(({ atMs, key }: EventPlace) => {
    setCursor(key);
    pointAt({ atMs, by: 'line', key });
  }, []);

  const tabStop = cursorIndex < 0 ? events.length - 1 : cursorIndex;
  const unseen = atBottom ? 0 : Math.max(0, events.length - seen);
  return (
    <div className="feed-frame">
      <div
        ref={box}
        className="feed"
        role="feed"
        aria-label="Events"
        aria-busy="false"
        onScroll={({ currentTarget: at }) => {
          const bottom = at.scrollHeight - at.scrollTop - at.clientHeight < AT_BOTTOM;
          if (bottom) setSeen(events.length);
          setAtBottom(bottom);
        }}
      >
        <div
          className="feed-space"
          role="presentation"
          style={{ height: virtual.getTotalSize(), '--row': `${ROW}px` } as CSSProperties}
        >
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const line = events[index];
            if (!line) return null;
            const place = { position: index, total: events.length, focusable: index === tabStop };
            return (
              <div
                key={key}
                // A line that is not opened has the height it is given; one that was opened is watched until it is gone.
                ref={opened.has(line.key) ? virtual.measureElement : undefined}
                data-index={index}
                role="presentation"
                className="feed-item"
                data-nearest={line.key === nearest ? '' : undefined}
                style={{ transform: `translateY(${start}px)` }}
              >
                {line.event ? (
                  <EventRow
                    {...place}
                    event={line.event}
                    open={opened.has(line.key)}
                    pinned={pinned.includes(line.key)}
                    selected={line.key === selected}
                    onToggle={toggle}
                    onFocus={point}
                  />
                ) : (
                  <UnreadableRow {...place} line={line} onFocus={point} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {unseen > 0 && (
        <button type="button" className="feed-new" onClick={() => setAtBottom(true)}>
          <ArrowDown size={13} aria-hidden />
          {countOf(unseen)} new
        </button>
      )}
    </div>
  );
}

function focusRow(box: HTMLElement | null, index: number): boolean {
  const row = box?.querySelector<HTMLElement>(`article[data-index="${index}"]`);
  row?.focus({ preventScroll: true });
  return row != null;
}
