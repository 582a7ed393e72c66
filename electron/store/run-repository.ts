import type { Database } from 'better-sqlite3';

/** How long what was recorded waits for more: each write of its own would cost a turn of the analyst a sync of the disk. */
const TOGETHER_MS = 100;

/**
 * Runs of the analyst as JSON, which whoever records them reads with a schema of its own. A crash may lose the end of a
 * run; what it did stands in the ledger all the same.
 */
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
  const run = db.prepare('SELECT body FROM recorded_run WHERE id = ?').pluck();
  const steps = db.prepare('SELECT body FROM recorded_step WHERE run = ? ORDER BY place').pluck();
  const text = db.prepare('SELECT body FROM recorded_text WHERE digest = ?').pluck();
  const parsed = (body: unknown): unknown => JSON.parse(String(body));

  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** What the disk answered while nobody waited for it; whoever records next is told. */
  let refused: unknown;
  const writeAll = db.transaction((writes: readonly (() => void)[]) => {
    for (const write of writes) write();
  });

  function together(write: () => void): void {
    if (refused !== undefined) throw refused;
    waiting.push(write);
    timer ??= setTimeout(flushLater, TOGETHER_MS);
  }

  function flushLater(): void {
    try {
      flush();
    } catch (error) {
      refused = error;
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const writes = waiting;
    waiting = [];
    if (writes.length > 0) writeAll(writes);
  }

  return {
    begin: (run: { id: string; incident: string; startedMs: number }): void =>
      together(() =>
        insertRun.run({ ...run, startedMs: Math.round(run.startedMs), body: JSON.stringify(run) }),
      ),
    add: (run: string, incident: string, step: object): void =>
      together(() => insertStep.run({ run, incident, body: JSON.stringify(step) })),
    keepText: (digest: string, body: string): void => together(() => insertText.run(digest, body)),
    /** Writes what still waits; whoever closes the store does so before. */
    flush,
    /** Runs that began at or after a time, oldest first. */
    since(fromMs: number): unknown[] {
      flush();
      return since.all(Math.round(fromMs)).map(parsed);
    },
    run(id: string): unknown {
      flush();
      const body = run.get(id);
      return body === undefined ? undefined : parsed(body);
    },
    steps(run: string): unknown[] {
      flush();
      return steps.all(run).map(parsed);
    },
    text(digest: string): string | undefined {
      flush();
      const body = text.get(digest);
      return body === undefined ? undefined : String(body);
    },
  };
}
export type RunRepository = ReturnType<typeof runRepository>;
