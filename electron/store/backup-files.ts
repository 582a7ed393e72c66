/** Files of a backup, byte by byte: copied with their digest, flushed, and never through a link. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { Failure, messageOf } from '../platform/failure.ts';

const PIECE_BYTES = 2 ** 20;

/** Size in bytes and digest of a file. @throws Failure `bad_input` when it is no plain file or cannot be read. */
export function digestOfFile(path: string): { size: number; sha256: string } {
  return withPlainFile(path, (descriptor) => read(descriptor, () => undefined));
}

/**
 * Copies a plain file to a place where nothing is yet, flushed, for this user alone.
 * @throws Failure `bad_input` when the source is no plain file, `storage` when the copy cannot be written.
 */
export function copyFlushed(from: string, to: string): { size: number; sha256: string } {
  return withPlainFile(from, (source) =>
    writing(to, () => {
      const target = openSync(to, 'wx', 0o600);
      try {
        const copied = read(source, (piece) => {
          for (let done = 0; done < piece.length; ) done += writeSync(target, piece, done);
        });
        fsyncSync(target);
        return copied;
      } finally {
        closeSync(target);
      }
    }),
  );
}

/** Writes a new private file, on disk on return. @throws Failure `storage`. */
export function writeNew(path: string, content: string | Uint8Array): void {
  writing(path, () => writeFileSync(path, content, { flag: 'wx', mode: 0o600, flush: true }));
}

/** @throws Failure `bad_input` when it is no plain file, cannot be read, or is larger than `mostBytes`. */
export function readPlain(path: string, mostBytes: number): string {
  return withPlainFile(path, (descriptor) => {
    if (fstatSync(descriptor).size > mostBytes)
      throw new Failure('bad_input', `${path} is too large to be what it is called.`);
    return readFileSync(descriptor, 'utf8');
  });
}

/** @throws Failure `bad_input` for a link, which could lead anywhere, and for what is no folder. */
export function demandPlainFolder(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw notPlain(path, 'it is no folder');
}

/** Also what was renamed in a folder is on disk then. Windows cannot flush one, and does not need to. */
export function flushFolder(folder: string): void {
  if (process.platform !== 'win32') flush(folder, 'r');
}

/** @throws whatever the file system says. */
export function flush(path: string, mode: 'r' | 'r+' = 'r+'): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A link could name any file of this machine, so that the backup of a stranger would read it; a pipe never ends. */
function withPlainFile<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = opened(path);
  try {
    if (!fstatSync(descriptor).isFile()) throw notPlain(path, 'it is not a plain file');
    return use(descriptor);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw notPlain(path, messageOf(error), error);
  } finally {
    closeSync(descriptor);
  }
}

function opened(path: string): number {
  try {
    // Windows knows neither flag.
    return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const isLink = (error as NodeJS.ErrnoException).code === 'ELOOP';
    throw notPlain(path, isLink ? 'it is a link, not a file' : messageOf(error), error);
  }
}

const notPlain = (path: string, why: string, cause?: unknown) =>
  new Failure('bad_input', `${path} cannot be read: ${why}. Choose a backup that is whole.`, cause);

function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      'storage',
      `${path} cannot be written: ${messageOf(error)}. Free some space there, or choose another place.`,
      error,
    );
  }
}

function read(descriptor: number, take: (piece: Buffer) => void): { size: number; sha256: string } {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let size = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, 0, PIECE_BYTES, size);
    if (count === 0) return { size, sha256: hash.digest('hex') };
    const piece = buffer.subarray(0, count);
    hash.update(piece);
    take(piece);
    size += count;
  }
}
