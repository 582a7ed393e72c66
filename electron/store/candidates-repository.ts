import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Candidates, Judgement } from '../../shared/vocabulary/candidate.ts';
import { Topology } from '../../shared/vocabulary/topology.ts';

const Row = z.strictObject({
  candidates: Candidates,
  topology: Topology,
  /** What people made of candidates, by id. */
  judgements: z.record(z.string(), Judgement).default({}),
});

/** So many rankings are held beside the store: every ranking and every read of the analyst asks for the last one. */
const MOST_HELD = 8;

/** The latest ranking of each incident, with the topology it was made on. */
export function candidatesRepository(db: Database) {
  const upsert = db.prepare(
    `INSERT INTO ranking (incident, at_ms, body) VALUES (@incident, @atMs, @body)
     ON CONFLICT (incident) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`,
  );
  const select = db.prepare('SELECT body FROM ranking WHERE incident = ?').pluck();

  const held = new Map<string, z.infer<typeof Row>>();
  function hold(incident: string, row: z.infer<typeof Row>): z.infer<typeof Row> {
    held.delete(incident);
    held.set(incident, row);
    const oldest = held.keys().next().value;
    if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
    return row;
  }

  return {
    save(incident: string, row: z.infer<typeof Row>) {
      upsert.run({ incident, atMs: row.candidates.atMs, body: JSON.stringify(row) });
      hold(incident, row);
    },
    /** To be read: what it answers is held and given again. */
    find(incident: string): z.infer<typeof Row> | undefined {
      const known = held.get(incident);
      if (known) return known;
      const body = select.get(incident);
      return body === undefined ? undefined : hold(incident, Row.parse(JSON.parse(String(body))));
    },
  };
}
export type CandidatesRepository = ReturnType<typeof candidatesRepository>;
