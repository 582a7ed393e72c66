import type { Database } from 'better-sqlite3';
import { AnalystStep } from '../../shared/vocabulary/analyst.ts';
import { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';

/** What the analyst did, read and claimed, per incident. A read's result is kept whole, for evidence cites it. */
export function analystRepository(db: Database) {
  const insertStep = db.prepare(
    'INSERT INTO analyst_step (incident, seq, body) VALUES (@incident, @seq, @body)',
  );
  const steps = db.prepare('SELECT body FROM analyst_step WHERE incident = ? ORDER BY seq').pluck();
  const nextSeq = db.prepare('SELECT coalesce(max(seq) + 1, 0) FROM analyst_step WHERE incident = ?').pluck();
  const insertRead = db.prepare('INSERT INTO analyst_read (id, incident, body) VALUES (?, ?, ?)');
  const readById = db.prepare('SELECT body FROM analyst_read WHERE id = ? AND incident = ?').pluck();
  const clear = db.prepare('DELETE FROM hypothesis WHERE incident = ?');
  const insertHypothesis = db.prepare(
    'INSERT INTO hypothesis (id, incident, rank, body) VALUES (@id, @incident, @rank, @body)',
  );
  const hypotheses = db.prepare('SELECT body FROM hypothesis WHERE incident = ? ORDER BY rank').pluck();

  return {
    nextSeq: (incident: string): number => Number(nextSeq.get(incident)),
    addStep(step: AnalystStep) {
      insertStep.run({ incident: step.incident, seq: step.seq, body: JSON.stringify(step) });
    },
    steps: (incident: string): AnalystStep[] =>
      steps.all(incident).map((body) => AnalystStep.parse(JSON.parse(String(body)))),
    addRead: (id: string, incident: string, result: string) => void insertRead.run(id, incident, result),
    read(id: string, incident: string): string | undefined {
      const body = readById.get(id, incident);
      return body === undefined ? undefined : String(body);
    },
    /** The newest statement replaces the one before; the ledger keeps both. */
    replaceHypotheses(incident: string, stated: readonly Hypothesis[]) {
      clear.run(incident);
      for (const one of stated) {
        insertHypothesis.run({ id: one.id, incident, rank: one.rank, body: JSON.stringify(one) });
      }
    },
    hypotheses: (incident: string): Hypothesis[] =>
      hypotheses.all(incident).map((body) => Hypothesis.parse(JSON.parse(String(body)))),
  };
}
