import { gunzipSync, gzipSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { SentRequest } from '../../shared/vocabulary/sent.ts';

/** What was sent to models, per incident, in the order it was sent. */
export function sentRepository(db: Database) {
  const insert = db.prepare(
    'INSERT INTO sent_request (id, incident, body, packed) VALUES (@id, @incident, @body, @packed)',
  );
  const ofIncident = db.prepare('SELECT body FROM sent_request WHERE incident = ? ORDER BY rowid').pluck();
  const packed = db.prepare('SELECT packed FROM sent_request WHERE id = ? AND incident = ?').pluck();

  return {
    add(request: SentRequest, text: string) {
      const { id, incident } = request;
      insert.run({ id, incident, body: JSON.stringify(request), packed: gzipSync(text) });
    },
    ofIncident: (incident: string): SentRequest[] =>
      ofIncident.all(incident).map((body) => SentRequest.parse(JSON.parse(String(body)))),
    /** The exact text, or undefined when nothing of this name was sent. */
    text(incident: string, id: string): string | undefined {
      const found = packed.get(id, incident);
      return Buffer.isBuffer(found) ? gunzipSync(found).toString('utf8') : undefined;
    },
  };
}
export type SentRepository = ReturnType<typeof sentRepository>;
