import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { Failure } from '../platform/failure.ts';
import { dataFiles } from '../store/data-files.ts';
import { openReadOnly } from '../store/open-store.ts';

type Stored = ReturnType<typeof openReadOnly>;
export type Which = { realm?: Realm | undefined; incident?: string | undefined };

/**
 * Reads one log of a data directory, also while the application writes to it: the one that `realm` says, or that holds
 * the incident; otherwise the one of real incidents, or of drills where no real incident is on record.
 * @throws Failure `not_found` when there is no such log or incident.
 */
export function withStoredLog<T>(
  dataDir: string,
  which: Which,
  read: (db: Stored['db'], realm: Realm) => T,
): T {
  const asked = which.realm === undefined ? Realm.options : [which.realm];
  const there = asked.filter((realm) => existsSync(join(dataDir, dataFiles[realm])));
  const wanted = there.find((realm) => using(dataDir, realm, (db) => holds(db, which.incident)));
  if (wanted === undefined && which.incident !== undefined) {
    throw new Failure('not_found', `There is no incident ${JSON.stringify(which.incident)} in ${dataDir}`);
  }
  const realm = wanted ?? there[0];
  if (realm === undefined) throw new Failure('not_found', `There is no log in ${dataDir}`);
  return using(dataDir, realm, (db) => read(db, realm));
}

/** Which log `withStoredLog` reads. */
export const realmOf = (dataDir: string, which: Which): Realm =>
  withStoredLog(dataDir, which, (_db, realm) => realm);

function using<T>(dataDir: string, realm: Realm, read: (db: Stored['db']) => T): T {
  const { db, close } = openReadOnly(join(dataDir, dataFiles[realm]));
  try {
    // One transaction makes all reads one moment.
    return db.transaction(() => read(db)).deferred();
  } finally {
    close();
  }
}

const holds = (db: Stored['db'], incident: string | undefined): boolean =>
  incident === undefined
    ? db.prepare('SELECT 1 FROM ledger_entry WHERE incident IS NOT NULL LIMIT 1').get() !== undefined
    : db.prepare('SELECT 1 FROM ledger_entry WHERE incident = ? LIMIT 1').get(incident) !== undefined;
