import type { Database } from 'better-sqlite3';
import { Proposal, type ProposalState } from '../../shared/vocabulary/proposal.ts';

/** Proposals, whole, with their state beside them for counting. */
export function proposalRepository(db: Database) {
  const upsert = db.prepare(
    `INSERT INTO proposal (id, incident, state, updated_ms, body) VALUES (@id, @incident, @state, @updatedMs, @body)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated_ms = excluded.updated_ms, body = excluded.body`,
  );
  const byId = db.prepare('SELECT body FROM proposal WHERE id = ?').pluck();
  const byIncident = db.prepare('SELECT body FROM proposal WHERE incident = ? ORDER BY rowid').pluck();
  const byState = db.prepare('SELECT body FROM proposal WHERE state = ? ORDER BY rowid').pluck();
  const parse = (body: unknown) => Proposal.parse(JSON.parse(String(body)));

  return {
    save(proposal: Proposal, updatedMs: number) {
      const { id, incident, progress } = proposal;
      upsert.run({ id, incident, state: progress.state, updatedMs, body: JSON.stringify(proposal) });
    },
    find(id: string): Proposal | undefined {
      const body = byId.get(id);
      return body === undefined ? undefined : parse(body);
    },
    ofIncident: (incident: string): Proposal[] => byIncident.all(incident).map(parse),
    inState: (state: ProposalState): Proposal[] => byState.all(state).map(parse),
  };
}
export type ProposalRepository = ReturnType<typeof proposalRepository>;
