/**
 * The bytes of an envelope's folder, read once: what was read is what is judged, whatever becomes of the files. Only
 * regular files of known names and bounded size count; a link, a device or a name nobody knows refuses the whole folder.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isEnvelopeFile, MANIFEST, POLICIES } from '../../../shared/formats/envelope-folder.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { MOST_FILES } from './manifest.ts';

export type Folder = {
  dir: string;
  /** Everything but the manifest, by its path in the folder with `/` between. */
  files: ReadonlyMap<string, Uint8Array>;
  /** The text of `manifest.json`; null where there is none. */
  manifest: string | null;
};

/** Longer than any envelope that a person could review. */
export const MOST_FILE_BYTES = 262_144;
export const MOST_FOLDER_BYTES = 1_048_576;

/** @throws Failure `bad_input` naming what does not belong, is too long, is no plain file or cannot be read. */
export function readFolder(dir: string): Folder {
  const read = new Map(pathsIn(dir).map((path) => [path, readPlain(dir, path)]));
  const total = [...read.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  if (total > MOST_FOLDER_BYTES)
    throw refused(dir, `its files take ${total} bytes together, more than ${MOST_FOLDER_BYTES}`);
  const manifest = read.get(MANIFEST);
  read.delete(MANIFEST);
  return { dir, files: read, manifest: manifest ? textOf(dir, MANIFEST, manifest) : null };
}

/** @throws Failure `bad_input` for bytes that are no UTF-8. */
export function textOf(dir: string, path: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw refused(dir, `${path} is not UTF-8`, error);
  }
}

/** What tells a folder from the same folder after any change. */
export type FolderStamp = { text: string; takenMs: number; newestMs: number };

/**
 * Another stamp whenever a file in the folder was written, added, removed or replaced: `ctime` moves with every write and
 * nobody can set it. Cheap enough for each use. Null where there is no folder.
 */
export function folderStamp(dir: string): FolderStamp | null {
  const takenMs = Date.now();
  try {
    const stats = [dir, ...listed(dir).map((path) => join(dir, path))].map(
      (path) => [path, lstatSync(path, { bigint: true })] as const,
    );
    const newestMs = Math.max(...stats.map(([, { ctimeMs }]) => Number(ctimeMs)));
    const text = stats.map(
      ([path, stat]) => `${path} ${stat.ino} ${stat.size} ${stat.mode} ${stat.mtimeNs} ${stat.ctimeNs}`,
    );
    return { text: text.join('\n'), takenMs, newestMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    return { text: messageOf(error), takenMs, newestMs: takenMs };
  }
}

/**
 * Whether nothing can have changed since the earlier stamp. Clocks of file systems tick only every few milliseconds: a
 * stamp taken right after a write says nothing about a second write in the same tick, so it is never trusted.
 */
export const isUnchanged = (earlier: FolderStamp | null, now: FolderStamp | null): boolean =>
  earlier !== null &&
  now !== null &&
  earlier.text === now.text &&
  earlier.takenMs - earlier.newestMs > TICK_MS;

/** More than any file system that keeps `ctime`; FAT keeps none to speak of and is read each time for two seconds. */
const TICK_MS = 2_000;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function pathsIn(dir: string): string[] {
  const paths = attempt(dir, () => {
    demandFolder(dir, '');
    return listed(dir);
  });
  for (const path of paths) {
    if (path === POLICIES) demandFolder(dir, POLICIES);
    else if (!isEnvelopeFile(path))
      throw refused(dir, `${JSON.stringify(path)} does not belong in an envelope`);
  }
  const files = paths.filter((path) => path !== POLICIES);
  if (files.length > MOST_FILES) throw refused(dir, `it has ${files.length} files, more than ${MOST_FILES}`);
  return files;
}

/** Names at the top and in `policies/`, in a fixed order. */
function listed(dir: string): string[] {
  const top = readdirSync(dir).sort();
  const policies = top.includes(POLICIES) && lstatSync(join(dir, POLICIES)).isDirectory();
  return [...top, ...(policies ? readdirSync(join(dir, POLICIES)).sort() : []).map(inPolicies)];
}

const inPolicies = (name: string) => `${POLICIES}/${name}`;

function demandFolder(dir: string, path: string): void {
  if (!lstatSync(join(dir, path)).isDirectory()) throw refused(dir, `${path || 'it'} is no folder`);
}

function readPlain(dir: string, path: string): Uint8Array {
  return attempt(dir, () => {
    // O_NOFOLLOW: a link in the place of a file is refused; O_NONBLOCK: a pipe does not hold anybody up.
    const fd = openSync(join(dir, path), constants.O_RDONLY | NO_FOLLOW | NO_BLOCK);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw refused(dir, `${path} is no plain file`);
      return readBounded(fd, dir, path);
    } finally {
      closeSync(fd);
    }
  });
}

/** Windows knows neither. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_BLOCK = constants.O_NONBLOCK ?? 0;

/** Reads one byte more than is allowed at most, whatever size the file claims to have. */
function readBounded(fd: number, dir: string, path: string): Uint8Array {
  const buffer = Buffer.alloc(MOST_FILE_BYTES + 1);
  let length = 0;
  for (;;) {
    const got = readSync(fd, buffer, length, buffer.length - length, null);
    if (got === 0) return Uint8Array.from(buffer.subarray(0, length));
    length += got;
    if (length > MOST_FILE_BYTES) throw refused(dir, `${path} is longer than ${MOST_FILE_BYTES} bytes`);
  }
}

function attempt<T>(dir: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (hasCode(error, 'ELOOP')) throw refused(dir, 'a symbolic link is in the place of a file', error);
    throw refused(dir, `it cannot be read: ${messageOf(error)}`, error);
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const refused = (dir: string, because: string, cause?: unknown) =>
  new Failure('bad_input', `The envelope ${dir} does not hold: ${because}`, cause);
