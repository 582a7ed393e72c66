/** Reads the files of a bundle, of which nothing is trusted: not what they are, nor how long, nor that they are text. */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../../platform/failure.ts';
import { MOST_BYTES } from '../entry.ts';

export type BundleFolder = {
  /** Everything in the folder, in order. */
  names: readonly string[];
  /** Undefined for a file that is absent, no plain file, too long to be what was asked for, or not UTF-8. */
  text(name: string): string | undefined;
  /** The lines of a file without their newlines; an end without newline is given as a line that nothing can read. */
  lines(name: string): Generator<Uint8Array, undefined>;
  /** SHA-256 in hex; undefined for what is no plain file. */
  digest(name: string): string | undefined;
};

const CHUNK = 1 << 20;
/** No file but the entries and their proofs is as long as this. */
const LONGEST_TEXT = 4 << 20;
/** Makes the last line unreadable when its newline is missing, so that every byte of the file counts. */
const CUT_SHORT = Buffer.from('\0');

/** @throws Failure `storage`, here and later, when the disk or the permissions are in the way. */
export function bundleFolder(directory: string): BundleFolder {
  const names = reading(directory, () => readdirSync(directory)).sort();

  const isFile = (name: string): boolean =>
    names.includes(name) && reading(join(directory, name), () => lstatSync(join(directory, name)).isFile());

  function text(name: string): string | undefined {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (const chunk of chunksOf(name)) {
      length += chunk.length;
      if (length > LONGEST_TEXT) return undefined;
      chunks.push(Buffer.from(chunk));
    }
    if (!isFile(name)) return undefined;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    } catch {
      return undefined;
    }
  }

  function* lines(name: string): Generator<Uint8Array, undefined> {
    let rest = Buffer.alloc(0);
    for (const chunk of chunksOf(name)) {
      rest = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
        yield rest.subarray(start, end);
        start = end + 1;
      }
      rest = rest.subarray(start);
      if (rest.length > MOST_BYTES) break;
    }
    if (rest.length > 0) yield Buffer.concat([rest, CUT_SHORT]);
  }

  function digest(name: string): string | undefined {
    if (!isFile(name)) return undefined;
    const hash = createHash('sha256');
    for (const chunk of chunksOf(name)) hash.update(chunk);
    return hash.digest('hex');
  }

  /** Each chunk is overwritten by the next one. */
  function* chunksOf(name: string): Generator<Uint8Array, undefined> {
    if (!isFile(name)) return;
    const path = join(directory, name);
    const descriptor = reading(path, () => openSync(path, 'r'));
    const chunk = Buffer.alloc(CHUNK);
    try {
      for (;;) {
        const length = reading(path, () => readSync(descriptor, chunk));
        if (length === 0) return;
        yield chunk.subarray(0, length);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  return { names, text, lines, digest };
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Failure(
      'storage',
      `${path} cannot be read: ${messageOf(error)}. Make it readable for this user.`,
      error,
    );
  }
}
