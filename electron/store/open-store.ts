/**
 * Opens the data file of a realm, and promises what the rest of the code builds on: a committed transaction is on disk
 * (WAL with synchronous=FULL), the schema is exactly the one this version knows, and nothing a person may still need is
 * deleted: an older file is copied before it is migrated, a damaged one is set aside under another name.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Migration } from './migrations/migration.ts';

/** `setAside` is where a damaged file was moved before a new one took its place: the person must be told. */
export type Store = { db: Database; setAside: string | null; close(): void };

export function openStore(file: string, migrations: readonly Migration[]): Store {
  const path = resolve(file);
  const setAside = isDamaged(path) ? moveAside(path) : null;
  makePrivate(path);
  const db = connect(path);
  try {
    demandDurability(db);
    migrate(db, path, migrations);
    assertDurability(db);
  } catch (error) {
    db.close();
    throw asStorageFailure(error, path);
  }
  return { db, setAside, close: () => db.close() };
}

/**
 * Opens a data file for reading only: for verifiers and reports. Works while the application writes to the same file,
 * and on read-only media.
 */
export function openReadOnly(file: string): { db: Database; close(): void } {
  const path = resolve(file);
  if (!existsSync(path)) throw new Failure('not_found', `There is no data file ${path}.`);
  try {
    return readOnlyConnection(path);
  } catch (error) {
    throw asStorageFailure(error, path);
  }
}

/** The first SQLite with the fix for WAL files that two connections reset at once and so corrupt. */
const OLDEST_SQLITE = [3, 51, 3] as const;

/** "CSgn": tells our file from any other SQLite file, so that nobody else's data is ever migrated. */
const APPLICATION_ID = 0x4353676e;

/** How long a statement waits for another process, say a backup tool, to let go of the file. */
const BUSY_TIMEOUT_MS = 5000;

/** SQLite would make the file readable for all; its companions get the same rights as the file. */
function makePrivate(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    throw new Failure('storage', `${path} cannot be made: ${messageOf(error)}. ${CHOOSE_ANOTHER}`, error);
  }
}

const CHOOSE_ANOTHER = 'Make it writable for this user, or choose another place with --data-dir.';

/**
 * Only what SQLite itself calls damage counts: a file that is busy, unreadable or newer is not damaged. The look is
 * read-only, because a connection that may write would merge the write-ahead log into a damaged file when it closes.
 */
function isDamaged(path: string): boolean {
  if (!existsSync(path)) return false;
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    return db.pragma('quick_check(1)', { simple: true }) !== 'ok';
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError) return /^SQLITE_(NOTADB|CORRUPT)/.test(error.code);
    throw error;
  } finally {
    db?.close();
  }
}

/** The write-ahead log goes along: without it the last transactions of the damaged file could not be rescued. */
function moveAside(path: string): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  let target = `${path}.damaged-${stamp}`;
  for (let copy = 2; existsSync(target); copy += 1) target = `${path}.damaged-${stamp}-${copy}`;
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}

function connect(path: string): Database {
  try {
    return new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw asStorageFailure(error, path);
  }
}

/**
 * Both pragmas are spelled out because better-sqlite3 compiles SQLite to fall back to synchronous=NORMAL in WAL mode,
 * which loses the last commits on power failure. `fullfsync` makes macOS flush the drive's own cache.
 */
