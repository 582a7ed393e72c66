import { pointAt, useTimeView } from '../state/time-view.ts';
import type { SharedCursor } from '../ui/line-chart.tsx';

/** The instant that the timeline and all charts have in common, as charts take it. */
export const sharedCursor: SharedCursor = {
  read: () => useTimeView.getState().pointed?.atMs ?? null,
  subscribe: useTimeView.subscribe,
  move: (atMs) => pointAt(atMs === null ? null : { atMs, by: 'chart', key: null }),
};
