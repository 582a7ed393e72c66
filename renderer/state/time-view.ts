import { create } from 'zustand';
import type { Span } from './span.ts';

/** One instant that somebody points at, and with what: a line of the timeline is also named by its key. */
export type Pointed = { atMs: number; by: 'chart' | 'line'; key: string | null };

type TimeView = {
  /** The part of the window that everything with a time axis shows; null for all of it. */
  span: Span | null;
  pointed: Pointed | null;
};

/** The time axis that the timeline and the charts of one room have in common. */
export const useTimeView = create<TimeView>(() => ({ span: null, pointed: null }));

export const showSpan = (span: Span | null) => useTimeView.setState({ span });

/** Where the pointer or the keys are in a chart, or the line of the timeline that has the focus. */
export function pointAt(pointed: Pointed | null): void {
  const before = useTimeView.getState().pointed;
  if (before?.atMs !== pointed?.atMs || before?.key !== pointed?.key) useTimeView.setState({ pointed });
}

/** A part of one incident's window says nothing of another's. */
export const forgetTimeView = () => useTimeView.setState({ span: null, pointed: null });
