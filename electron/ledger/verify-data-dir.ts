import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { Failure } from '../platform/failure.ts';
import { dataFiles } from '../store/data-files.ts';
import { openReadOnly } from '../store/open-store.ts';
import { hasBegun } from './ledger-tables.ts';
import { databaseReader, type LogReader } from './log-reader.ts';
import { checkOutsideHead, type OutsideHead } from './outside-head.ts';
import { type Verification, verifyLog } from './verify.ts';

export type LogVerification = Verification & { realm: Realm; file: string };

/** The heads that are kept outside the databases, as far as there are any. */
export type KeptHeads = Partial<Record<Realm, OutsideHead | undefined>>;

/**
 * Verifies every log of a data directory, also while the application writes to it. A realm that was never used has no
 * file, which is fine unless a head of it is kept; a file that cannot be read is a log that does not hold.
 */
export function verifyDataDir(
  directory: string,
  heads: KeptHeads = {},
): { ok: boolean; logs: LogVerification[] } {
  const logs = Realm.options
    .map((realm) => ({ realm, file: join(resolve(directory), dataFiles[realm]) }))
    .filter(({ realm, file }) => existsSync(file) || heads[realm])
    .map(({ realm, file }) => ({ realm, file, ...ofRealm(realm, verifyDataFile(file, heads[realm])) }));
  if (logs.length === 0) {
    const names = Object.values(dataFiles).join(' nor ');
    throw new Failure('not_found', `There is no log in ${resolve(directory)}: neither ${names} is there.`);
  }
  return { ok: logs.every(({ ok }) => ok), logs };
}

/** A drill must not pass for a real incident, nor the other way round, by being renamed. */
function ofRealm(realm: Realm, verification: Verification): Verification {
  const { origin, problems } = verification;
  if (origin === null || origin.startsWith(`countersign.local/${realm}/`)) return verification;
  const says = `This file should hold the log of the realm "${realm}", but the log in it is ${origin}.`;
  return { ...verification, ok: false, problems: [{ how: 'altered', seq: 0, says }, ...problems] };
}

/** With `head`, the newest one that was kept outside the file, also that the log still contains what was signed then. */
export function verifyDataFile(file: string, head?: OutsideHead): Verification {
  if (head && !existsSync(file))
    return againstHead(head, unused, { entries: () => [], checkpoints: () => [] });
  try {
    const { db, close } = openReadOnly(file);
    try {
      return db
        .transaction(() => {
          const reader = databaseReader(db);
          return againstHead(head, isUnused(db) ? unused : verifyLog(reader), reader);
        })
        .deferred();
    } finally {
      close();
    }
  } catch (error) {
    const isDamage =
      error instanceof SqliteDatabase.SqliteError && /^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(error.code);
    if (!isDamage && !(error instanceof Failure && error.code === 'storage')) throw error;
    return unreadable(`${file} cannot be read: ${error.message}`);
  }
}

/** What the log itself shows comes first: it may say where. */
function againstHead(
  head: OutsideHead | undefined,
  verification: Verification,
  reader: LogReader,
): Verification {
  const problem = checkOutsideHead(head, reader, verification);
  if (!problem) return verification;
  return { ...verification, ok: false, problems: [...verification.problems, problem] };
}

/** Nothing was ever recorded here: the log never began, so entries cannot have been taken out of it. */
function isUnused(db: Database): boolean {
  return !hasBegun(db) && db.prepare('SELECT 1 FROM ledger_entry LIMIT 1').get() === undefined;
}

const unused: Verification = {
  ok: true,
  origin: null,
  size: 0,
  signedSize: 0,
  rootHex: '',
  key: null,
  problems: [],
};

const unreadable = (says: string): Verification => ({
  ok: false,
  origin: null,
  size: 0,
  signedSize: 0,
  rootHex: '',
  key: null,
  problems: [{ how: 'unreadable', seq: null, says }],
});
