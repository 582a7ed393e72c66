import type { Database } from 'better-sqlite3';
import { Escalation } from '../../shared/vocabulary/escalation.ts';

/** Hand-overs to humans, oldest first. */
export function escalationRepository(db: Database) {
  const upsert = db.prepare(
    `INSERT INTO escalation (id, incident, opened_ms, body) VALUES (@id, @incident, @openedMs, @body)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
  );
  const byId = db.prepare('SELECT body FROM escalation WHERE id = ?').pluck();
  const byIncident = db
    .prepare('SELECT body FROM escalation WHERE incident = ? ORDER BY opened_ms, rowid')
    .pluck();
  const open = db
    .prepare(
      "SELECT body FROM escalation WHERE json_extract(body, '$.closed') IS NULL ORDER BY opened_ms, rowid",
    )
    .pluck();
  const parse = (body: unknown) => Escalation.parse(JSON.parse(String(body)));

  return {
    save(escalation: Escalation) {
      const { id, incident, openedMs } = escalation;
      upsert.run({ id, incident, openedMs, body: JSON.stringify(escalation) });
    },
    find(id: string): Escalation | undefined {
      const body = byId.get(id);
      return body === undefined ? undefined : parse(body);
    },
    ofIncident: (incident: string): Escalation[] => byIncident.all(incident).map(parse),
    /** Of all incidents. */
    open: (): Escalation[] => open.all().map(parse),
  };
}
export type EscalationRepository = ReturnType<typeof escalationRepository>;
