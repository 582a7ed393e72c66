import type { Event } from '../../shared/vocabulary/event.ts';
import type { Alert } from '../connectors/source.ts';
import { alertKeyParts } from '../timeline/alert-lines.ts';

/** More alerts of one source than this are known anew, as they are told again. */
const MOST_OF_SOURCE = 20_000;

/** Of one source: as what each of its alerts arrives, and what stands behind each that arrives. */
type Arrivals = { sentAs: Map<string, readonly string[]>; behind: Map<string, Set<string>> };

export type AlertArrivals = ReturnType<typeof alertArrivals>;

/**
 * Which alerts of a source stand behind one that an Alertmanager tells, where labels are changed on the way: what each
 * source said last of it. Several of its alerts may arrive as one.
 */
export function alertArrivals() {
  const sources = new Map<string, Arrivals>();

  function note(source: string, { fingerprint, sentAs }: Pick<Alert, 'fingerprint' | 'sentAs'>): void {
    const known = sources.get(source);
    const before = known?.sentAs.get(fingerprint);
    if (before?.join() === sentAs?.join()) return;
    const isFull = known !== undefined && known.sentAs.size >= MOST_OF_SOURCE;
    const of: Arrivals = known === undefined || isFull ? { sentAs: new Map(), behind: new Map() } : known;
    sources.set(source, of);
    // What was sent under the former labels may be told for a while yet.
    if (sentAs === undefined) of.sentAs.delete(fingerprint);
    else of.sentAs.set(fingerprint, sentAs);
    for (const arrived of sentAs ?? [])
      of.behind.set(arrived, (of.behind.get(arrived) ?? new Set<string>()).add(fingerprint));
  }

  /** The same, as the lines of an incident have it. */
  function noteLines(facts: readonly Event[]): void {
    for (const event of facts) {
      if (event.kind !== 'signal' || event.sentAs === undefined) continue;
      const parts = alertKeyParts(event.key);
      if (parts !== null) note(parts.source, { fingerprint: parts.fingerprint, sentAs: event.sentAs });
    }
  }

  /** The fingerprints that a source has for what arrived under one: the same, unless it sends that one under another. */
  function behind(source: string, arrived: string): string[] {
    const known = sources.get(source);
    const isItself = known?.sentAs.get(arrived)?.includes(arrived) ?? true;
    return [...new Set([...(isItself ? [arrived] : []), ...(known?.behind.get(arrived) ?? [])])];
  }

  return { note, noteLines, behind };
}
