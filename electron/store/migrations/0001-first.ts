import type { Migration } from './migration.ts';

/**
 * The first schema. Bodies are JSON of the vocabulary; the columns beside them exist to find and order rows. The ledger
 * keeps the very bytes that were hashed, every complete node of its Merkle tree (level 0 is the leaf) and every signed
 * checkpoint. Its triggers hold our own code to append-only; whoever edits the file behind them is found by the verifier.
 */
export const first: Migration = {
  version: 1,
  sql: `
    CREATE TABLE incident (
      id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, opened_ms INTEGER NOT NULL, closed_ms INTEGER
    ) STRICT;

    CREATE TABLE event (
      incident TEXT NOT NULL REFERENCES incident, key TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (incident, key)
    ) STRICT;
    CREATE INDEX event_by_time ON event (incident, at_ms);
    CREATE INDEX event_by_key ON event (key);

    CREATE TABLE proposal (
      id TEXT PRIMARY KEY NOT NULL, incident TEXT NOT NULL REFERENCES incident, state TEXT NOT NULL,
      updated_ms INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX proposal_by_incident ON proposal (incident, updated_ms);

    CREATE TABLE analyst_step (
      incident TEXT NOT NULL REFERENCES incident, seq INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (incident, seq)
    ) STRICT;

    CREATE TABLE hypothesis (
      id TEXT PRIMARY KEY NOT NULL, incident TEXT NOT NULL REFERENCES incident, rank INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX hypothesis_by_rank ON hypothesis (incident, rank);

    CREATE TABLE ranking (
      incident TEXT PRIMARY KEY NOT NULL REFERENCES incident, at_ms INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;

    CREATE TABLE escalation (
      id TEXT PRIMARY KEY NOT NULL, incident TEXT NOT NULL REFERENCES incident, opened_ms INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX escalation_by_incident ON escalation (incident, opened_ms);

    CREATE TABLE analyst_read (
      id TEXT PRIMARY KEY NOT NULL, incident TEXT NOT NULL REFERENCES incident, body TEXT NOT NULL
    ) STRICT;

    CREATE TABLE connection (id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;

    CREATE TABLE setting (name TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;

    CREATE TABLE ledger_entry (
      seq INTEGER PRIMARY KEY NOT NULL CHECK (seq >= 0), kind TEXT NOT NULL, incident TEXT, at_ms INTEGER NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX ledger_entry_by_incident ON ledger_entry (incident, seq);
    CREATE INDEX ledger_entry_by_kind ON ledger_entry (kind, seq);

    CREATE TABLE ledger_node (
      level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32),
      PRIMARY KEY (level, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ledger_checkpoint (
      size INTEGER PRIMARY KEY NOT NULL CHECK (size > 0), at_ms INTEGER NOT NULL, note TEXT NOT NULL
    ) STRICT;

    ${['entry', 'node', 'checkpoint'].map(appendOnly).join('\n')}
  `,
};

function appendOnly(part: string): string {
  const refuse = (verb: string) =>
    `CREATE TRIGGER ledger_${part}_no_${verb.toLowerCase()} BEFORE ${verb} ON ledger_${part}
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;`;
  return `${refuse('UPDATE')}\n${refuse('DELETE')}`;
}
