import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, messageOf } from '../../platform/failure.ts';
import { CHECKPOINT, lastPaths } from '../proofs/tiles.ts';
import type { SignedLog } from './signed-log.ts';
import { demandExtends, type Witness, witnessSays } from './witness.ts';

type FolderOptions = {
  name: string;
  /** Must be there: a disk that is not plugged in is not to be replaced by a folder of its name. */
  path: string;
  /** The folder inside it that holds this log. */
  inside: string;
  /** The whole log as tiles, or only its newest signed head. */
  what: 'log' | 'head';
};

/** A folder, best on another disk or machine, that holds the log as C2SP `tlog-tiles`. The checkpoint is written last. */
export function folderWitness({ name, path, inside, what }: FolderOptions): Witness {
  const folder = join(path, inside);
  const about = { name, where: folder };
  const says = witnessSays(about);

  async function push(log: SignedLog, signal: AbortSignal): Promise<void> {
    const held = heldInFolder({ name, path, inside });
    const older = held === undefined ? undefined : demandExtends(held, log, says);
    try {
      if (what === 'log') await writeTiles(log, older?.size ?? 0, signal);
      if (older?.size === log.head.size) return;
      // The same witness may be brought up to date by another process, such as `ledger witness`.
      if (heldInFolder({ name, path, inside }) !== held)
        throw new Failure('unreachable', `${says} ${SAME_MOMENT}`);
      await replace(join(folder, CHECKPOINT), Buffer.from(log.note));
    } catch (error) {
      throw asFailure(error, says);
    }
  }

  async function writeTiles(log: SignedLog, heldSize: number, signal: AbortSignal): Promise<void> {
    // A folder that held only heads so far, or lost some of its files, is filled from the start.
    const isWhole = lastPaths(heldSize).every((file) => existsSync(join(folder, file)));
    for (const { path: file, bytes } of log.filesFrom(isWhole ? heldSize : 0)) {
      signal.throwIfAborted();
      const target = join(folder, file);
      await replace(target, bytes);
      // tlog-tiles, partial tiles: what the full tile now holds need not be held once more.
      await rm(`${target}.p`, { recursive: true, force: true });
    }
  }

  return { ...about, kind: 'folder', push, held: async () => heldInFolder({ name, path, inside }) };
}

/**
 * The signed head that a folder holds, as text; undefined when it holds none.
 * @throws Failure `storage` when the folder is not there or cannot be read.
 */
export function heldInFolder({ name, path, inside }: Omit<FolderOptions, 'what'>): string | undefined {
  const folder = join(path, inside);
  const file = join(folder, CHECKPOINT);
  try {
    if (!statSync(path).isDirectory()) throw new Error(`${path} is no folder`);
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) return undefined;
    // What is too long, or would never end, is not read: the caller finds that this is no head.
    return found.isFile() && found.size <= MOST_BYTES ? readFileSync(file, 'utf8') : '';
  } catch (error) {
    throw asFailure(error, witnessSays({ name, where: folder }));
  }
}

/** As much as a signed note may have. */
const MOST_BYTES = 64 * 1024;
const SAME_MOMENT = 'was given another head at the same moment. It is compared and tried again.';

/** Whole or not at all, and on disk on return. */
async function replace(target: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${target}.${process.pid}.unfinished`;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, target);
  await flushFolder(dirname(target));
}

/** The rename is a change of the folder. Windows and some removable disks cannot flush one. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EINVAL' && error.code !== 'ENOTSUP') throw error;
    });
  } finally {
    await handle.close();
  }
}

function asFailure(error: unknown, says: string): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new Failure('cancelled', `${says} was not brought up to date: Countersign is closing.`, error);
  return new Failure(
    'storage',
    `${says} cannot be used: ${messageOf(error)}. Make the folder, plug in its disk, or make it writable for this user.`,
    error,
  );
}
