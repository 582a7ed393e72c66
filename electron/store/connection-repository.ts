import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Connection } from '../../shared/vocabulary/connection.ts';
import { ReceivedKind, receiverPlace } from '../../shared/vocabulary/receiver-place.ts';
import { everySender } from '../../shared/vocabulary/receiver-sender.ts';

/** Connections added in Settings. Their secrets are in the vault. */
export function connectionRepository(db: Database) {
  const insert = db.prepare('INSERT INTO connection (id, body) VALUES (@id, @body)');
  const erase = db.prepare('DELETE FROM connection WHERE id = ?');
  const change = db.prepare('UPDATE connection SET body = @body WHERE id = @id');
  const all = db.prepare('SELECT body FROM connection ORDER BY rowid').pluck();

  return {
    add: (connection: Connection) => void insert.run({ id: connection.id, body: JSON.stringify(connection) }),
    replace: (connection: Connection) =>
      void change.run({ id: connection.id, body: JSON.stringify(connection) }),
    remove: (id: string) => void erase.run(id),
    all: (): Connection[] => all.all().map((body) => connectionIn(JSON.parse(String(body)))),
  };
}
export type ConnectionRepository = ReturnType<typeof connectionRepository>;

const OldReceiver = z.looseObject({
  kind: z.literal('receiver'),
  auth: z.literal('bearer'),
  url: z.string(),
});

/** A receiver had one token for all that post: that is one sender of all that it takes. */
function connectionIn(body: unknown): Connection {
  const old = OldReceiver.safeParse(body);
  if (!old.success) return Connection.parse(body);
  const takes = receiverPlace(old.data.url)?.takes ?? ReceivedKind.options;
  return Connection.parse({ ...old.data, auth: 'senders', senders: [everySender(takes)] });
}
