import { useMemo } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useRoom } from '../state/room.ts';
import { drawn, type Extent } from '../state/span.ts';
import { useTimeView } from '../state/time-view.ts';
import type { Axis } from './signal-chart.tsx';

/** The window of the metrics, the part of it that the timeline shows too, and what all charts mark in it. */
export function useAxis({ openedMs, closedMs }: Incident, { fromMs, toMs }: Extent): Axis {
  const span = useTimeView((view) => view.span);
  const onsetMs = useRoom((room) => room.candidates?.onsetMs ?? null) ?? null;
  const beganFromMs = useRoom((room) => room.candidates?.onsetRange?.fromMs);
  const beganToMs = useRoom((room) => room.candidates?.onsetRange?.toMs);
  return useMemo(() => {
    const extent = { fromMs, toMs };
    return {
      extent,
      range: drawn(span, extent),
      onsetMs,
      began:
        beganFromMs === undefined || beganToMs === undefined
          ? null
          : { fromMs: beganFromMs, toMs: beganToMs },
      shade: { fromMs: onsetMs ?? openedMs, toMs: closedMs ?? toMs },
    };
  }, [fromMs, toMs, span, onsetMs, beganFromMs, beganToMs, openedMs, closedMs]);
}
