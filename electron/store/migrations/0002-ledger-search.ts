import type { Migration } from './migration.ts';

/**
 * What the ledger is searched by. All of it is derived from the entries and follows behind them, so that recording an
 * entry costs nothing more: no trigger fills it, and the verifier never reads it. `ledger_search` keeps no copy of the
 * text, only the index. `ledger_search_block` holds the times of each run of entries, `ledger_search_proposal` what a
 * proposal aims at for the entries that only name the proposal, and `ledger_search_state` how far all this got and over
 * which log.
 */
export const searchTables = `
    CREATE VIRTUAL TABLE ledger_search USING fts5(
      facets, text, content='', columnsize=0, prefix='3', tokenize="unicode61 remove_diacritics 2"
    );
    CREATE TABLE ledger_search_block (
      block INTEGER PRIMARY KEY NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE ledger_search_proposal (id TEXT PRIMARY KEY NOT NULL, facets TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE ledger_search_state (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), covered INTEGER NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL
    ) STRICT;
`;

export const ledgerSearch: Migration = { version: 2, sql: searchTables };
