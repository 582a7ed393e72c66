import type { Migration } from './migration.ts';

/** What sources delivered of the facts of an incident, by the SHA-256 of the text; a text stands once in an incident. */
export const payloads: Migration = {
  version: 10,
  sql: `
    CREATE TABLE payload (
      incident TEXT NOT NULL REFERENCES incident, digest TEXT NOT NULL, kept_ms INTEGER NOT NULL,
      bytes BLOB, is_packed INTEGER NOT NULL, erased_by INTEGER,
      PRIMARY KEY (incident, digest)
    ) STRICT;
  `,
};
