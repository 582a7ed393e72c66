import type { Migration } from './migration.ts';

/**
 * Recording an entry writes one row instead of three: its leaf hash stands beside it, and of the tree above only the
 * nodes of every eighth level are kept (as in C2SP tlog-tiles), from which any other is folded. Both tables are written
 * anew, since most of what they held goes. A leaf that was missing becomes one that fits nothing, for the verifier to find.
 * The index by incident begins anew with each block of entries, or every incident would have a page of its own to write.
 * The index by kind is left to what is rare: whatever comes by the thousand is found by reading on.
 */
export const ledgerLeaves: Migration = {
  version: 3,
  sql: `
    CREATE TABLE ledger_entry_anew (
      seq INTEGER PRIMARY KEY NOT NULL CHECK (seq >= 0), kind TEXT NOT NULL, incident TEXT, at_ms INTEGER NOT NULL,
      leaf BLOB NOT NULL CHECK (length(leaf) = 32), bytes BLOB NOT NULL
    ) STRICT;
    INSERT INTO ledger_entry_anew
      SELECT seq, kind, incident, at_ms, coalesce(hash, zeroblob(32)), bytes
      FROM ledger_entry LEFT JOIN ledger_node ON level = 0 AND position = seq ORDER BY seq;
    DROP TABLE ledger_entry;
    ALTER TABLE ledger_entry_anew RENAME TO ledger_entry;
    CREATE INDEX ledger_entry_by_incident ON ledger_entry (seq / 256, incident);
    CREATE INDEX ledger_entry_by_kind ON ledger_entry (kind)
      WHERE kind <> 'signal' AND kind <> 'read' AND kind <> 'model.turn';

    CREATE TABLE ledger_node_anew (
      level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32),
      PRIMARY KEY (level, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO ledger_node_anew
      SELECT level, position, hash FROM ledger_node WHERE level > 0 AND level % 8 = 0 ORDER BY level, position;
    DROP TABLE ledger_node;
    ALTER TABLE ledger_node_anew RENAME TO ledger_node;

    ${['entry', 'node'].map(appendOnly).join('\n')}
  `,
};

/** The triggers of a table go with it. */
function appendOnly(part: string): string {
  const refuse = (verb: string) =>
    `CREATE TRIGGER ledger_${part}_no_${verb.toLowerCase()} BEFORE ${verb} ON ledger_${part}
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;`;
  return `${refuse('UPDATE')}\n${refuse('DELETE')}`;
}
