import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StopState } from '../../shared/vocabulary/status.ts';
import { STOP_SETTING } from '../guard/stops/kill-switch.ts';
import { stopFile, stopFilePath } from '../guard/stops/stop-file.ts';
import { Failure } from '../platform/failure.ts';
import { dataFiles } from '../store/data-files.ts';
import { openReadOnly } from '../store/open-store.ts';
import { settingRepository } from '../store/setting-repository.ts';

/** A stop as it stands in a data directory, whether or not anything runs there. */
export type StopStanding = {
  stopped: boolean;
  by: string | null;
  reason: string | null;
  how: string | null;
  at: string | null;
  /** The file that stops, where it is there. */
  file: string | null;
  /** In the store, with an entry in the ledger. */
  onRecord: boolean;
};

/**
 * Whether `noticed` came from a Countersign that runs there: `none` runs, it has `confirmed`, or it was `silent` for longer
 * than a stop may take.
 */
export type Stopped = StopStanding & { noticed: 'none' | 'confirmed' | 'silent'; process: number | null };

const CONFIRMED_WITHIN_MS = 2_000;

/**
 * Stops whatever runs on a data directory, and whatever starts on it later. The directory belongs to that process, so this
 * one only makes the stop file and then looks for the entry that answers it.
 * @throws Failure `bad_input` where there is no such directory: a stop in the wrong place stops nothing.
 */
export async function stopFromOutside(dataDir: string, reason: string | undefined): Promise<Stopped> {
  demandDirectory(dataDir);
  const process = runningOn(dataDir);
  stopFile(dataDir).write(`${reason ?? 'no reason was given'} (${loginName()}, on the command line)`);
  if (process === null) return { ...stopStanding(dataDir), noticed: 'none', process };
  const untilMs = performance.now() + CONFIRMED_WITHIN_MS;
  while (!stopStanding(dataDir).onRecord && performance.now() < untilMs) await pause(50);
  const standing = stopStanding(dataDir);
  return { ...standing, noticed: standing.onRecord ? 'confirmed' : 'silent', process };
}

/** @throws Failure `bad_input` where there is no such directory. */
export function stopStanding(dataDir: string): StopStanding {
  demandDirectory(dataDir);
  const inFile = stopFile(dataDir).reason();
  const stored = storedStop(dataDir);
  const file = inFile === null ? null : stopFilePath(dataDir);
  if (stored?.stopped) {
    const { by, reason, how = null, atMs } = stored;
    return { stopped: true, by, reason, how, at: new Date(atMs).toISOString(), file, onRecord: true };
  }
  const isStopped = inFile !== null;
  return {
    stopped: isStopped,
    by: null,
    reason: inFile,
    how: isStopped ? 'file' : null,
    at: null,
    file,
    onRecord: false,
  };
}

function storedStop(dataDir: string): StopState | undefined {
  const path = join(dataDir, dataFiles.real);
  if (!existsSync(path)) return undefined;
  const { db, close } = openReadOnly(path);
  try {
    return settingRepository(db).get(STOP_SETTING, StopState);
  } finally {
    close();
  }
}

/** The process that has the directory, as far as its note tells. */
function runningOn(dataDir: string): number | null {
  const note = join(dataDir, 'instance.pid');
  const pid = existsSync(note) ? Number(readFileSync(note, 'utf8').trim()) : Number.NaN;
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // It is somebody else's, and runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : null;
  }
}

function demandDirectory(dataDir: string): void {
  if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new Failure(
    'bad_input',
    `There is no data directory ${dataDir}, so nothing runs on it. Name the right one with --data-dir or COUNTERSIGN_DATA_DIR.`,
  );
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'a user without a name';
  }
}
