import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';

/** How far a file was read. It is known by device and inode, so that it stays the same under another name. */
export const FilePlace = z.strictObject({
  id: z.string(),
  file: z.string(),
  /** Bytes, to the end of the last whole line. */
  offset: z.number().int().nonnegative(),
  /** Lines before the offset. */
  lines: z.number().int().nonnegative(),
  /** Digest of the first bytes before the offset: a file that was emptied and written anew begins otherwise. */
  head: z.string(),
  /** Within a line that is too long, of which nothing is read. */
  skipping: z.boolean(),
});
export type FilePlace = z.infer<typeof FilePlace>;
export const FilePlaces = z.array(FilePlace);

const HEAD_BYTES = 256;

export const beginningOf = (id: string, file: string): FilePlace => ({
  id,
  file,
  offset: 0,
  lines: 0,
  head: digestOf(Buffer.alloc(0)),
  skipping: false,
});

/** Whether what stands before the place is still what was read there. */
export async function stillHolds(handle: FileHandle, place: FilePlace, size: number): Promise<boolean> {
  return size >= place.offset && (await headOf(handle, place.offset)) === place.head;
}

export async function headOf(handle: FileHandle, offset: number): Promise<string> {
  const bytes = Buffer.alloc(Math.min(HEAD_BYTES, offset));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
  return digestOf(bytes.subarray(0, bytesRead));
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/**
 * The place at most so many bytes before this one, at the beginning of a line: what was read last is read again after a
 * start, since nobody knows how much of it reached the disk. Whoever takes lines knows those that come twice.
 */
export async function rewound(handle: FileHandle, place: FilePlace, mostBytes: number): Promise<FilePlace> {
  if (place.offset <= mostBytes) return beginningOf(place.id, place.file);
  const bytes = Buffer.alloc(mostBytes);
  const from = place.offset - mostBytes;
  await handle.read(bytes, 0, mostBytes, from);
  const first = bytes.indexOf(NEWLINE);
  if (first < 0) return place;
  const offset = from + first + 1;
  let between = 0;
  for (let at = first + 1; at < bytes.length; at++) if (bytes[at] === NEWLINE) between += 1;
  return {
    ...place,
    offset,
    lines: Math.max(0, place.lines - between),
    head: await headOf(handle, offset),
    skipping: false,
  };
}

export const NEWLINE = 0x0a;
