import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Realm } from '../../../shared/vocabulary/ids.ts';
import { Failure } from '../../platform/failure.ts';
import { dataFiles } from '../../store/data-files.ts';
import { openReadOnly } from '../../store/open-store.ts';
import { hasBegun } from '../ledger-tables.ts';
import { databaseReader, type LogReader } from '../log-reader.ts';
import { checkOutsideHead, type OutsideHead } from '../outside-head.ts';
import { atOnce } from './steps.ts';
import type { Verification } from './verification.ts';
import { verifySteps } from './verify.ts';
import { verifyTail } from './verify-tail.ts';

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
  onProgress?: (progress: Progress & { realm: Realm }) => void,
): { ok: boolean; logs: LogVerification[] } {
  const logs = Realm.options
    .map((realm) => ({ realm, file: join(resolve(directory), dataFiles[realm]) }))
    .filter(({ realm, file }) => existsSync(file) || heads[realm])
    .map(({ realm, file }) => {
      const verified = verifyDataFile(file, heads[realm], (progress) => onProgress?.({ ...progress, realm }));
      return { realm, file, ...ofRealm(realm, verified) };
    });
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

/**
 * With `head`, the newest one that was kept outside the file, also that the log still contains what was signed then.
 * `onProgress` is told every few milliseconds how far it got.
 */
export const verifyDataFile = (
  file: string,
  head?: OutsideHead,
  onProgress?: (progress: Progress) => void,
): Verification => atOnce(verifyDataFileSteps(file, head), onProgress);

/** Entries verified, of those there are. `done` begins anew when a problem was found and must be named. */
export type Progress = { done: number; total: number };

/** The end of the log where that is enough to go on for now, else the whole; `isWhole` says which it was. */
export function verifyAtStart(file: string, head?: OutsideHead): { isWhole: boolean; found: Verification } {
  let isWhole = true;
  const steps = dataFileSteps(file, head, function* (reader) {
    const found = verifyTail(reader);
    isWhole = !found;
    return found ?? (yield* verifySteps(reader));
  });
  return { found: atOnce(steps), isWhole };
}

/** `verifyDataFile` a few milliseconds at a time, all of it about the moment at which it began. */
export const verifyDataFileSteps = (file: string, head?: OutsideHead): Generator<Progress, Verification> =>
  dataFileSteps(file, head, verifySteps);

function* dataFileSteps(
  file: string,
  head: OutsideHead | undefined,
  verify: (reader: LogReader) => Generator<number, Verification>,
): Generator<Progress, Verification> {
  if (head && !existsSync(file))
    return againstHead(head, unused, { entries: () => [], checkpoints: () => [] });
  try {
    const { db, close } = openReadOnly(file);
    try {
      // Ends with the connection.
      db.exec('BEGIN');
      const reader = databaseReader(db);
      const total = reader.tail?.size() ?? 0;
      if (isUnused(db)) return againstHead(head, unused, reader);
      const steps = verify(reader);
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return againstHead(head, step.value, reader);
        yield { done: step.value, total };
      }
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
  erased: [],
};

const unreadable = (says: string): Verification => ({
  ok: false,
  origin: null,
  size: 0,
  signedSize: 0,
  rootHex: '',
  key: null,
  problems: [{ how: 'unreadable', seq: null, says }],
  erased: [],
});
