import { type RefObject, useEffect } from 'react';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { useRoomState } from '../state/room.ts';
import { useTimeView } from '../state/time-view.ts';
import { useView } from '../state/view.ts';
import { atIdle } from '../ui/at-idle.ts';
import { useThemeKey } from '../ui/use-theme-key.ts';
import { useChartsView } from './charts-view.ts';
import { keptOf } from './metrics-kept.ts';
import { plotsAhead, prepare } from './plots-ahead.ts';
import { seenNow } from './seen-now.ts';

/** What the charts will show is looked at again at most this often. */
const PACE_MS = 500;

type Ahead = { incident: IncidentId; isShown: boolean; column: RefObject<HTMLElement | null> };

/**
 * Draws the first charts of an incident while nobody looks at them and the screen has nothing else to do, from what was read
 * of them, and draws them again as that changes: whoever opens them then waits for no drawing.
 */
export function usePlotsAhead({ incident, isShown, column }: Ahead): void {
  const theme = useThemeKey();
  useEffect(() => {
    if (isShown) return;
    const { charts, plots } = keptOf(incident);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = () => {};
    const plan = () => {
      timer = undefined;
      stop();
      stop = atIdle([null], () => {
        const element = column.current;
        const seen = seenNow(incident, element);
        if (!element || !seen) return;
        const wanted = plotsAhead(seen, charts.chartOf);
        stop = atIdle(wanted, (one) => prepare(one, plots, { element, theme }));
      });
    };
    const soon = () => {
      timer ??= setTimeout(plan, PACE_MS);
    };
    soon();
    const observer = new ResizeObserver(soon);
    if (column.current) observer.observe(column.current);
    document.addEventListener('visibilitychange', soon);
    const leave = [
      charts.listen(soon),
      useRoomState.subscribe(soon),
      useTimeView.subscribe(({ span }, before) => span !== before.span && soon()),
      useChartsView.subscribe(soon),
      useView.subscribe(
        ({ selectedService }, before) => selectedService !== before.selectedService && soon(),
      ),
    ];
    return () => {
      clearTimeout(timer);
      stop();
      observer.disconnect();
      document.removeEventListener('visibilitychange', soon);
      for (const end of leave) end();
    };
  }, [incident, isShown, column, theme]);
}
