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
  const every = db.prepare('SELECT body FROM proposal ORDER BY rowid').pluck();
  const byState = db.prepare('SELECT body FROM proposal WHERE state = ? ORDER BY rowid').pluck();
  const latest = db.prepare('SELECT coalesce(max(updated_ms), 0) FROM proposal').pluck();
  const touch = db.prepare(
    "UPDATE proposal SET updated_ms = @nowMs WHERE state = 'offered' AND updated_ms < @nowMs",
  );
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
    /** The latest time at which anything here was known to be so. */
    latestMs: (): number => Number(latest.get()),
    /** Open offers were looked at: should the clock be set back while nothing runs, it shows. */
    offersSeen: (nowMs: number): void => void touch.run({ nowMs }),
    ofIncident: (incident: string): Proposal[] => byIncident.all(incident).map(parse),
    all: (): Proposal[] => every.all().map(parse),
    inState: (state: ProposalState): Proposal[] => byState.all(state).map(parse),
  };
}
export type ProposalRepository = ReturnType<typeof proposalRepository>;
