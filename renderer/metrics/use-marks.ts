import { useMemo, useRef } from 'react';
import type { EventLine } from '../state/event-line.ts';
import { useRoom } from '../state/room.ts';
import { type ChartMark, marksIn, marksOf, sameIfEqual, worthReadingOf } from './chart-marks.ts';

const NO_EVENTS: readonly EventLine[] = [];

/** What is marked on the charts of each service, worked out once for a list of events. */
export function useMarks(): (service: string) => readonly ChartMark[] {
  const events = useRoom((room) => room.events) ?? NO_EVENTS;
  // As one text, so that a new ranking with the same candidates on top draws nothing anew.
  const worth = useRoom(({ candidates }) => JSON.stringify(worthReadingOf(candidates))) ?? '[]';
  const lately = useRef(new Map<string, readonly ChartMark[]>());
  return useMemo(() => {
    const all = marksIn(events);
    const ids = new Set(JSON.parse(worth) as string[]);
    const known = new Map<string, readonly ChartMark[]>();
    const before = lately.current;
    lately.current = known;
    return (service) => {
      const marks = known.get(service) ?? sameIfEqual(before.get(service), marksOf(service, all, ids));
      known.set(service, marks);
      return marks;
    };
  }, [events, worth]);
}
