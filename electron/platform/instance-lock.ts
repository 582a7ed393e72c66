import { accessSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Failure, messageOf } from './failure.ts';
import { makeFolders } from './make-folders.ts';

/**
 * Lets one Countersign at a time work on a data directory, and makes the directory (private to the user) if need be.
 * The lock is an exclusive transaction on a small SQLite file, so the operating system frees it however the process ends.
 *
 * INVARIANT: nothing else in this process opens `instance.lock`. POSIX drops a process's locks on a file as soon as it
 * closes any descriptor of that file.
 */
export function lockDataDir(dir: string): { release(): void } {
  const directory = resolve(dir);
  prepare(directory);
  const db = lock(directory);
  const holder = join(directory, HOLDER);
  writeFileSync(holder, String(process.pid), { mode: 0o600 });
  held.add(db);
  return {
    release() {
      if (!held.delete(db)) return;
      rmSync(holder, { force: true });
      db.close();
    },
  };
}

/** A connection that nobody refers to is closed by the garbage collector, and its lock would be gone unnoticed. */
const held = new Set<Database>();

const LOCK = 'instance.lock';
/** Only for the message: the transaction is the lock, and what it writes nobody else can read. */
const HOLDER = 'instance.pid';
const CHOOSE_ANOTHER = 'Choose another place with --data-dir or COUNTERSIGN_DATA_DIR.';

function prepare(directory: string): void {
  try {
    makeFolders(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const isFile = statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false;
    const why = isFile ? 'it is a file, not a folder' : messageOf(error);
    throw new Failure(
      'storage',
      `The data directory ${directory} cannot be used: ${why}. ${CHOOSE_ANOTHER}`,
      error,
    );
  }
}

function lock(directory: string): Database {
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(join(directory, LOCK), { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    const code = error instanceof SqliteDatabase.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY')) throw new Failure('conflict', heldMessage(directory), error);
    const file = join(directory, LOCK);
    if (code === 'SQLITE_NOTADB') {
      throw new Failure('storage', `${file} is damaged. It holds nothing: delete it and start again.`, error);
    }
    throw new Failure('storage', `${file} cannot be locked: ${messageOf(error)}. ${CHOOSE_ANOTHER}`, error);
  }
}

function heldMessage(directory: string): string {
  const holder = join(directory, HOLDER);
  const pid = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : '';
  const who = /^\d+$/.test(pid) ? `process ${pid}` : 'another process';
  return `Countersign already runs on ${directory} (${who}). Use that one, stop it, or start with another --data-dir.`;
}
