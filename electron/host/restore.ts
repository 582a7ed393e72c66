/**
 * Puts a backup into a data directory. INVARIANT: nothing is deleted, and the head that shows an older copy for what it
 * is stays where it is: keys and head of the data directory give way only to ones whose log contains that head.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { databaseReader } from '../ledger/log-reader.ts';
import { readCheckpoint } from '../ledger/note.ts';
import { checkOutsideHead, type OutsideHead } from '../ledger/outside-head.ts';
import { type KeptHeads, type LogVerification, verifyDataDir } from '../ledger/verify/verify-data-dir.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { demandKnownVersion, type Placing, putInPlace, readBackupList, takeIn } from '../store/backup.ts';
import { type BackedUpLog, type PlacedName, placedNameOf } from '../store/backup-format.ts';
import { dataFiles } from '../store/data-files.ts';
import { keyFile } from '../vault/keys.ts';
import { readVaultFile } from '../vault/vault-file.ts';
import { asBackedUp, secretFiles } from './back-up.ts';
import { drillKeysPath, keptHeads, vaultPath } from './kept-heads.ts';
import { withStoredLog } from './stored-log.ts';

export type Restored = {
  /** When the backup was taken. */
  at: string;
  placed: PlacedName[];
  /** Paths of what was there before. */
  setAside: string[];
  /** What stayed although the backup has it too: it is as new, or newer. */
  kept: PlacedName[];
  /** Why the backup is older than what was there, in words; empty when it is not. */
  older: string[];
  logs: BackedUpLog[];
};

type Options = {
  dataDir: string;
  from: string;
  /** Whether a copy is restored that lacks entries which were there before, or that does not hold. */
  older: boolean;
  nowMs: number;
};

/**
 * For a data directory that is locked by this process.
 * @throws Failure `not_found` and `bad_input` for a folder that is no whole backup, `conflict` when it is older than what
 * is there, `storage` when the disk fails; the data directory is then as it was.
 */
