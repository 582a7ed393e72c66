import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import { Failure } from '../platform/failure.ts';
import { sentRepository } from '../store/sent-repository.ts';
import { withStoredLog } from './stored-log.ts';

/** What was sent to models for an incident, also while the application runs. @throws Failure `not_found` */
export const storedSent = (dataDir: string, incident: string): SentRequest[] =>
  withStoredLog(dataDir, { incident }, (db) => sentRepository(db).ofIncident(incident));

/** The exact text of one request. @throws Failure `not_found` */
export function storedSentText(dataDir: string, incident: string, id: string): string {
  const text = withStoredLog(dataDir, { incident }, (db) => sentRepository(db).text(incident, id));
  if (text === undefined)
    throw new Failure('not_found', `Nothing named ${JSON.stringify(id)} was sent for ${incident}`);
  return text;
}
