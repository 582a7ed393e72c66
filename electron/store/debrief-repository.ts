import type { Database } from 'better-sqlite3';
import { Debrief, PastDrill } from '../../shared/vocabulary/drill.ts';

/** The debriefs of drills that have ended, one for each. */
export function debriefRepository(db: Database) {
  const insert = db.prepare('INSERT INTO debrief (incident, body) VALUES (@incident, @body)');
  const byIncident = db.prepare('SELECT body FROM debrief WHERE incident = ?').pluck();
  const all = db.prepare('SELECT body FROM debrief ORDER BY rowid').pluck();
  const parse = (body: unknown) => Debrief.parse(JSON.parse(String(body)));

  return {
    add(debrief: Debrief) {
      insert.run({ incident: debrief.incident, body: JSON.stringify(debrief) });
    },
    find(incident: string): Debrief | undefined {
      const body = byIncident.get(incident);
      return body === undefined ? undefined : parse(body);
    },
    /** What lists and comparisons need of each, in the order they ended. */
    past: (): PastDrill[] => all.all().map((body) => PastDrill.strip().parse(JSON.parse(String(body)))),
  };
}
export type DebriefRepository = ReturnType<typeof debriefRepository>;