export function restore({ dataDir, from, older, nowMs }: Options): Restored {
  const dataPath = resolve(dataDir);
  const folder = resolve(from);
  const list = readBackupList(folder);
  const staging = stagingIn(dataPath);
  try {
    takeIn(folder, list.files, staging);
    const staged = stagedLogs(folder, staging, list.logs);
    const reasons = staged.logs.flatMap((log) => whyOlder(dataPath, log));
    for (const realm of Realm.options) {
      const { unreadable } = presentHead(dataPath, realm);
      if (unreadable !== undefined)
        reasons.push(`${unreadable} So it cannot be told whether the backup is older.`);
    }
    if (reasons.length > 0 && !older) throw refusedFor(reasons);
    const names = [...new Set(list.files.map(({ name }) => placedNameOf(name)))];
    const kept = names.filter((name) => isKept(dataPath, name, staged));
    const placed = inOrder(names.filter((name) => !kept.includes(name)));
    const placings: Placing[] = placed.map((name) => ({ name, staged: join(staging, name) }));
    const setAside = putInPlace(dataPath, placings, stampOf(nowMs));
    const heads = Object.fromEntries(
      Realm.options.map((realm) => [realm, presentHead(dataPath, realm).head]),
    );
    const { logs } = verifyDataDir(dataPath, heads);
    return { at: list.at, placed, setAside, kept, older: reasons, logs: logs.map(asBackedUp) };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** In the data directory itself, so that putting the files in place is a rename. */
function stagingIn(dataDir: string): string {
  try {
    return mkdtempSync(join(dataDir, 'restoring-'));
  } catch (error) {
    throw new Failure(
      'storage',
      `${dataDir} cannot be written: ${messageOf(error)}. Make it writable.`,
      error,
    );
  }
}

type Staged = { logs: LogVerification[]; heads: KeptHeads };

function stagedLogs(folder: string, staging: string, listed: readonly BackedUpLog[]): Staged {
  try {
    for (const file of Object.values(dataFiles))
      if (existsSync(join(staging, file))) demandKnownVersion(join(staging, file));
    const heads = keptHeads(staging);
    const { logs } = verifyDataDir(staging, heads);
    for (const log of logs) demandAsListed(folder, log, listed);
    return { logs, heads };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The person knows the folder of the backup, not where its files are looked at.
    throw new Failure(
      'bad_input',
      `${folder} cannot be restored: ${error.message.replaceAll(staging, folder)} Nothing was changed.`,
      error,
    );
  }
}

function demandAsListed(folder: string, log: LogVerification, listed: readonly BackedUpLog[]): void {
  const said = listed.find(({ realm }) => realm === log.realm);
  if (said && said.origin === log.origin && said.size === log.size && said.rootHex === log.rootHex) return;
  throw new Failure(
    'bad_input',
    `The ${log.realm} log in ${folder} is not the one that its list names (${log.size} entries of ${log.origin ?? 'no log'}).`,
  );
}

/** What restoring this log would undo or bring in, in words. */
function whyOlder(dataDir: string, log: LogVerification): string[] {
  const own = log.problems.map(({ says }) => `The ${log.realm} log in the backup does not hold. ${says}`);
  const present = presentLog(dataDir, log.realm);
  const heads = [presentHead(dataDir, log.realm).head, present?.newest].flatMap((head) => head ?? []);
  const breaks = heads.flatMap((head) => problemOf(log, head) ?? []);
  if (present && present.size > log.size) {
    breaks.push(`The ${log.realm} log here has ${present.size} entries, the one in the backup ${log.size}.`);
  }
  return [...new Set([...own, ...breaks])];
}

function problemOf(log: LogVerification, head: OutsideHead): string | undefined {
  const covers = readCheckpoint(head.note);
  const what = covers ? `${covers.size} entries of ${covers.origin}` : 'something that cannot be read';
  const problem = existsSync(log.file)
    ? withStoredLog(join(log.file, '..'), { realm: log.realm }, (db) =>
        checkOutsideHead(head, databaseReader(db), log),
      )
    : checkOutsideHead(head, { entries: () => [], checkpoints: () => [] }, log);
  return problem
    ? `The ${log.realm} log in the backup (${log.size} entries) does not contain what was signed here (${what}).`
    : undefined;
}

type Present = { head?: OutsideHead | undefined; unreadable?: string };

/** Keys that cannot be read are a reason to restore, and must not stand in its way; nor those of the other realm. */
function presentHead(dataDir: string, realm: Realm): Present {
  try {
    const head =
      realm === 'real' ? readVaultFile(vaultPath(dataDir))?.head : keyFile(drillKeysPath(dataDir)).head();
    return { head };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { unreadable: error.message };
  }
}

/** As much as a data file still says of itself; undefined when it is missing or damaged. */
function presentLog(
  dataDir: string,
  realm: Realm,
): { size: number; newest: OutsideHead | undefined } | undefined {
  if (!existsSync(join(dataDir, dataFiles[realm]))) return undefined;
  try {
    return withStoredLog(dataDir, { realm }, (db) => {
      const note = [...databaseReader(db).checkpoints()].at(-1);
      const size = Number(db.prepare('SELECT count(*) FROM ledger_entry').pluck().get());
      return { size, newest: note === undefined ? undefined : { note } };
    });
  } catch {
    // A data file that cannot be read any more is what backups are for.
    return undefined;
  }
}

/** Keys and head that are there stay, unless the backup's log contains that head and its own keys know a newer one. */
function isKept(dataDir: string, name: PlacedName, { logs, heads }: Staged): boolean {
  const realm = Realm.options.find((one) => secretFiles[one] === name);
  if (realm === undefined) return false;
  const { head } = presentHead(dataDir, realm);
  const log = logs.find((one) => one.realm === realm);
  // Keys of a log that never signed vouch for nothing; those of the backup are put in, and these set aside.
  if (!head || !log) return existsSync(join(dataDir, name)) && !log;
  if (problemOf(log, head) !== undefined) return true;
  return sizeOf(heads[realm]) <= sizeOf(head);
}

const sizeOf = (head: OutsideHead | undefined): number => (head && readCheckpoint(head.note)?.size) ?? 0;

/** Keys first: were a restore cut short between two files, the head among them shows that the log is missing. */
const inOrder = (names: readonly PlacedName[]): PlacedName[] =>
  [...names].sort((a, b) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')));

const stampOf = (nowMs: number): string => new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');

const refusedFor = (reasons: readonly string[]): Failure =>
  new Failure(
    'conflict',
    `The backup is not as new as what is here, so nothing was restored. ${reasons.join(' ')} ` +
      'To restore it all the same, add --older: what is here is set aside, and the log counts as broken until ' +
      'a person begins a new one with `ledger begin-anew`.',
  );
