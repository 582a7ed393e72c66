import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilePlace } from './file-place.ts';

/** As log rotation leaves them, too: `changes.jsonl.1`, `changes.jsonl-20260301`. Packed ones are left alone. */
const isOfLines = (name: string): boolean => /\.(jsonl|ndjson)([.-]\d+)?$/i.test(name);
/** More are not looked into, which is said. */
const MOST_FILES = 1_000;

export type OpenFile = { id: string; name: string; handle: FileHandle; size: number };

/**
 * Opens one after the other the files of a folder that hold lines, and those that were read before under another name.
 * INVARIANT: nothing outside of the folder is read: neither folders in it nor links are followed. Returns how many were left out.
 */
export async function eachFile(
  folder: string,
  known: ReadonlyMap<string, FilePlace>,
  look: (file: OpenFile) => Promise<void>,
): Promise<number> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  const ofLines = names.filter(isOfLines);
  const seen = new Set<string>();

  async function lookAt(name: string): Promise<void> {
    const handle = await opened(join(folder, name));
    if (!handle) return;
    try {
      const stat = await handle.stat();
      const id = `${stat.dev}:${stat.ino}`;
      if (!stat.isFile() || seen.has(id) || !(isOfLines(name) || known.has(id))) return;
      seen.add(id);
      await look({ id, name, handle, size: stat.size });
    } finally {
      await handle.close();
    }
  }

  for (const name of ofLines.slice(0, MOST_FILES)) await lookAt(name);
  // One that was read goes on under a name of another sort, or is gone.
  const isMissing = [...known.keys()].some((id) => !seen.has(id));
  if (isMissing)
    for (const name of names.filter((one) => !isOfLines(one)).slice(0, MOST_FILES)) await lookAt(name);
  return Math.max(0, ofLines.length - MOST_FILES);
}

/** Null where it has gone meanwhile, became a link, or may not be read. */
async function opened(path: string): Promise<FileHandle | null> {
  try {
    // A pipe in the place of a file would keep whoever opens it waiting.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}
