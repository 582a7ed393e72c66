import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { useRoomState } from '../state/room.ts';
import { useTimeView } from '../state/time-view.ts';
import { useView } from '../state/view.ts';
import { scrollbarWidth } from '../ui/scrollbar-width.ts';
import { useChartsView } from './charts-view.ts';
import { freshReading } from './metrics-kept.ts';
import type { Seen } from './plots-ahead.ts';

/** What the charts would show if they were looked at now, in that column; null where that cannot be told yet. */
export function seenNow(incident: IncidentId, column: HTMLElement | null): Seen | null {
  const { state } = useRoomState.getState();
  const reading = freshReading(incident);
  if (!column || !reading || state.phase !== 'ready' || state.id !== incident) return null;
  const { clientWidth: width, clientHeight: height } = column;
  const { text, onlyOff, expanded } = useChartsView.getState();
  const { selectedService } = useView.getState();
  if (width === 0) return null;
  return {
    reading,
    room: state.room,
    span: useTimeView.getState().span,
    filter: {
      text,
      onlyOff,
      expanded: selectedService === null ? expanded : new Set([...expanded, selectedService]),
    },
    width,
    height,
    scrollbar: scrollbarWidth(),
  };
}