function demandDurability(db: Database): void {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  if (isOlder(version)) throw new Error(`SQLite ${version} is older than ${OLDEST_SQLITE.join('.')}`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON');
  db.pragma('foreign_keys = ON');
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  const differing = OLDEST_SQLITE.findIndex((wanted, index) => parts[index] !== wanted);
  return differing !== -1 && (parts[differing] ?? 0) < (OLDEST_SQLITE[differing] ?? 0);
}

/** INVARIANT: holds after a write, because that is when the compiled-in default would have taken over. */
function assertDurability(db: Database): void {
  db.pragma(`user_version = ${versionOf(db)}`);
  const is = (name: string) => db.pragma(name, { simple: true });
  if (is('journal_mode') !== 'wal' || is('synchronous') !== 2 || is('foreign_keys') !== 1) {
    throw new Error(
      `SQLite did not keep journal_mode=wal (${is('journal_mode')}), synchronous=2 (${is('synchronous')}), ` +
        `foreign_keys=1 (${is('foreign_keys')})`,
    );
  }
}

const versionOf = (db: Database): number => Number(db.pragma('user_version', { simple: true }));

function migrate(db: Database, path: string, migrations: readonly Migration[]): void {
  migrations.forEach(({ version }, index) => {
    if (version !== index + 1) throw new Error(`Migration ${version} stands at place ${index + 1}`);
  });
  const from = versionOf(db);
  const to = migrations.length;
  refuseForeign(db, path, from);
  if (from > to) {
    throw new Failure(
      'storage',
      `${path} was written by a newer Countersign (data version ${from}; this one knows ${to}). ` +
        `Start the newer version, or put back ${path}.before-v${to + 1}.bak if an upgrade left one.`,
    );
  }
  if (from === to) return;
  const backup = from > 0 ? backUp(db, path, to) : null;
  // Rebuilding a table needs foreign keys off, which SQLite allows only between transactions; `step` checks them.
  db.pragma('foreign_keys = OFF');
  for (const migration of migrations.slice(from)) step(db, path, migration, backup);
  db.pragma('foreign_keys = ON');
}

function refuseForeign(db: Database, path: string, version: number): void {
  if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return;
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (isEmpty && version === 0) {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    return;
  }
  throw new Failure(
    'storage',
    `${path} is a database of another program. Move it away, or choose another place with --data-dir.`,
  );
}

function backUp(db: Database, path: string, to: number): string {
  const backup = `${path}.before-v${to}.bak`;
  const unfinished = `${backup}.unfinished`;
  rmSync(unfinished, { force: true });
  db.prepare('VACUUM INTO ?').run(unfinished);
  flush(unfinished);
  renameSync(unfinished, backup);
  return backup;
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function step(db: Database, path: string, { version, sql }: Migration, backup: string | null): void {
  const run = db.transaction(() => {
    db.exec(sql);
    const dangling = db.pragma('foreign_key_check') as unknown[];
    if (dangling.length > 0) throw new Error(`${dangling.length} rows refer to nothing`);
    db.pragma(`user_version = ${version}`);
  });
  try {
    run.immediate();
  } catch (error) {
    throw new Failure(
      'storage',
      `${path} could not be brought to data version ${version}: ${messageOf(error)}. It was left as it was` +
        `${backup ? ` and a copy is in ${backup}` : ''}. Start the previous version of Countersign and report this.`,
      error,
    );
  }
}

/**
 * SQLite needs to write beside a WAL file even to read it. Where that cannot be, on read-only media or in somebody
 * else's folder, a copy is read instead, taken together with the log of transactions that were not merged yet.
 */
function readOnlyConnection(path: string): { db: Database; close(): void } {
  try {
    const db = readable(path, path);
    return { db, close: () => db.close() };
  } catch (error) {
    const cannotWriteBeside =
      error instanceof SqliteDatabase.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code);
    if (!cannotWriteBeside) throw error;
    return readableCopy(path);
  }
}

function readableCopy(path: string): { db: Database; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-read-'));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(path));
    for (const suffix of ['', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    const db = readable(copy, path);
    return {
      db,
      close() {
        db.close();
        discard();
      },
    };
  } catch (error) {
    discard();
    if (error instanceof SqliteDatabase.SqliteError || error instanceof Failure) throw error;
    throw new Failure(
      'storage',
      `${path} cannot be read: ${messageOf(error)}. Make it readable for this user.`,
      error,
    );
  }
}

function readable(file: string, shownAs: string): Database {
  const db = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma('query_only = ON');
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID || versionOf(db) < 1) {
      throw new Failure('storage', `${shownAs} is not a data file of Countersign.`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What a person can do something about becomes a failure with the remedy; anything else is a defect and stays one. */
function asStorageFailure(error: unknown, path: string): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error;
  const remedy = remedies.find(([code]) => error.code.startsWith(code))?.[1];
  return remedy
    ? new Failure('storage', `${path} cannot be opened: ${error.message}. ${remedy}`, error)
    : error;
}

const remedies: readonly (readonly [code: string, remedy: string])[] = [
  ['SQLITE_CANTOPEN', CHOOSE_ANOTHER],
  ['SQLITE_READONLY', CHOOSE_ANOTHER],
  ['SQLITE_PERM', CHOOSE_ANOTHER],
  ['SQLITE_AUTH', CHOOSE_ANOTHER],
  ['SQLITE_BUSY', 'Another program holds it; close that program and start again.'],
  ['SQLITE_LOCKED', 'Another program holds it; close that program and start again.'],
  ['SQLITE_FULL', 'The disk is full; free some space and start again.'],
  ['SQLITE_IOERR', 'The disk reports an error; check it and start again.'],
  ['SQLITE_NOTADB', 'The file is damaged; keep a copy of it, then restore a backup.'],
  ['SQLITE_CORRUPT', 'The file is damaged; keep a copy of it, then restore a backup.'],
];
