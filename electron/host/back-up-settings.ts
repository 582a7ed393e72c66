import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MANIFEST } from '../../shared/formats/envelope-folder.ts';
import { readFolder } from '../guard/envelope/read-folder.ts';
import { Failure } from '../platform/failure.ts';
import { makeFolders } from '../platform/make-folders.ts';
import { readPlain, writeNew } from '../store/backup-files.ts';
import { type BackupName, ENVELOPE, SettingsName } from '../store/backup-format.ts';

/** Longer than any settings file that a person wrote. */
const MOST_BYTES = 2 ** 20;

/**
 * Copies what people wrote for this installation: its settings files and its envelope. Secrets that a file names by their
 * place are not followed. What cannot be read is told in words and left out: the rest is worth having all the same.
 */
export function copySettings(dataDir: string, folder: string): { names: BackupName[]; problems: string[] } {
  const problems: string[] = [];
  const copied = (what: string, copy: () => BackupName[]): BackupName[] => {
    if (!existsSync(join(dataDir, what))) return [];
    try {
      return copy();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'bad_input') throw error;
      problems.push(`${what} was not backed up: ${error.message}`);
      return [];
    }
  };
  const names = [
    ...SettingsName.options.flatMap((name) =>
      copied(name, () => {
        writeNew(join(folder, name), readPlain(join(dataDir, name), MOST_BYTES));
        return [name];
      }),
    ),
    ...copied(ENVELOPE, () => copyEnvelope(join(dataDir, ENVELOPE), folder)),
  ];
  return { names, problems };
}

/** As it was read at once, so that the copy is one envelope even while somebody edits it. */
function copyEnvelope(dir: string, folder: string): BackupName[] {
  const { files, manifest } = readFolder(dir);
  const all = [...files, ...(manifest === null ? [] : [[MANIFEST, manifest] as const])];
  return all.map(([path, content]) => {
    const name = `${ENVELOPE}/${path}` as const;
    makeFolders(dirname(join(folder, name)));
    writeNew(join(folder, name), content);
    return name;
  });
}
