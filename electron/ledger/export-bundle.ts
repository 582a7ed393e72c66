import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, messageOf } from '../platform/failure.ts';
import { announcedKey, bundleFiles, isAboutTheLog, proofLine } from './bundle-format.ts';
import { type LedgerEntry, parseEntry } from './entry.ts';
import type { LogReader } from './log-reader.ts';
import { readCheckpoint, type VerifierKey, verifierKeyText } from './note.ts';
import { type Hash, inclusionProof } from './tree.ts';

export type Exported = { directory: string; entries: number; size: number };

/** Writes a bundle into a folder that is new or empty. With `incident`, only its entries and those that name the key. */
export function exportBundle(
  reader: LogReader,
  outDir: string,
  { incident }: { incident?: string } = {},
): Exported {
  const note = Array.from(reader.checkpoints()).at(-1);
  const signed = readCheckpoint(note ?? '');
  if (note === undefined || !signed) throw new Failure('conflict', NOTHING_SIGNED);
  const directory = emptyDirectory(outDir);
  const lines = lineWriter(join(directory, bundleFiles.entries));
  const proofs = incident === undefined ? undefined : lineWriter(join(directory, bundleFiles.proofs));
  let key: VerifierKey | undefined;
  let place = 0;
  let written = 0;
  for (const { bytes } of reader.entries()) {
    if (place === signed.size) break;
    const entry = stored(place, bytes);
    key ??= announcedKey(entry, signed.origin);
    if (incident === undefined || entry.incident === incident || isAboutTheLog(entry)) {
      lines.write(bytes);
      proofs?.write(Buffer.from(proofLine(place, inclusionProof(place, signed.size, storedNode(reader)))));
      written += 1;
    }
    place += 1;
  }
  lines.close();
  proofs?.close();
  if (!key) throw new Failure('storage', `The log announces no key. ${HOW_TO_FIND}`);
  writeFileSync(join(directory, bundleFiles.checkpoint), note, { flag: 'wx', flush: true });
  writeFileSync(join(directory, bundleFiles.key), `${verifierKeyText(key)}\n`, { flag: 'wx', flush: true });
  return { directory, entries: written, size: signed.size };
}

const HOW_TO_FIND = 'Find what is wrong with `ledger verify`.';
const NOTHING_SIGNED =
  'Nothing in this log is signed yet, so there is nothing to hand over. Start Countersign and unlock its vault ' +
  '(COUNTERSIGN_PASSPHRASE, or the Unlock dialog), then export again.';

function emptyDirectory(path: string): string {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true });
    if (readdirSync(directory).length === 0) return directory;
  } catch (error) {
    throw new Failure(
      'storage',
      `${directory} cannot be written: ${messageOf(error)}. Choose another folder.`,
      error,
    );
  }
  throw new Failure(
    'conflict',
    `${directory} is not empty. Choose a new folder, so that nothing else is handed over.`,
  );
}

function stored(place: number, bytes: Uint8Array): LedgerEntry {
  try {
    return parseEntry(bytes);
  } catch (error) {
    throw new Failure('storage', `Entry ${place} is damaged: ${messageOf(error)} ${HOW_TO_FIND}`, error);
  }
}

const storedNode =
  (reader: LogReader) =>
  (level: number, position: number): Hash => {
    const hash = reader.nodes?.read(level, position);
    if (hash) return hash;
    throw new Failure('storage', `Node ${position} of level ${level} is missing. ${HOW_TO_FIND}`);
  };

function lineWriter(path: string) {
  const descriptor = openSync(path, 'wx');
  return {
    write: (line: Uint8Array) => writeFileSync(descriptor, Buffer.concat([line, NEWLINE])),
    close(): void {
      fsyncSync(descriptor);
      closeSync(descriptor);
    },
  };
}

const NEWLINE = Uint8Array.of(10);
