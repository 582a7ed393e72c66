import { Earlier } from '../../shared/vocabulary/chart.ts';
import type { EventLine } from '../state/event-line.ts';
import { nearestEvent } from '../state/nearest-event.ts';
import { useRoom } from '../state/room.ts';
import { showSpan, useTimeView } from '../state/time-view.ts';
import { Button } from '../ui/button.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { SearchBox } from '../ui/search-box.tsx';
import { counted, countOf, duration, fromTo, relativeTo, timeOfDay } from '../ui/words.ts';
import type { Axis } from './axis.ts';
import { useChartsView } from './charts-view.ts';
import type { ShownSignals } from './signals-shown.ts';

const NO_EVENTS: readonly EventLine[] = [];

/** What is shown of how much, against what, and what lies under the shared cursor. */
export function MetricsHead({ shown, axis }: { shown: ShownSignals; axis: Axis }) {
  const { text, onlyOff, against } = useChartsView();
  const hasSpan = useTimeView(({ span }) => span !== null);
  return (
    <div className="metrics-head">
      <div className="metrics-tools">
        <SearchBox
          label="Filter services and signals"
          placeholder="Service or signal"
          text={text}
          onText={(typed) => useChartsView.setState({ text: typed })}
        />
        <button
          type="button"
          className="chip-toggle"
          aria-pressed={onlyOff}
          disabled={shown.off === 0}
          onClick={() => useChartsView.setState({ onlyOff: !onlyOff })}
        >
          Only anomalous
          <span className="chip-count">{countOf(shown.off)}</span>
        </button>
        <label className="metrics-against">
          <span className="muted">against</span>
          <select
            value={against ?? ''}
            onChange={({ target }) =>
              useChartsView.setState({ against: Earlier.safeParse(target.value).data ?? null })
            }
          >
            <option value="">nothing</option>
            <option value="yesterday">yesterday</option>
            <option value="last-week">last week</option>
          </select>
        </label>
        {hasSpan && (
          <Button small look="quiet" onClick={() => showSpan(null)}>
            Whole window
          </Button>
        )}
      </div>
      <UnderCursor shown={shown} axis={axis} />
    </div>
  );
}

function countWords({ shown, off, all }: ShownSignals): string {
  if (off === 0) return `None of ${counted(all, 'signal')} anomalous.`;
  const hidden = all - shown;
  const some = `${countOf(off)} of ${counted(all, 'signal')} anomalous`;
  return hidden === 0 ? `${some}.` : `${some}; ${countOf(hidden)} not shown.`;
}

/** How much is shown and the window, or the instant under the cursor with the line of the timeline that is nearest to it. */
function UnderCursor({ shown, axis: { range, onsetMs } }: { shown: ShownSignals; axis: Axis }) {
  const atMs = useTimeView(({ pointed }) => pointed?.atMs ?? null);
  const events = useRoom((room) => room.events) ?? NO_EVENTS;
  if (atMs === null) {
    return (
      <>
        <p className="metrics-count">{countWords(shown)}</p>
        <p className="metrics-cursor muted">
          {fromTo(range.fromMs, range.toMs)} · {duration(range.toMs - range.fromMs)}
        </p>
      </>
    );
  }
  const nearest = nearestEvent(events, atMs)?.event;
  return (
    <p className="metrics-cursor metrics-pointed">
      <strong>{timeOfDay(atMs)}</strong>
      {onsetMs !== null && <span className="muted"> {relativeTo(atMs, onsetMs, 'onset')}</span>}
      {nearest && (
        <>
          {' · '}
          {inertLine(nearest.title)}{' '}
          <span className="muted">({relativeTo(nearest.atMs, atMs, 'the cursor')})</span>
        </>
      )}
    </p>
  );
}
