import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { type LogVerification, verifyDataDir } from '../ledger/verify/verify-data-dir.ts';
import { Failure } from '../platform/failure.ts';
import { copyDataFile, discardFiles, emptyFolder, finishBackup } from '../store/backup.ts';
import { writeNew } from '../store/backup-files.ts';
import type { BackedUpLog, BackupList, BackupName } from '../store/backup-format.ts';
import { dataFiles } from '../store/data-files.ts';
import { readPrivate } from '../vault/private-file.ts';
import { copySettings } from './back-up-settings.ts';
import { keptHeads } from './kept-heads.ts';

/** The file beside the data file of each realm with its keys and the head of its log. */
export const secretFiles = { real: 'vault.json', drill: 'drill-keys.json' } as const satisfies Record<
  Realm,
  BackupName
>;

export type BackedUp = { folder: string; list: BackupList; problems: string[] };

type Options = { dataDir: string; out: string; version: string; nowMs: number };

/**
 * Copies the data files, the sealed keys, the settings and the envelope of a data directory to a new folder, also while Countersign writes there.
 * A log that does not hold is backed up all the same and told in `problems`: the copy is evidence. So is what of the
 * settings could not be.
 * @throws Failure `not_found` when there is nothing, `bad_input` for a folder in use, `storage` when the disk fails.
 */
export async function backUp({ dataDir, out, version, nowMs }: Options): Promise<BackedUp> {
  const dataPath = resolve(dataDir);
  const realms = Realm.options.filter((realm) => existsSync(join(dataPath, dataFiles[realm])));
  if (realms.length === 0) throw new Failure('not_found', `There is nothing to back up in ${dataPath}.`);
  // Keys that cannot be read are told before anything is copied.
  keptHeads(dataPath);
  const folder = emptyFolder(out);
  try {
    const names = await copyAll(dataPath, folder, realms);
    const settings = copySettings(dataPath, folder);
    const { logs } = verifyDataDir(folder, keptHeads(folder));
    const list = finishBackup(folder, [...names, ...settings.names], {
      at: new Date(nowMs).toISOString(),
      version,
      logs: logs.map(asBackedUp),
    });
    const problems = logs.flatMap((log) => log.problems.map(({ says }) => says));
    return { folder, list, problems: [...problems, ...settings.problems] };
  } catch (error) {
    discardFiles(folder);
    throw error;
  }
}

const MOST_ATTEMPTS = 5;

/**
 * The keys are copied before the data files: a kept head must never be ahead of the log it is restored with. Were a key
 * changed meanwhile, the log could be signed by one that is not in the copy, so all is copied again.
 */
async function copyAll(dataDir: string, folder: string, realms: readonly Realm[]): Promise<BackupName[]> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const secrets: BackupName[] = [];
    for (const name of Object.values(secretFiles)) {
      const text = readPrivate(join(dataDir, name));
      if (text === undefined) continue;
      writeNew(join(folder, name), text);
      secrets.push(name);
    }
    for (const realm of realms)
      await copyDataFile(join(dataDir, dataFiles[realm]), join(folder, dataFiles[realm]));
    const isSame = Object.values(secretFiles).every((name) => keysIn(dataDir, name) === keysIn(folder, name));
    if (isSame) return [...secrets, ...realms.map((realm) => dataFiles[realm] as BackupName)];
    discardFiles(folder);
  }
  throw new Failure('conflict', `The keys in ${dataDir} kept changing while they were copied. Try again.`);
}

/** All that a file with keys holds, but for the head of the log, which moves with every signature. */
function keysIn(folder: string, name: BackupName): string | undefined {
  const text = readPrivate(join(folder, name));
  if (text === undefined) return undefined;
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'head' ? undefined : value));
}

export const asBackedUp = ({ realm, origin, size, rootHex, ok }: LogVerification): BackedUpLog => ({
  realm,
  origin,
  size,
  rootHex,
  holds: ok,
});
