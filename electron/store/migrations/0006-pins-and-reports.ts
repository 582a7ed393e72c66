import type { Migration } from './migration.ts';

/** The events of an incident that a person keeps in view, and what people wrote into the sections of its report. */
export const pinsAndReports: Migration = {
  version: 6,
  sql: `
    CREATE TABLE pin (
      incident TEXT NOT NULL REFERENCES incident, key TEXT NOT NULL, PRIMARY KEY (incident, key)
    ) STRICT;
    CREATE TABLE report_section (
      incident TEXT NOT NULL REFERENCES incident, section TEXT NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (incident, section)
    ) STRICT;
    DROP INDEX event_by_time;
    CREATE INDEX event_by_time ON event (incident, at_ms, key);
  `,
};
