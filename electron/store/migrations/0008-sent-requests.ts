import type { Migration } from './migration.ts';

/** What left this machine for a model: every request, with its exact text, packed since each repeats the one before. */
export const sentRequests: Migration = {
  version: 8,
  sql: `
    CREATE TABLE sent_request (
      id TEXT PRIMARY KEY NOT NULL,
      incident TEXT NOT NULL REFERENCES incident,
      body TEXT NOT NULL,
      packed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX sent_request_incident ON sent_request (incident);
  `,
};
