import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const foldersOnPath = () => (process.env.PATH ?? '').split(delimiter);

export const isOnPath = (name) => foldersOnPath().some((folder) => isExecutable(join(folder, name)));

/** For a script that is run by hand: prints what it obtains, or says in a sentence why not and exits with 3. */
export function whenRun(moduleUrl, obtain) {
  if (!process.argv[1] || moduleUrl !== pathToFileURL(process.argv[1]).href) return;
  try {
    process.stdout.write(`${obtain()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 3;
  }
}
