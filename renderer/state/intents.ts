import { useEffect, useRef } from 'react';

/**
 * What a person asks for with a key or from the palette. Whoever shows the thing listens; an intent for a place that is
 * just being opened waits for it a moment.
 */
export type Intent =
  | 'timeline.next'
  | 'timeline.previous'
  | 'timeline.focus'
  | 'timeline.search'
  | 'timeline.note'
  | 'candidates.next'
  | 'candidates.previous'
  | 'candidates.all'
  | 'proposal.approve'
  | 'proposal.deny'
  | 'proposal.backOut'
  | 'proposal.propose'
  | 'hypotheses.challenge'
  | 'analyst.toggle'
  | 'report.export'
  | 'ledger.verify'
  | 'ledger.review';

const PATIENCE_MS = 1_500;
const listeners = new Map<Intent, Set<() => void>>();
let waiting: { intent: Intent; untilMs: number } | null = null;

export function emitIntent(intent: Intent): void {
  const listening = listeners.get(intent);
  if (!listening || listening.size === 0) {
    waiting = { intent, untilMs: Date.now() + PATIENCE_MS };
    return;
  }
  for (const listener of listening) listener();
}

export function useIntent(intent: Intent, handler: () => void): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const listener = () => latest.current();
    const listening = listeners.get(intent) ?? new Set();
    listeners.set(intent, listening.add(listener));
    if (waiting?.intent === intent && Date.now() < waiting.untilMs) {
      waiting = null;
      listener();
    }
    return () => void listening.delete(listener);
  }, [intent]);
}
