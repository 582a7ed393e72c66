/**
 * Backups of a data directory: taken while the application writes to it, checked file by file before they are used, and
 * put in place without deleting anything.
 */
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Failure, messageOf } from '../platform/failure.ts';
import { makeFolders } from '../platform/make-folders.ts';
import {
  copyFlushed,
  demandPlainFolder,
  digestOfFile,
  flush,
  flushFolder,
  readPlain,
  writeNew,
} from './backup-files.ts';
import {
  type BackedUpFile,
  type BackupList,
  BackupList as BackupListSchema,
  type BackupName,
  LIST,
  type PlacedName,
} from './backup-format.ts';
import { migrations } from './migrations/all.ts';
import { openReadOnly } from './open-store.ts';

/** Makes the folder of a backup. @throws Failure `bad_input` when there is something in it, or it cannot be made. */
export function emptyFolder(path: string): string {
  const folder = resolve(path);
  try {
    makeFolders(folder);
    if (readdirSync(folder).length === 0) return folder;
  } catch (error) {
    throw new Failure(
      'bad_input',
      `The folder ${folder} cannot be used: ${messageOf(error)}. Choose another with --out.`,
      error,
    );
  }
  throw new Failure('bad_input', `The folder ${folder} is not empty. Name a new or an empty one with --out.`);
}

/**
 * Copies a data file as of one moment, while others write to it; what is copied is a file on its own, without a
 * write-ahead log beside it. @throws Failure `storage` when the file cannot be read or the copy not be written.
 */
export async function copyDataFile(file: string, copy: string): Promise<void> {
  const source = openReadOnly(file);
  try {
    // SQLite would make it readable for all.
    writeFileSync(copy, '', { flag: 'wx', mode: 0o600 });
    // All pages in one step: between two steps a write of another process would make the copy start again, and again.
    await source.db.backup(copy, { progress: () => ALL_PAGES });
    const target = new SqliteDatabase(copy);
    try {
      target.pragma('journal_mode = DELETE');
    } finally {
      target.close();
    }
    flush(copy);
  } catch (error) {
    throw new Failure(
      'storage',
      `${file} could not be copied to ${copy}: ${messageOf(error)}. ` +
        'Free some space there or choose another folder; the data file itself was only read.',
      error,
    );
  } finally {
    source.close();
  }
}

const ALL_PAGES = 0x7fff_ffff;

/** The list is written last: without it a folder is no backup. On disk on return. */
export function finishBackup(
  folder: string,
  names: readonly BackupName[],
  about: Pick<BackupList, 'at' | 'version' | 'logs'>,
): BackupList {
  const files = names.map((name) => ({ name, ...digestOfFile(join(folder, name)) }));
  const list: BackupList = { format: 'countersign.backup/1', ...about, files };
  const unfinished = join(folder, `${LIST}.unfinished`);
  writeNew(unfinished, `${JSON.stringify(list, null, 2)}\n`);
  renameSync(unfinished, join(folder, LIST));
  flushFolder(folder);
  return list;
}

/** @throws Failure `not_found` when there is no finished backup there, `bad_input` when its list cannot be understood. */
export function readBackupList(folder: string): BackupList {
  const path = join(folder, LIST);
  if (!existsSync(path)) {
    throw new Failure('not_found', `${folder} is no finished backup: there is no ${LIST} in it.`);
  }
  const parsed = BackupListSchema.safeParse(asJson(readPlain(path, 2 ** 20)));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path: at }) => at.join('.')).join(', ');
  throw new Failure(
    'bad_input',
    `${path} is not a list of backed up files that this version can read${where ? ` (see ${where})` : ''}. ` +
      'Choose another backup, or restore it with the version that took it.',
  );
}

/**
 * Copies the files of a backup into an empty folder, and compares what arrived there with the list.
 * @throws Failure `bad_input` that names the file which is not as it was backed up, `storage` when there is no space.
 */
export function takeIn(folder: string, files: readonly BackedUpFile[], staging: string): void {
  for (const { name, size, sha256 } of files) {
    const from = join(folder, name);
    for (const inner of foldersOf(name)) {
      demandPlainFolder(join(folder, inner));
      makeFolders(join(staging, inner));
    }
    const copied = copyFlushed(from, join(staging, name));
    if (copied.size === size && copied.sha256 === sha256) continue;
    throw new Failure(
      'bad_input',
      `${from} is not as it was backed up: ${
        copied.size === size ? 'its digest is another' : `it has ${copied.size} bytes instead of ${size}`
      }. Nothing was restored; choose another backup.`,
    );
  }
}

/** The folders inside a backup that lead to a file, the outermost first. */
const foldersOf = (name: BackupName): string[] =>
  name.split('/').flatMap((_part, depth, parts) => (depth === 0 ? [] : [parts.slice(0, depth).join('/')]));

/** @throws Failure `bad_input` when a data file in a backup is not ours, or of a newer version than this. */
export function demandKnownVersion(file: string): void {
  const { db, close } = openReadOnly(file);
  try {
    const stored = Number(db.pragma('user_version', { simple: true }));
    if (stored <= migrations.length) return;
    throw new Failure(
      'bad_input',
      `${file} was written by a newer Countersign (data version ${stored}; this one knows ${migrations.length}). ` +
        'Restore it with that version.',
    );
  } finally {
    close();
  }
}

/** What to put in place of which file; SQLite's companions of what is there go along with it. */
export type Placing = { name: PlacedName; staged: string };

/**
 * Sets aside what is there and puts the staged files in its place; all of it or, when a step fails, nothing. Answers
 * with the paths of what was set aside. @throws Failure `storage` that says what failed and how things stand.
 */
export function putInPlace(
  dataDir: string,
  placings: readonly Placing[],
  stamp: string,
  rename: (from: string, to: string) => void = renameSync,
): string[] {
  const done: { from: string; to: string }[] = [];
  const move = (from: string, to: string) => {
    rename(from, to);
    done.push({ from, to });
  };
  const setAside: string[] = [];
  try {
    for (const { name, staged } of placings) {
      const path = join(dataDir, name);
      const aside = freeName(`${path}.replaced-${stamp}`);
      if (COMPANIONS.some((suffix) => isThere(path + suffix))) setAside.push(aside);
      // The write-ahead log of one file must never lie beside another: SQLite would merge it.
      for (const suffix of COMPANIONS) if (isThere(path + suffix)) move(path + suffix, aside + suffix);
      move(staged, path);
    }
    flushFolder(dataDir);
    return setAside;
  } catch (error) {
    throw new Failure(
      'storage',
      `The backup was not restored: ${messageOf(error)}. ${undo(done, rename)}`,
      error,
    );
  }
}

/** A link that leads nowhere is there too. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const COMPANIONS = ['-wal', '-shm', ''] as const;

function freeName(wanted: string): string {
  let name = wanted;
  for (let copy = 2; COMPANIONS.some((suffix) => isThere(name + suffix)); copy += 1)
    name = `${wanted}-${copy}`;
  return name;
}

function undo(
  done: readonly { from: string; to: string }[],
  rename: (from: string, to: string) => void,
): string {
  for (const [index, { from, to }] of [...done.entries()].reverse()) {
    try {
      rename(to, from);
    } catch (error) {
      const still = done.slice(0, index + 1).map((one) => `${one.to} was ${one.from}`);
      return `It could not be undone either: ${messageOf(error)}. Nothing is lost; move back by hand: ${still.join('; ')}.`;
    }
  }
  return 'Everything is as it was before.';
}

/** Takes away a half-made backup that nobody must mistake for one; what cannot be removed has no list. */
export function discardFiles(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
