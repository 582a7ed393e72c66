import type { LedgerEntry } from '../ledger/entry.ts';
import type { LedgerQueries } from '../ledger/search/query.ts';

const PAGE = 2_000;

/** Every entry about an incident, in order. */
export function entriesAbout(queries: LedgerQueries, incident: string): LedgerEntry[] {
  const all: LedgerEntry[] = [];
  let after: number | undefined;
  for (;;) {
    const { entries, next } = queries.query({
      incident,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    all.push(...entries);
    if (next === null) return all;
    after = next;
  }
}
