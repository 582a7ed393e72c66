import type { Migration } from './migration.ts';

/**
 * Closed incidents as they are remembered, and their words to search by. The index is filled from every text of a record
 * by triggers, so that what is erased from a record is gone from the index too.
 */
export const memory: Migration = {
  version: 7,
  sql: `
    CREATE TABLE memory (
      id INTEGER PRIMARY KEY NOT NULL, incident TEXT NOT NULL UNIQUE REFERENCES incident, closed_ms INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE memory_search USING fts5(text, tokenize="unicode61 remove_diacritics 2");
    CREATE TRIGGER memory_added AFTER INSERT ON memory BEGIN ${indexNew()} END;
    CREATE TRIGGER memory_changed AFTER UPDATE ON memory BEGIN ${unindexOld()} ${indexNew()} END;
    CREATE TRIGGER memory_removed AFTER DELETE ON memory BEGIN ${unindexOld()} END;
  `,
};

function indexNew(): string {
  return `INSERT INTO memory_search (rowid, text)
    SELECT NEW.id, coalesce(group_concat(atom, ' '), '') FROM json_tree(NEW.body) WHERE type = 'text';`;
}

function unindexOld(): string {
  return 'DELETE FROM memory_search WHERE rowid = OLD.id;';
}
