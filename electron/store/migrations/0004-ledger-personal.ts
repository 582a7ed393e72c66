import type { Migration } from './migration.ts';

/**
 * What is personal in an entry stands here, and a commitment to it in the entry. It can only be erased, by an entry that
 * says so, and not be changed or taken away.
 */
export const ledgerPersonal: Migration = {
  version: 4,
  sql: `
    CREATE TABLE ledger_personal (
      seq INTEGER NOT NULL, member TEXT NOT NULL, salt BLOB CHECK (salt IS NULL OR length(salt) = 32), value BLOB,
      erased_by INTEGER,
      PRIMARY KEY (seq, member),
      CHECK ((erased_by IS NULL) = (salt IS NOT NULL) AND (salt IS NULL) = (value IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER ledger_personal_only_erased BEFORE UPDATE ON ledger_personal
      WHEN NEW.seq <> OLD.seq OR NEW.member <> OLD.member OR OLD.erased_by IS NOT NULL OR NEW.erased_by IS NULL
      BEGIN SELECT RAISE(ABORT, 'what was set apart can only be erased'); END;
    CREATE TRIGGER ledger_personal_no_delete BEFORE DELETE ON ledger_personal
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
    ALTER TABLE analyst_read ADD COLUMN erased_by INTEGER;
  `,
};
