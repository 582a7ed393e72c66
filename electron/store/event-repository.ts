import type { Database } from 'better-sqlite3';
import { Event } from '../../shared/vocabulary/event.ts';

/** The timeline of every incident; a fact's key makes it stand there once. */
export function eventRepository(db: Database) {
  const insert = db.prepare(
    `INSERT INTO event (incident, key, at_ms, body) VALUES (@incident, @key, @atMs, @body)
     ON CONFLICT (incident, key) DO NOTHING`,
  );
  const update = db.prepare(
    'UPDATE event SET at_ms = @atMs, body = @body WHERE incident = @incident AND key = @key',
  );
  const select = db.prepare('SELECT body FROM event WHERE incident = ? ORDER BY at_ms, rowid').pluck();
  const anywhere = db.prepare('SELECT 1 FROM event WHERE key = ? LIMIT 1').pluck();
  const count = db.prepare('SELECT count(*) FROM event WHERE incident = ?').pluck();

  const insertAll = db.transaction((events: readonly Event[]): Event[] =>
    events.filter((event) => {
      const { incident, key, atMs } = event;
      return insert.run({ incident, key, atMs, body: JSON.stringify(event) }).changes === 1;
    }),
  );

  const replaceAll = db.transaction((events: readonly Event[]): void => {
    for (const event of events) {
      const { incident, key, atMs } = event;
      update.run({ incident, key, atMs, body: JSON.stringify(event) });
    }
  });

  return {
    /** Stores what is new and returns it. */
    add: (events: readonly Event[]): Event[] => insertAll(events),
    /** What became known of facts that are held already. */
    replace: (events: readonly Event[]): void => replaceAll(events),
    ofIncident: (incident: string): Event[] =>
      select.all(incident).map((body) => Event.parse(JSON.parse(String(body)))),
    /** Whether any incident holds a fact of this key. */
    hasKey: (key: string): boolean => anywhere.get(key) !== undefined,
    count: (incident: string): number => Number(count.get(incident)),
  };
}
export type EventRepository = ReturnType<typeof eventRepository>;
