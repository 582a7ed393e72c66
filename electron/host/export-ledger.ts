import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Exported, type ExportOptions, exportBundle } from '../ledger/bundle/export-bundle.ts';
import { databaseReader } from '../ledger/log-reader.ts';
import { proveEntry } from '../ledger/proofs/prove.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { RealmDesk } from './realm.ts';
import { type Which, withStoredLog } from './stored-log.ts';

export type StoredExport = Which & {
  from?: number | undefined;
  to?: number | undefined;
  /** Path of an older signed head, such as the file `checkpoint` of an earlier bundle. */
  since?: string | undefined;
  withoutPersonal?: boolean | undefined;
};

type Folders = { dataDir: string; resourcesDir: string };

/** Writes a bundle of a stored log, also while the application runs. @throws Failure as `exportBundle` does. */
export function exportStored(
  { dataDir, resourcesDir }: Folders,
  outDir: string,
  { since, from, to, withoutPersonal, ...which }: StoredExport,
): Exported {
  const options: ExportOptions = {
    incident: which.incident,
    from,
    to,
    withoutPersonal,
    since: since === undefined ? undefined : noteIn(since),
    verifyPage: join(resourcesDir, 'bundle', 'verify.html'),
  };
  return withStoredLog(dataDir, which, (db) => exportBundle(databaseReader(db), outDir, options));
}

/**
 * Writes a bundle into a folder of its own in the data directory. That it was taken is on record before it is.
 * @throws Failure as `exportBundle` does.
 */
export function exportForPerson(
  { realm, ledger }: RealmDesk,
  folders: Folders,
  asked: { incident?: string | undefined; withoutPersonal: boolean },
  person: string,
): Exported {
  const { incident } = asked;
  const actor = { kind: 'person', name: person } as const;
  ledger.record({ kind: 'export', incident, actor, body: { from: null, to: null } });
  ledger.checkpoint();
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const folder = join(folders.dataDir, 'exports', `${incident ?? realm}-${stamp}`);
  return exportStored(folders, folder, { realm, ...asked });
}

/** One entry proven against the newest signed head, as a C2SP tlog-proof. @throws Failure as `proveEntry` does. */
export const proveStored = (dataDir: string, which: Which, seq: number): string =>
  withStoredLog(dataDir, which, (db) => proveEntry(databaseReader(db), seq));

function noteIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(
      'not_found',
      `The older checkpoint ${path} cannot be read: ${messageOf(error)}. Name the file \`checkpoint\` of an earlier bundle.`,
      error,
    );
  }
}
