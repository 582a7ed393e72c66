import type { Evidence } from '../../../shared/vocabulary/hypothesis.ts';

/** What the record holds, by which code judges evidence. */
export type CitedRecord = {
  hasEvent(key: string): boolean;
  /** The stored result of a read of this incident, byte for byte; undefined when there was none. */
  readText(id: string): string | undefined;
};

/**
 * The evidence whose every citation is on record, and how many pieces were dropped because one is not. INVARIANT: what is
 * kept quotes at least one stored result, and each of its quotes can be found there.
 */
export function onRecord(
  evidence: readonly Evidence[],
  record: CitedRecord,
): { kept: Evidence[]; dropped: number } {
  const kept = evidence.flatMap((piece) => {
    const quotes = piece.quotes ?? [];
    const holds =
      quotes.length > 0 &&
      quotes.every(({ read, text }) => isIn(record.readText(read), text)) &&
      piece.reads.every((id) => record.readText(id) !== undefined) &&
      piece.events.every(record.hasEvent);
    const reads = [...new Set([...piece.reads, ...quotes.map(({ read }) => read)])];
    return holds ? [{ ...piece, reads }] : [];
  });
  return { kept, dropped: evidence.length - kept.length };
}

/** As it stands there, or as the value of a JSON string that stands there: a reader of JSON quotes what it says. */
const isIn = (stored: string | undefined, text: string): boolean =>
  stored !== undefined && (stored.includes(text) || stored.includes(JSON.stringify(text).slice(1, -1)));
