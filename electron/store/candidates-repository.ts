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

/** The latest ranking of each incident, with the topology it was made on. */
export function candidatesRepository(db: Database) {
  const upsert = db.prepare(
    `INSERT INTO ranking (incident, at_ms, body) VALUES (@incident, @atMs, @body)
     ON CONFLICT (incident) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`,
  );
  const select = db.prepare('SELECT body FROM ranking WHERE incident = ?').pluck();

  return {
    save(incident: string, row: z.infer<typeof Row>) {
      upsert.run({ incident, atMs: row.candidates.atMs, body: JSON.stringify(row) });
    },
    find(incident: string): z.infer<typeof Row> | undefined {
      const body = select.get(incident);
      return body === undefined ? undefined : Row.parse(JSON.parse(String(body)));
    },
  };
}
export type CandidatesRepository = ReturnType<typeof candidatesRepository>;
