import type { Migration } from './migration.ts';

/** The events of an incident that a person keeps in view. */
export const pins: Migration = {
  version: 6,
  sql: `
    CREATE TABLE pin (
      incident TEXT NOT NULL REFERENCES incident, key TEXT NOT NULL, PRIMARY KEY (incident, key)
    ) STRICT;
    DROP INDEX event_by_time;
    CREATE INDEX event_by_time ON event (incident, at_ms, key);
  `,
};
