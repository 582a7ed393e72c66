import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { databaseReader } from '../ledger/log-reader.ts';
import { verifyLog } from '../ledger/verify/verify.ts';
import { Failure } from '../platform/failure.ts';
import { postIncidentMarkdown, type ReportFacts } from '../reports/post-incident.ts';
import { analystRepository } from '../store/analyst-repository.ts';
import { candidatesRepository } from '../store/candidates-repository.ts';
import { dataFiles } from '../store/data-files.ts';
import { eventRepository } from '../store/event-repository.ts';
import { incidentRepository } from '../store/incident-repository.ts';
import { openReadOnly } from '../store/open-store.ts';
import { proposalRepository } from '../store/proposal-repository.ts';

/**
 * The post-incident draft of a stored incident, also while the application runs: the data file is only read.
 * @throws Failure `not_found` when no data file of the directory holds the incident.
 */
export function storedReport(dataDir: string, incident: string, format: 'md' | 'json'): string {
  for (const name of Object.values(dataFiles)) {
    const file = join(dataDir, name);
    if (!existsSync(file)) continue;
    const { db, close } = openReadOnly(file);
    try {
      const facts = factsIn(db, incident);
      if (facts) return format === 'md' ? postIncidentMarkdown(facts) : `${JSON.stringify(facts, null, 2)}\n`;
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
    ledger: { origin: origin ?? 'none', size, rootHex, checkpoint: [...reader.checkpoints()].at(-1) ?? null },
  };
}
