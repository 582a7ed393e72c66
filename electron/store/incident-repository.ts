import type { Database } from 'better-sqlite3';
import { Incident } from '../../shared/vocabulary/incident.ts';

/** Incidents, newest first. */
export function incidentRepository(db: Database) {
  const upsert = db.prepare(
    `INSERT INTO incident (id, body, opened_ms, closed_ms) VALUES (@id, @body, @openedMs, @closedMs)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body, closed_ms = excluded.closed_ms`,
  );
  const byId = db.prepare('SELECT body FROM incident WHERE id = ?').pluck();
  const all = db.prepare('SELECT body FROM incident ORDER BY opened_ms DESC, rowid DESC').pluck();
  const open = db.prepare('SELECT body FROM incident WHERE closed_ms IS NULL ORDER BY opened_ms').pluck();
  const parse = (body: unknown) => Incident.parse(JSON.parse(String(body)));

  return {
    save({ id, openedMs, closedMs, ...rest }: Incident) {
      upsert.run({ id, openedMs, closedMs, body: JSON.stringify({ id, openedMs, closedMs, ...rest }) });
    },
    find(id: string): Incident | undefined {
      const body = byId.get(id);
      return body === undefined ? undefined : parse(body);
    },
    all: (): Incident[] => all.all().map(parse),
    open: (): Incident[] => open.all().map(parse),
  };
}
export type IncidentRepository = ReturnType<typeof incidentRepository>;
