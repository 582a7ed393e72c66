import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure, messageOf } from '../platform/failure.ts';

/**
 * Reads a file that only its owner may read, or undefined when there is none. Rights that are too wide (a copy, a
 * restored backup) are narrowed; where that is not ours to do, the file is refused.
 */
export function readPrivate(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    if (!isPrivate(file)) chmodSync(file, 0o600);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(
      'storage',
      `${file} cannot be read as a private file: ${messageOf(error)}. ${remedy(file)}`,
      error,
    );
  }
}

/**
 * Replaces the file as a whole: after a crash it is the old one or the new one, never half of it. The new content is on
 * disk on return, for a key that only a cache knew would be lost together with everything it sealed.
 */
export function writePrivate(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    discard(unfinished);
    writeFileSync(unfinished, text, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(unfinished, file);
    flushDirectory(dirname(file));
  } catch (error) {
    discard(unfinished);
    throw new Failure('storage', `${file} cannot be written: ${messageOf(error)}. ${remedy(file)}`, error);
  }
}

function discard(unfinished: string): void {
  if (existsSync(unfinished)) rmSync(unfinished);
}

const remedy = (file: string) =>
  `Make it, and its folder, readable and writable for this user alone (chmod 600 ${file}).`;

/** Windows has no such bits; there the profile folder is private by its access list. */
const isPrivate = (file: string): boolean =>
  process.platform === 'win32' || (statSync(file).mode & 0o077) === 0;

/** The rename is a change of the folder. Windows cannot flush one, and does not need to. */
function flushDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
