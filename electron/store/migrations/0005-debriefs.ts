import type { Migration } from './migration.ts';

/**
 * What drills came to, one for each, in the order they ended. Both data files have one schema;
 * where incidents are real the table stays empty.
 */
export const debriefs: Migration = {
  version: 5,
  sql: `
    CREATE TABLE debrief (
      incident TEXT PRIMARY KEY NOT NULL REFERENCES incident, body TEXT NOT NULL
    ) STRICT;
  `,
};
