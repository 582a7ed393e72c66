/** Writes the files of a bundle into a folder of its own, all or none, and notes the digest of each as it is written. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, messageOf } from '../../platform/failure.ts';
import { bundleFiles, digestLines } from './bundle-format.ts';

export type LineWriter = { write(line: Uint8Array): void; close(): void };
export type BundleWriter = ReturnType<typeof bundleWriter>;

/** Lines are short and many: written one by one, they would cost a system call each. */
const BUFFERED = 1 << 16;

/**
 * Runs `fill` with the writer of an empty folder; what is in the folder then is complete and on disk. When `fill` throws,
 * nothing of it stays behind.
 * @throws Failure `conflict` for a folder that holds something, `storage` for one that cannot be written.
 */
export function writeBundle<T>(path: string, fill: (writer: BundleWriter) => T): T {
  const directory = resolve(path);
  const isNew = !existsSync(directory);
  demandEmpty(directory);
  const writer = bundleWriter(directory);
  try {
    const result = fill(writer);
    writer.finish();
    return result;
  } catch (error) {
    writer.discard();
    if (isNew) rmdirSync(directory);
    if (error instanceof Error && 'syscall' in error) throw unwritable(directory, error);
    throw error;
  }
}

function demandEmpty(directory: string): void {
  let isEmpty: boolean;
  try {
    mkdirSync(directory, { recursive: true });
    isEmpty = readdirSync(directory).length === 0;
  } catch (error) {
    throw unwritable(directory, error);
  }
  if (isEmpty) return;
  throw new Failure(
    'conflict',
    `${directory} is not empty. Choose a new folder, so that nothing else is handed over.`,
  );
}

const unwritable = (directory: string, error: unknown) =>
  new Failure(
    'storage',
    `${directory} cannot be written: ${messageOf(error)}. Choose another folder.`,
    error,
  );

function bundleWriter(directory: string) {
  const digests = new Map<string, string>();
  const written: string[] = [];
  const open = new Set<number>();

  function raw(name: string) {
    const path = join(directory, name);
    const descriptor = openSync(path, 'wx');
    open.add(descriptor);
    written.push(path);
    const hash = createHash('sha256');
    return {
      write(bytes: Uint8Array): void {
        hash.update(bytes);
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      },
      close(): void {
        fsyncSync(descriptor);
        closeSync(descriptor);
        open.delete(descriptor);
        digests.set(name, hash.digest('hex'));
      },
    };
  }

  function lines(name: string): LineWriter {
    const file = raw(name);
    let waiting: Uint8Array[] = [];
    let length = 0;
    const flush = () => {
      file.write(Buffer.concat(waiting));
      waiting = [];
      length = 0;
    };
    return {
      write(line) {
        waiting.push(line, NEWLINE);
        length += line.length + 1;
        if (length >= BUFFERED) flush();
      },
      close() {
        flush();
        file.close();
      },
    };
  }

  function put(name: string, content: string | Uint8Array): void {
    const file = raw(name);
    file.write(Buffer.from(content));
    file.close();
  }

  return {
    lines,
    put,
    /** Comes last: a folder without it is no bundle that holds. */
    finish: () => put(bundleFiles.digests, digestLines(digests)),
    discard(): void {
      for (const descriptor of open) closeSync(descriptor);
      for (const path of written) rmSync(path, { force: true });
    },
  };
}

const NEWLINE = Uint8Array.of(10);
