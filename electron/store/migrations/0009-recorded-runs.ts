import type { Migration } from './migration.ts';

/**
 * Runs of the analyst, so that they can be played again: how each began, what happened in it, in order, and what its tools
 * answered. Texts stand once, by their SHA-256: a prompt and a list of tools are the same in every run.
 */
export const recordedRuns: Migration = {
  version: 9,
  sql: `
    CREATE TABLE recorded_run (
      id TEXT PRIMARY KEY NOT NULL, incident TEXT NOT NULL REFERENCES incident, started_ms INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX recorded_run_by_time ON recorded_run (started_ms);

    CREATE TABLE recorded_step (
      run TEXT NOT NULL REFERENCES recorded_run, place INTEGER NOT NULL,
      incident TEXT NOT NULL REFERENCES incident, body TEXT NOT NULL,
      PRIMARY KEY (run, place)
    ) STRICT;
    CREATE INDEX recorded_step_by_incident ON recorded_step (incident);

    CREATE TABLE recorded_text (digest TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;
  `,
};
