import type { Database } from 'better-sqlite3';
import { Connection } from '../../shared/vocabulary/connection.ts';

/** Connections added in Settings. Their secrets are in the vault. */
export function connectionRepository(db: Database) {
  const insert = db.prepare('INSERT INTO connection (id, body) VALUES (@id, @body)');
  const erase = db.prepare('DELETE FROM connection WHERE id = ?');
  const all = db.prepare('SELECT body FROM connection ORDER BY rowid').pluck();

  return {
    add: (connection: Connection) => void insert.run({ id: connection.id, body: JSON.stringify(connection) }),
    remove: (id: string) => void erase.run(id),
    all: (): Connection[] => all.all().map((body) => Connection.parse(JSON.parse(String(body)))),
  };
}
export type ConnectionRepository = ReturnType<typeof connectionRepository>;
