import { Search } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useIntent } from '../state/intents.ts';
import { useRoom } from '../state/room.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/panel-states.tsx';
import { countOf, sentenceCase } from '../ui/words.ts';
import { Feed } from './feed.tsx';
import { type EventKind, filterEvents } from './filter-events.ts';
import { NoteBox } from './note-box.tsx';
import './timeline.css';

const KINDS: readonly EventKind[] = ['signal', 'change', 'note', 'record'];
const NO_EVENTS: Event[] = [];

/** What happened, oldest first, newest at the bottom. */
export function TimelinePanel({ incident }: { incident: Incident }) {
  const events = useRoom((room) => room.events) ?? NO_EVENTS;
  const [kinds, setKinds] = useState<ReadonlySet<EventKind>>(new Set());
  const [search, setSearch] = useState('');
  const searchBox = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => filterEvents(events, kinds, search), [events, kinds, search]);
  const clear = () => {
    setKinds(new Set());
    setSearch('');
  };
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
        <span className="panel-gap" />
        <div className="timeline-search">
          <Search size={13} aria-hidden />
          <input
            ref={searchBox}
            type="search"
            aria-label="Search the timeline"
            placeholder="Search  /"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              setSearch('');
              event.currentTarget.blur();
            }}
          />
        </div>
      </div>
      <div className="timeline-kinds">
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className="chip-toggle"
            aria-pressed={kinds.has(kind)}
            onClick={() => setKinds(toggled(kinds, kind))}
          >
            {sentenceCase(kind)}s
            <span className="chip-count">
              {countOf(events.filter((event) => event.kind === kind).length)}
            </span>
          </button>
        ))}
      </div>
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
        <Feed events={shown} onHidden={clear} />
      )}
      <NoteBox incident={incident} />
    </section>
  );
}

function toggled(kinds: ReadonlySet<EventKind>, kind: EventKind): ReadonlySet<EventKind> {
  const next = new Set(kinds);
  if (!next.delete(kind)) next.add(kind);
  return next;
}
