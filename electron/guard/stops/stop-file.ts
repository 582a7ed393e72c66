import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, messageOf } from '../../platform/failure.ts';

/** Whatever stands under this name in the data directory stops everything; its text is the reason. */
export const STOP_FILE = 'STOP';
export const stopFilePath = (dataDir: string): string => join(dataDir, STOP_FILE);

export type StopFile = {
  /** The reason in the file, or null where nothing of that name is there. Never throws, never waits, never follows a link. */
  reason(): string | null;
  /** Puts it there, whole from its first moment, and on disk when this returns; one that is there already stays. */
  write(reason: string): void;
  /** @throws Failure `storage` when it cannot be taken away. */
  remove(): void;
};

const MOST_BYTES = 4_096;
const MOST_CHARACTERS = 500;

export function stopFile(dataDir: string): StopFile {
  const path = stopFilePath(dataDir);
  return { reason: () => reasonIn(path), write: (reason) => write(path, reason), remove: () => remove(path) };
}

/** INVARIANT: only a name that is certainly not there is no stop; what cannot be read or looked at is one. */
function reasonIn(path: string): string | null {
  try {
    const about = lstatSync(path, { throwIfNoEntry: false });
    if (!about) return null;
    if (about.isSymbolicLink()) return `${STOP_FILE} is a link, which is not followed`;
    if (about.isDirectory()) return `${STOP_FILE} is a folder`;
    if (!about.isFile()) return `${STOP_FILE} is there, and is no plain file`;
    return inOneLine(firstBytes(path)) || `${STOP_FILE} names no reason`;
  } catch (error) {
    return `${STOP_FILE} is there and cannot be read: ${inOneLine(messageOf(error))}`;
  }
}

/** Of a file that may have become anything else meanwhile: a link is refused and a pipe does not block. */
function firstBytes(path: string): string {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, MOST_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

const inOneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_CHARACTERS);

function write(path: string, reason: string): void {
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    rmSync(unfinished, { force: true });
    writeDurably(unfinished, `${inOneLine(reason)}\n`);
    try {
      // A link appears whole or not at all, and never in the place of what is there.
      linkSync(unfinished, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return;
      // Some file systems have no links; there a reader may meet the file while it is still empty, which stops as well.
      writeDurably(path, `${inOneLine(reason)}\n`);
    } finally {
      rmSync(unfinished, { force: true });
    }
    syncFolder(dirname(path));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw new Failure(
      'storage',
      `${path} cannot be written: ${messageOf(error)}. Make a file of that name yourself, or end Countersign.`,
      error,
    );
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows syncs no folders. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function remove(path: string): void {
  try {
    const about = lstatSync(path, { throwIfNoEntry: false });
    if (!about) return;
    // An empty folder only: whatever else somebody keeps under this name is not ours to throw away.
    if (about.isDirectory()) rmdirSync(path);
    else rmSync(path);
    syncFolder(dirname(path));
  } catch (error) {
    throw new Failure(
      'storage',
      `The stop holds: ${path} cannot be taken away (${messageOf(error)}). Remove it yourself, then lift the stop.`,
      error,
    );
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);
