import type { FileHandle } from 'node:fs/promises';
import { type FilePlace, headOf, NEWLINE } from './file-place.ts';

/** Longer is no event; the receiver takes no larger body either. */
export const MOST_LINE_BYTES = 256 * 1_024;
const CHUNK_BYTES = 64 * 1_024;

export type Line = { number: number; bytes: Buffer } | { number: number; tooLong: true };

/**
 * Hands over each whole line behind the place, some at a time, and returns the place behind the last: a line without its end
 * is still being written, and waits.
 */
export async function readLines(
  handle: FileHandle,
  place: FilePlace,
  take: (lines: readonly Line[]) => void,
): Promise<FilePlace> {
  let { offset, lines, skipping } = place;
  let rest = Buffer.alloc(0);
  for (;;) {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset + rest.length);
    if (bytesRead === 0) break;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    const found: Line[] = [];
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      lines += 1;
      if (!skipping)
        found.push(
          end > MOST_LINE_BYTES
            ? { number: lines, tooLong: true }
            : { number: lines, bytes: Buffer.from(rest.subarray(0, end)) },
        );
      skipping = false;
      offset += end + 1;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > MOST_LINE_BYTES) {
      // Named once, when it is seen to be too long, and not kept until somebody ends it.
      if (!skipping) found.push({ number: lines + 1, tooLong: true });
      skipping = true;
      offset += rest.length;
      rest = Buffer.alloc(0);
    }
    if (found.length > 0) take(found);
  }
  return { ...place, offset, lines, skipping, head: await headOf(handle, offset) };
}
