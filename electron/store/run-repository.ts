import type { Database } from 'better-sqlite3';

/** Runs of the analyst as JSON, which whoever records them reads with a schema of its own. */
export function runRepository(db: Database) {
  const insertRun = db.prepare(
    'INSERT INTO recorded_run (id, incident, started_ms, body) VALUES (@id, @incident, @startedMs, @body)',
  );
  const insertStep = db.prepare(
    `INSERT INTO recorded_step (run, place, incident, body)
     VALUES (@run, (SELECT coalesce(max(place) + 1, 0) FROM recorded_step WHERE run = @run), @incident, @body)`,
  );
  const insertText = db.prepare(
    'INSERT INTO recorded_text (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING',
  );
  const since = db
    .prepare('SELECT body FROM recorded_run WHERE started_ms >= ? ORDER BY started_ms, rowid')
    .pluck();
  const steps = db.prepare('SELECT body FROM recorded_step WHERE run = ? ORDER BY place').pluck();
  const text = db.prepare('SELECT body FROM recorded_text WHERE digest = ?').pluck();
  const parsed = (body: unknown): unknown => JSON.parse(String(body));

  return {
    begin: (run: { id: string; incident: string; startedMs: number }): void =>
      void insertRun.run({ ...run, startedMs: Math.round(run.startedMs), body: JSON.stringify(run) }),
    add: (run: string, incident: string, step: object): void =>
      void insertStep.run({ run, incident, body: JSON.stringify(step) }),
    keepText: (digest: string, body: string): void => void insertText.run(digest, body),
    /** Runs that began at or after a time, oldest first. */
    since: (fromMs: number): unknown[] => since.all(Math.round(fromMs)).map(parsed),
    steps: (run: string): unknown[] => steps.all(run).map(parsed),
    text(digest: string): string | undefined {
      const body = text.get(digest);
      return body === undefined ? undefined : String(body);
    },
  };
}
export type RunRepository = ReturnType<typeof runRepository>;
