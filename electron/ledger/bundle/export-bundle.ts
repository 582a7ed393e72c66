import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure, messageOf } from '../../platform/failure.ts';
import { type LedgerEntry, parseEntry, SIGNED_AT_ONCE } from '../entry.ts';
import { keyHistory } from '../keys/key-history.ts';
import type { LogReader } from '../log-reader.ts';
import { type Checkpoint, openCheckpoint, toBase64, verifierKeyText } from '../note.ts';
import { ErasureBody, opened } from '../personal/personal.ts';
import { demandOlder, HOW_TO_FIND, type SignedHead, signedHeads, storedNode } from '../proofs/prove.ts';
import { formatConsistencyProof, formatInclusionProof } from '../proofs/tlog-proof.ts';
import { consistencyProof, inclusionProof, leafHash } from '../tree.ts';
import {
  bundleFiles,
  consistencyFile,
  isAboutTheLog,
  olderCheckpointFile,
  personalLine,
  proofFile,
  proofLine,
} from './bundle-format.ts';
import { bundleSummary } from './bundle-summary.ts';
import { type BundleWriter, type LineWriter, writeBundle } from './bundle-writer.ts';

export type ExportOptions = {
  /** Only what is about this incident. */
  incident?: string | undefined;
  /** Only entries from this place on. */
  from?: number | undefined;
  /** Only entries before this place. */
  to?: number | undefined;
  /** An older signed head, as in the file `checkpoint` of an earlier bundle: the new bundle proves that it extends it. */
  since?: string | undefined;
  /** Leaves out what is personal, which then reads as withheld; the entries hold without it. */
  withoutPersonal?: boolean | undefined;
  /** Path of the page that verifies a bundle in a browser, to be copied into it. */
  verifyPage?: string | undefined;
};

export type Exported = { directory: string; entries: number; size: number };

/** So that the folder stays a folder one can look into; the proof of any other entry is one command away. */
const MOST_PROOF_FILES = 200;

/**
 * Writes a bundle into a folder that is new or empty: of all that is signed, or of a part together with the entries that
 * name the keys. When it throws, nothing of it stays behind. `size` is how many entries are signed.
 * @throws Failure `conflict` when nothing is signed, the folder holds something, or `since` is of another log or history;
 *   `bad_input` for a range or an older head that is none; `not_found` when nothing is chosen; `storage` for a folder
 *   that cannot be written or a log that is damaged.
 */
export function exportBundle(reader: LogReader, outDir: string, options: ExportOptions = {}): Exported {
  const heads = signedHeads(reader);
  const { newest } = heads;
  demandRange(options, newest.checkpoint.size);
  const older = olderHeads(reader, heads, options.since);
  return writeBundle(outDir, (writer) => {
    const { entries, keys, summary } = writeEntries(reader, writer, newest, options);
    for (const { note, checkpoint } of [newest, ...older]) {
      demandSigned(note, checkpoint, keys.at(checkpoint.size));
    }
    writer.put(bundleFiles.checkpoint, newest.note);
    writer.put(
      bundleFiles.key,
      keys
        .all()
        .map((key) => `${verifierKeyText(key)}\n`)
        .join(''),
    );
    for (const head of older) writeOlder(reader, writer, head, newest);
    const { origin, size, root } = newest.checkpoint;
    const page = summary.page({
      ...options,
      head: { origin, size, rootHex: Buffer.from(root).toString('hex'), checkpoint: newest.note },
      keys: keys.all().map(verifierKeyText),
      consistentSince: older.map(({ checkpoint }) => checkpoint.size),
      hasPage: options.verifyPage !== undefined,
    });
    writer.put(bundleFiles.summary, page);
    if (options.verifyPage !== undefined) writer.put(bundleFiles.page, readFileSync(options.verifyPage));
    return { directory: resolve(outDir), entries, size };
  });
}

function demandRange({ from = 0, to = Number.MAX_SAFE_INTEGER }: ExportOptions, size: number): void {
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from < to && from < size) return;
  throw new Failure(
    'bad_input',
    `There is no signed entry from ${from} up to ${to - 1}: the signed ones are 0 to ${size - 1}. Choose a range among those.`,
  );
}

/** The first head of the log and the one the caller holds, as far as they are older: smallest first, each size once. */
function olderHeads(
  reader: LogReader,
  { first, newest }: { first: SignedHead; newest: SignedHead },
  since: string | undefined,
): SignedHead[] {
  const older = new Map<number, SignedHead>();
  if (first.checkpoint.size < newest.checkpoint.size) older.set(first.checkpoint.size, first);
  if (since !== undefined) {
    const checkpoint = demandOlder(reader, since, newest.checkpoint);
    older.set(checkpoint.size, { note: since, checkpoint });
  }
  return [...older.values()].sort((a, b) => a.checkpoint.size - b.checkpoint.size);
}

