import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Failure, messageOf } from '../../platform/failure.ts';

const MOST_BYTES = 4 * 1_048_576;

export type FileRead = { text: string; modifiedMs: number };

/** @throws Failure naming the file: it is not there, not a file, or more than anybody writes. */
export async function readFlagFile(path: string): Promise<FileRead> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    // A pipe that nobody writes to would otherwise be waited for without end. Windows has none, and no such flag.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await handle.stat();
    const { size, mtimeMs } = stat;
    if (!stat.isFile()) throw new Failure('bad_input', `${path} is not a file.`);
    if (size > MOST_BYTES)
      throw new Failure('bad_input', `${path} has ${size} bytes; at most ${MOST_BYTES} are read.`);
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await handle.read(buffer, 0, size, 0);
    return { text: buffer.toString('utf8', 0, bytesRead), modifiedMs: Math.round(mtimeMs) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      'unreachable',
      `${path} cannot be read: ${messageOf(error)}. Is the path right, and may this account read it?`,
      error,
    );
  } finally {
    await handle?.close();
  }
}
