import { useMemo } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useRoom } from '../state/room.ts';
import type { Extent } from '../state/span.ts';
import { useTimeView } from '../state/time-view.ts';
import { type Axis, axisOf } from './axis.ts';

/** The window of the metrics, the part of it that the timeline shows too, and what all charts mark in it. */
export function useAxis({ openedMs, closedMs }: Incident, { fromMs, toMs }: Extent): Axis {
  const span = useTimeView((view) => view.span);
  const onsetMs = useRoom((room) => room.candidates?.onsetMs ?? null) ?? null;
  const beganFromMs = useRoom((room) => room.candidates?.onsetRange?.fromMs);
  const beganToMs = useRoom((room) => room.candidates?.onsetRange?.toMs);
  return useMemo(() => {
    const began =
      beganFromMs === undefined || beganToMs === undefined ? null : { fromMs: beganFromMs, toMs: beganToMs };
    return axisOf({ incident: { openedMs, closedMs }, extent: { fromMs, toMs }, span, onsetMs, began });
  }, [fromMs, toMs, span, onsetMs, beganFromMs, beganToMs, openedMs, closedMs]);
}
