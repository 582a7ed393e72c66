import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportFormat } from '../../shared/vocabulary/report.ts';
import { databaseReader } from '../ledger/log-reader.ts';
import { ledgerQueries } from '../ledger/search/query.ts';
import { verifyLog } from '../ledger/verify/verify.ts';
import { Failure } from '../platform/failure.ts';
import { type ReportFile, reportFile } from '../reports/formats/report-file.ts';
import type { ReportFacts } from '../reports/report-facts.ts';
import { analystRepository } from '../store/analyst-repository.ts';
import { candidatesRepository } from '../store/candidates-repository.ts';
import { dataFiles } from '../store/data-files.ts';
import { escalationRepository } from '../store/escalation-repository.ts';
import { eventRepository } from '../store/event-repository.ts';
import { incidentRepository } from '../store/incident-repository.ts';
import { openReadOnly } from '../store/open-store.ts';
import { proposalRepository } from '../store/proposal-repository.ts';
import { reportRepository } from '../store/report-repository.ts';
import { entriesAbout } from './entries-about.ts';

/**
 * The post-incident draft of a stored incident, also while the application runs: the data file is only read.
 * @throws Failure `not_found` when no data file of the directory holds the incident.
 */
export async function storedReport(
  dataDir: string,
  incident: string,
  format: ReportFormat,
): Promise<ReportFile> {
  for (const name of Object.values(dataFiles)) {
    const file = join(dataDir, name);
    if (!existsSync(file)) continue;
    const { db, close } = openReadOnly(file);
    try {
      const facts = factsIn(db, incident);
      if (facts) return await reportFile(facts, format);
    } finally {
      close();
    }
  }
  throw new Failure('not_found', `There is no incident ${JSON.stringify(incident)} in ${dataDir}`);
}

function factsIn(db: ReturnType<typeof openReadOnly>['db'], id: string): ReportFacts | undefined {
  const incident = incidentRepository(db).find(id);
  if (!incident) return undefined;
  const reader = databaseReader(db);
  const { origin, size, rootHex } = verifyLog(reader);
  return {
    incident,
    events: eventRepository(db).ofIncident(id),
    candidates: candidatesRepository(db).find(id)?.candidates ?? null,
    hypotheses: analystRepository(db).hypotheses(id),
    proposals: proposalRepository(db).ofIncident(id),
    escalations: escalationRepository(db).ofIncident(id),
    entries: entriesAbout(ledgerQueries(db), id),
    written: reportRepository(db).written(id),
    ledger: { origin: origin ?? 'none', size, rootHex, checkpoint: [...reader.checkpoints()].at(-1) ?? null },
  };
}
