import type { Database } from 'better-sqlite3';
import { ConfirmedInWords, RememberedIncident } from '../../shared/vocabulary/memory.ts';

/** Closed incidents as they are remembered, with a search over every word of them. */
export function memoryRepository(db: Database) {
  const upsert = db.prepare(
    `INSERT INTO memory (incident, closed_ms, body) VALUES (@incident, @closedMs, @body)
     ON CONFLICT (incident) DO UPDATE SET closed_ms = excluded.closed_ms, body = excluded.body`,
  );
  const byIncident = db.prepare('SELECT body FROM memory WHERE incident = ?').pluck();
  const all = db.prepare('SELECT body FROM memory ORDER BY closed_ms DESC, id DESC').pluck();
  const matching = db
    .prepare(
      `SELECT memory.body FROM memory_search JOIN memory ON memory.id = memory_search.rowid
       WHERE memory_search MATCH ? ORDER BY bm25(memory_search), memory.closed_ms DESC LIMIT ?`,
    )
    .pluck();
  const confirmed = db.prepare(
    `SELECT incident, json_extract(body, '$.confirmed.inWords') AS inWords FROM memory WHERE inWords IS NOT NULL`,
  );
  const forgotten = db
    .prepare(
      `SELECT incident.id FROM incident LEFT JOIN memory ON memory.incident = incident.id
       WHERE incident.closed_ms IS NOT NULL AND memory.id IS NULL ORDER BY incident.closed_ms DESC LIMIT ?`,
    )
    .pluck();
  const parse = (body: unknown) => RememberedIncident.parse(JSON.parse(String(body)));

  return {
    save(record: RememberedIncident): void {
      const { incident, closedMs } = record;
      upsert.run({ incident, closedMs, body: JSON.stringify(record) });
    },
    find(incident: string): RememberedIncident | undefined {
      const body = byIncident.get(incident);
      return body === undefined ? undefined : parse(body);
    },
    /** Newest first. */
    all: (): RememberedIncident[] => all.all().map(parse),
    /** Records that hold every word that was typed, best first; words of which there are none find nothing. */
    search(typed: string, limit: number): RememberedIncident[] {
      const words = typed.match(WORD) ?? [];
      if (words.length === 0) return [];
      const expression = words.map((word) => `"${word}"*`).join(' ');
      return matching.all(expression, limit).map(parse);
    },
    /** The causes that somebody confirmed, in words. */
    confirmed: (): ConfirmedInWords[] => confirmed.all().map((row) => ConfirmedInWords.parse(row)),
    /** Incidents that were closed and are not remembered: closed by an earlier version, or as the process ended. */
    forgotten: (limit: number): string[] => forgotten.all(limit).map(String),
  };
}
export type MemoryRepository = ReturnType<typeof memoryRepository>;

/** Letters and digits of any script: nothing that the search reads as an operator of its own. */
const WORD = /[\p{L}\p{N}]+/gu;
