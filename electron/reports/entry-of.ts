import type { Event } from '../../shared/vocabulary/event.ts';
import type { LedgerEntry } from '../ledger/entry.ts';

type RecordSort = Extract<Event, { kind: 'record' }>['sort'];

/** Under which kinds of entries what Countersign did or was told stands on record. */
const KINDS: Record<RecordSort, readonly LedgerEntry['kind'][]> = {
  hypotheses: ['hypotheses'],
  proposal: ['proposal', 'verdict'],
  decision: ['decision'],
  execution: ['intent', 'result'],
  outcome: ['outcome'],
  escalation: ['escalation'],
  stop: ['stop', 'stop.lifted', 'breaker', 'breaker.closed'],
  incident: ['incident.opened', 'incident.closed'],
};

/**
 * Finds the entry that a line of the timeline stands on: by the id it is about, and of several the nearest in time. Null
 * for facts that were only delivered by a source: those are not ours to vouch for.
 */
export function entryOf(entries: readonly LedgerEntry[]): (event: Event) => number | null {
  const byKind = Map.groupBy(entries, ({ kind }) => kind);
  const of = (kinds: readonly LedgerEntry['kind'][]) => kinds.flatMap((kind) => byKind.get(kind) ?? []);
  const byNote = new Map(of(['note']).flatMap(({ seq, body }) => [[String(body['key']), seq] as const]));
  const alerts = of(['signal']).map(({ seq, body }) => ({ seq, fingerprint: String(body['fingerprint']) }));
  const texts = new Map<number, string>();
  const textOf = ({ seq, body }: LedgerEntry) => {
    const text = texts.get(seq) ?? JSON.stringify(body);
    texts.set(seq, text);
    return text;
  };

  return (event) => {
    if (event.kind === 'note') return byNote.get(event.key) ?? null;
    if (event.kind === 'signal')
      return alerts.find(({ fingerprint }) => event.key.includes(fingerprint))?.seq ?? null;
    if (event.kind === 'change') return null;
    const possible = of(KINDS[event.sort]);
    const about = possible.filter((entry) => textOf(entry).includes(JSON.stringify(event.ref)));
    return nearest(about.length > 0 ? about : possible, event.atMs)?.seq ?? null;
  };
}

const nearest = (entries: readonly LedgerEntry[], atMs: number): LedgerEntry | undefined =>
  entries.toSorted((a, b) => Math.abs(Date.parse(a.at) - atMs) - Math.abs(Date.parse(b.at) - atMs))[0];
