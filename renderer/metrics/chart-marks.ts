import type { ChangeKind } from '../../shared/vocabulary/kinds.ts';
import type { EventLine } from '../state/event-line.ts';

/** A change or an action at its instant, to be seen on the charts of a service. */
export type ChartMark = {
  key: string;
  atMs: number;
  service: string | null;
  title: string;
  what: { tone: 'change'; kind: ChangeKind } | { tone: 'action' };
};

/** The changes and the executed actions among the events, in the order of time. */
export function marksIn(events: readonly EventLine[]): ChartMark[] {
  const lines = events.filter(({ kind }) => kind === 'change' || kind === 'record');
  return lines.flatMap(({ event }): ChartMark[] => {
    if (!event) return [];
    const { key, atMs, service, title } = event;
    if (event.kind === 'change')
      return [{ key, atMs, service, title, what: { tone: 'change', kind: event.change } }];
    if (event.kind === 'record' && event.sort === 'execution')
      return [{ key, atMs, service, title, what: { tone: 'action' } }];
    return [];
  });
}

/**
 * What is marked on the charts of a service: what was changed in it, the changes that are worth reading wherever they were
 * made, and everything that was done about the incident.
 */
export function marksOf(
  service: string,
  marks: readonly ChartMark[],
  worthReading: ReadonlySet<string>,
): ChartMark[] {
  return marks.filter(
    (mark) => mark.what.tone === 'action' || mark.service === service || worthReading.has(mark.key),
  );
}

/** The changes on top of a ranking, by their keys. */
export const worthReadingOf = (
  candidates: { changes: readonly { id: string }[]; worthReading: number } | null,
): string[] => candidates?.changes.slice(0, candidates.worthReading).map(({ id }) => id) ?? [];

/** What is equal is the same list, so that an event that marks nothing here draws no chart anew. */
export function sameIfEqual(
  before: readonly ChartMark[] | undefined,
  now: readonly ChartMark[],
): readonly ChartMark[] {
  return before && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/** Marks that would lie on each other share a place. */
export function together(
  marks: readonly ChartMark[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  leastMs: number,
): ChartMark[][] {
  const groups: ChartMark[][] = [];
  for (const mark of marks) {
    if (mark.atMs < fromMs || mark.atMs > toMs) continue;
    const last = groups.at(-1);
    if (last?.[0] && mark.atMs - last[0].atMs < leastMs) last.push(mark);
    else groups.push([mark]);
  }
  return groups;
}