function writeEntries(
  reader: LogReader,
  writer: BundleWriter,
  { note, checkpoint: { size } }: SignedHead,
  options: ExportOptions,
) {
  const isPart = options.incident !== undefined || options.from !== undefined || options.to !== undefined;
  const lines = writer.lines(bundleFiles.entries);
  const proofs = isPart ? writer.lines(bundleFiles.proofs) : undefined;
  const leaves = isPart ? undefined : writer.lines(bundleFiles.leaves);
  const personal = personalWriter(reader, writer, options);
  const summary = bundleSummary();
  const keys = keyHistory();
  const node = storedNode(reader);
  let place = 0;
  let chosen = 0;
  let written = 0;
  let files = 0;
  for (const { bytes } of reader.entries()) {
    if (place === size) break;
    const entry = stored(place, bytes);
    const wrong = keys.add(entry);
    if (wrong) throw damaged(`Entry ${place} ${wrong}.`);
    const isChosen = isIn(entry, options);
    if (isChosen) chosen += 1;
    if (isChosen || isAboutTheLog(entry)) {
      lines.write(bytes);
      leaves?.write(Buffer.from(toBase64(leafHash(bytes))));
      summary.add(personal.add(entry));
      written += 1;
      const isDecisive = SIGNED_AT_ONCE.has(entry.kind) && files < MOST_PROOF_FILES;
      if (proofs || isDecisive) {
        const hashes = inclusionProof(place, size, node);
        proofs?.write(Buffer.from(proofLine(place, hashes)));
        if (isDecisive) {
          writer.put(proofFile(place), formatInclusionProof({ index: place, hashes, checkpoint: note }));
          files += 1;
        }
      }
    }
    place += 1;
  }
  lines.close();
  personal.close();
  proofs?.close();
  leaves?.close();
  if (place < size) throw damaged(`A checkpoint covers ${size} entries, but only ${place} are there.`);
  if (chosen === 0) throw new Failure('not_found', `${nothingOf(options)} Choose another incident or range.`);
  return { entries: written, keys, summary };
}

/** Writes what stands apart from the entries of a bundle, and gives them back as people read them. */
function personalWriter(reader: LogReader, writer: BundleWriter, { withoutPersonal }: ExportOptions) {
  let lines: LineWriter | undefined;
  const rules = new Map<number, string>();

  function add(entry: LedgerEntry): LedgerEntry {
    const body = opened(entry.kind, entry.body, (member) => {
      const row = withoutPersonal ? undefined : reader.personal?.at(entry.seq, member);
      if (!row) return undefined;
      lines ??= writer.lines(bundleFiles.personal);
      lines.write(Buffer.from(personalLine(entry.seq, member, row)));
      return 'erasedBy' in row
        ? { kind: 'erased', by: row.erasedBy, rule: ruleOf(row.erasedBy) }
        : { kind: 'kept', ...row };
    });
    return { ...entry, body: body as LedgerEntry['body'] };
  }

  function ruleOf(by: number): string {
    const known = rules.get(by) ?? ErasureBody.safeParse(entryAt(reader, by)?.body).data?.rule ?? 'unknown';
    rules.set(by, known);
    return known;
  }

  return { add, close: () => lines?.close() };
}

function entryAt(reader: LogReader, place: number): LedgerEntry | undefined {
  for (const { bytes } of reader.entries(place)) return stored(place, bytes);
  return undefined;
}

const isIn = ({ seq, incident }: LedgerEntry, { incident: wanted, from = 0, to = Infinity }: ExportOptions) =>
  (wanted === undefined || incident === wanted) && seq >= from && seq < to;

const nothingOf = ({ incident, from, to }: ExportOptions): string => {
  const where = from === undefined && to === undefined ? '' : ' in that range';
  return `No signed entry${where} is about the incident ${incident}.`;
};

function stored(place: number, bytes: Uint8Array): LedgerEntry {
  let entry: LedgerEntry;
  try {
    entry = parseEntry(bytes);
  } catch (error) {
    throw damaged(`Entry ${place} is damaged: ${messageOf(error)}`, error);
  }
  if (entry.seq !== place) throw damaged(`Where entry ${place} belongs, entry ${entry.seq} stands.`);
  return entry;
}

function demandSigned(
  note: string,
  { size }: Checkpoint,
  key: Parameters<typeof openCheckpoint>[1] | undefined,
): void {
  if (!key) throw damaged(`The log announces no key before its checkpoint of ${size} entries.`);
  const opened = openCheckpoint(note, key);
  if (!opened.ok) throw damaged(`The checkpoint of ${size} entries does not hold: ${opened.because}.`);
}

const damaged = (says: string, cause?: unknown) => new Failure('storage', `${says} ${HOW_TO_FIND}`, cause);

function writeOlder(
  reader: LogReader,
  writer: BundleWriter,
  { note, checkpoint: { size } }: SignedHead,
  newest: SignedHead,
): void {
  writer.put(olderCheckpointFile(size), note);
  const hashes = consistencyProof(size, newest.checkpoint.size, storedNode(reader));
  writer.put(
    consistencyFile(size),
    formatConsistencyProof({ oldSize: size, hashes, checkpoint: newest.note }),
  );
}
