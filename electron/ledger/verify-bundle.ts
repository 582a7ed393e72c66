import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, messageOf } from '../platform/failure.ts';
import { announcedKey, bundleFiles, isBundle, type Proof, parseProof } from './bundle-format.ts';
import { type LedgerEntry, MOST_BYTES, parseEntry } from './entry.ts';
import {
  type Checkpoint,
  openCheckpoint,
  readCheckpoint,
  type VerifierKey,
  verifierKeyText,
} from './note.ts';
import { isIncluded, leafHash } from './tree.ts';
import { type Problem, type Verification, verifyLog } from './verify.ts';

/** `complete` is false for a bundle of one incident: what is in it holds, and other entries exist. */
export type BundleVerification = Verification & { complete: boolean };

/** Checks a bundle from its files alone. Every byte of every file counts: a change to any one of them is found. */
export function verifyBundle(directory: string): BundleVerification {
  if (!isBundle(directory))
    throw new Failure('not_found', `${resolve(directory)} holds no ${bundleFiles.entries}: it is no bundle.`);
  const complete = !existsSync(join(directory, bundleFiles.proofs));
  const verification = complete ? verifyWhole(directory) : verifyPart(directory);
  const problems = [...verification.problems, ...keyFileProblems(directory, verification.key)];
  return { ...verification, complete, ok: problems.length === 0, problems };
}

function verifyWhole(directory: string): Verification {
  const note = textOf(directory, bundleFiles.checkpoint);
  const verification = verifyLog({
    entries: function* () {
      for (const bytes of linesOf(join(directory, bundleFiles.entries))) yield { bytes };
    },
    checkpoints: () => (note === undefined ? [] : [note]),
  });
  const { size, signedSize, problems } = verification;
  if (problems.length > 0 || size === signedSize) return verification;
  const says = `The checkpoint covers ${signedSize} entries, but ${size} are there.`;
  return { ...verification, ok: false, problems: [{ how: 'unsigned', seq: signedSize, says }] };
}

/** The root cannot be recomputed, so each entry must prove its own place under the signed one. */
function verifyPart(directory: string): Verification {
  const problems: Problem[] = [];
  const proofs = linesOf(join(directory, bundleFiles.proofs));
  const claim = readCheckpoint(textOf(directory, bundleFiles.checkpoint) ?? '');
  let key: VerifierKey | undefined;
  let size = 0;
  let last = -1;
  for (const bytes of linesOf(join(directory, bundleFiles.entries))) {
    const proof = parseProof(proofs.next().value);
    const entry = readEntry(bytes);
    if (typeof entry === 'string') {
      problems.push({ how: 'altered', seq: null, says: `Line ${size + 1} is no entry. ${entry}` });
    } else if (!claim || !isProven(entry, bytes, proof, claim)) {
      problems.push({
        how: 'altered',
        seq: entry.seq,
        says: `Entry ${entry.seq} is not in the log that was signed.`,
      });
    } else if (entry.seq <= last) {
      problems.push({
        how: 'reordered',
        seq: entry.seq,
        says: `Entry ${entry.seq} stands after entry ${last}.`,
      });
    } else {
      key ??= announcedKey(entry, claim.origin);
      last = entry.seq;
    }
    size += 1;
  }
  if (!proofs.next().done)
    problems.push({ how: 'missing', seq: null, says: 'There are more proofs than entries.' });
  const signature =
    key && claim ? openCheckpoint(textOf(directory, bundleFiles.checkpoint) ?? '', key) : undefined;
  if (!signature)
    problems.push({ how: 'key', seq: null, says: 'No entry that holds names the key of the checkpoint.' });
  else if (!signature.ok) {
    problems.push({
      how: 'signature',
      seq: null,
      says: `The checkpoint does not hold: ${signature.because}.`,
    });
  }
  return {
    ok: problems.length === 0,
    origin: claim?.origin ?? null,
    size,
    signedSize: claim?.size ?? 0,
    rootHex: Buffer.from(claim?.root ?? []).toString('hex'),
    key: key ?? null,
    problems,
  };
}

function keyFileProblems(directory: string, key: VerifierKey | null): Problem[] {
  if (key && textOf(directory, bundleFiles.key) === `${verifierKeyText(key)}\n`) return [];
  return [
    {
      how: 'key',
      seq: null,
      says: `The file ${bundleFiles.key} does not name the key that the log itself names.`,
    },
  ];
}

function readEntry(bytes: Uint8Array): LedgerEntry | string {
  try {
    return parseEntry(bytes);
  } catch (error) {
    return messageOf(error);
  }
}

const isProven = (
  entry: LedgerEntry,
  bytes: Uint8Array,
  proof: Proof | undefined,
  signed: Checkpoint,
): boolean =>
  proof?.seq === entry.seq && isIncluded(leafHash(bytes), entry.seq, signed.size, proof.hashes, signed.root);

/** Undefined when the file is absent. Bytes that are no UTF-8 would be replaced on reading, so such a file reads as empty. */
function textOf(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  return Buffer.compare(Buffer.from(text), bytes) === 0 ? text : '';
}

const CHUNK = 1 << 20;

/** The lines of a file without their newlines. An end without newline is a line cut short, and is returned as one. */
function* linesOf(path: string): Generator<Uint8Array, undefined> {
  const descriptor = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(CHUNK);
      const length = readSync(descriptor, chunk);
      if (length === 0) break;
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        yield rest.subarray(0, end);
        rest = rest.subarray(end + 1);
      }
      if (rest.length > MOST_BYTES) break;
    }
    if (rest.length > 0) yield Buffer.concat([rest, CUT_SHORT]);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the last line unreadable when its newline is missing, so that every byte of the file counts. */
const CUT_SHORT = Buffer.from('\0');
