import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { EventKind } from '../../shared/vocabulary/event.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { announce } from '../state/announcements.ts';
import type { EventLine } from '../state/event-line.ts';
import { useIntent } from '../state/intents.ts';
import { rereadRoom, useRoom, useRoomProblem } from '../state/room.ts';
import type { Extent } from '../state/span.ts';
import { showSpan, useTimeView } from '../state/time-view.ts';
import { useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Problem } from '../ui/panel-states.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { countOf, sentenceCase } from '../ui/words.ts';
import { LANES } from './density.ts';
import { Feed } from './feed.tsx';
import { countKinds, filterEvents } from './filter-events.ts';
import { NoteBox } from './note-box.tsx';
import { Pinned } from './pinned.tsx';
import { TimeWindow } from './time-window.tsx';
import { useReadAhead } from './use-read-ahead.ts';
import './timeline.css';

const NO_EVENTS: readonly EventLine[] = [];
const NO_PINS: string[] = [];

/** What happened, oldest first, newest at the bottom. */
export function TimelinePanel({ incident }: { incident: Incident }) {
  const events = useRoom((room) => room.events) ?? NO_EVENTS;
  const earlier = useRoom((room) => room.earlier) ?? 0;
  const unread = useRoomProblem('earlier');
  const pinned = useRoom((room) => room.pinned) ?? NO_PINS;
  const onsetMs = useRoom((room) => room.candidates?.onsetMs ?? null) ?? null;
  const [kinds, setKinds] = useState<ReadonlySet<EventKind>>(new Set());
  const [search, setSearch] = useState('');
  const span = useTimeView((view) => view.span);
  const searchBox = useRef<HTMLInputElement>(null);
  // What is typed shows at once; a long list follows when there is time for it.
  const filter = useDeferredValue(useMemo(() => ({ kinds, search, span }), [kinds, search, span]));
  const shown = useMemo(() => filterEvents(events, filter), [events, filter]);
  const counts = useMemo(() => countKinds(events), [events]);
  const extent = useExtent(incident, events);
  const clear = () => {
    setKinds(new Set());
    setSearch('');
    showSpan(null);
  };
  /** Something links to an event that the list does not show. */
  const onHidden = () => {
    if (shown.length < events.length) return clear();
    if (earlier > 0) return;
    useView.setState({ soughtEvent: null });
    announce('The event that was looked for is not on this timeline.');
  };
  useReadAhead(events, earlier === 0);
  useIntent('timeline.search', () => searchBox.current?.focus());

  return (
    <section className="panel timeline" aria-label="Timeline">
      <div className="panel-head">
        <h2 className="panel-title">Timeline</h2>
        <span className="panel-count">
          {shown.length === events.length
            ? countOf(events.length)
            : `${countOf(shown.length)} of ${countOf(events.length)}`}
        </span>
        {earlier > 0 && unread === null && (
          <span className="timeline-earlier">reading {countOf(earlier)} earlier</span>
        )}
        <span className="panel-gap" />
        <SearchBox
          ref={searchBox}
          label="Search the timeline"
          placeholder="Search  /"
          text={search}
          onText={setSearch}
        />
      </div>
      <div className="timeline-kinds">
        {LANES.map((kind) => (
          <button
            key={kind}
            type="button"
            className={`chip-toggle lane-${kind}`}
            aria-pressed={kinds.has(kind)}
            onClick={() => setKinds(toggled(kinds, kind))}
          >
            {sentenceCase(kind)}s<span className="chip-count">{countOf(counts[kind])}</span>
          </button>
        ))}
        {span !== null && (
          <Button small look="quiet" className="timeline-whole" onClick={() => showSpan(null)}>
            Whole window
          </Button>
        )}
      </div>
      {unread !== null && (
        <Problem>
          {countOf(earlier)} earlier events could not be read. {unread}{' '}
          <Button small onClick={() => void rereadRoom()}>
            Try again
          </Button>
        </Problem>
      )}
      {events.length > 0 && (
        <TimeWindow events={events} extent={extent} span={span} onsetMs={onsetMs} onSpan={showSpan} />
      )}
      <Pinned keys={pinned} events={events} />
      {events.length === 0 ? (
        <Empty title="Nothing has been heard yet.">
          <p>Alerts, anomalies, changes and notes appear here as soon as a source delivers them.</p>
        </Empty>
      ) : shown.length === 0 ? (
        <Empty title="No event fits the filter.">
          <Button small onClick={clear}>
            Show all {countOf(events.length)}
          </Button>
        </Empty>
      ) : (
        <Feed events={shown} pinned={pinned} onHidden={onHidden} />
      )}
      <NoteBox incident={incident} />
    </section>
  );
}

/**
 * The window of the incident, and at least a minute of it, so that there is something to choose from. Changes of the day
 * before stand in the list; drawn here they would press everything else into a corner.
 */
function useExtent(incident: Incident, events: readonly EventLine[]): Extent {
  const { fromMs } = incident;
  const toMs = Math.max(events.at(-1)?.atMs ?? incident.openedMs, fromMs + 60_000);
  return useMemo(() => ({ fromMs, toMs }), [fromMs, toMs]);
}

function toggled(kinds: ReadonlySet<EventKind>, kind: EventKind): ReadonlySet<EventKind> {
  const next = new Set(kinds);
  if (!next.delete(kind)) next.add(kind);
  return next;
}
