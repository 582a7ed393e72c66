import type { Database } from 'better-sqlite3';

/**
 * The latest time that any entry of a log bears, in milliseconds since 1970; undefined for an empty log. It may be later
 * than that of the newest entry, for clocks are set back. The search index knows it for whole runs of entries, so only
 * what that has not come to yet is looked through.
 */
export function latestTime(db: Database): number | undefined {
  const latest = db
    .prepare<[], number | null>(
      `SELECT max(at_ms) FROM (
         SELECT max(to_ms) AS at_ms FROM ledger_search_block
         UNION ALL
         SELECT max(at_ms) FROM ledger_entry WHERE seq >= coalesce((SELECT covered FROM ledger_search_state), 0))`,
    )
    .pluck()
    .get();
  return latest ?? undefined;
}
