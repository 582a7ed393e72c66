/**
 * Proofs as files that public tools read, and that stand alone: inclusion as C2SP `tlog-proof`, consistency as the body of
 * a C2SP `tlog-witness` add-checkpoint request. Both end with the signed checkpoint they lead to, byte for byte.
 *
 *     c2sp.org/tlog-proof@v1                     old 7
 *     index 3                                    <base64 of a hash>
 *     <base64 of a hash>                         …
 *     …
 *                                                <the checkpoint>
 *     <the checkpoint>
 *
 * Each proof has one spelling: what reads differently from how it would be written is refused. Pure.
 */
import {
  type Checkpoint,
  fromBase64,
  openCheckpoint,
  readCheckpoint,
  toBase64,
  type VerifierKey,
} from '../note.ts';
import { type Hash, isConsistent, isIncluded, leafHash } from '../tree.ts';

/** That the entry at `index` is in the tree that `checkpoint`, a signed note, covers. */
export type InclusionProof = {
  index: number;
  /** From the sibling of the leaf to a child of the root. */
  hashes: readonly Hash[];
  checkpoint: string;
  /** Not authenticated by anything. Countersign writes none. */
  extra?: Uint8Array;
};

/** That the tree which `checkpoint`, a signed note, covers begins with the tree of the first `oldSize` entries. */
export type ConsistencyProof = { oldSize: number; hashes: readonly Hash[]; checkpoint: string };

/** What a proof shows; or, in words, why it shows nothing. */
export type Proven = { ok: true; checkpoint: Checkpoint } | { ok: false; because: string };

/** @throws Error when `checkpoint` is no signed checkpoint: such a proof could not be read back. */
export function formatInclusionProof({ index, hashes, checkpoint, extra }: InclusionProof): string {
  const head = [MAGIC, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`];
  return demandReadable(assemble(head, hashes, checkpoint), parseInclusionProof);
}

/** Undefined for anything that `formatInclusionProof` does not write. */
export function parseInclusionProof(text: string): InclusionProof | undefined {
  const parts = disassemble(text);
  if (!parts) return undefined;
  const [magic, second, ...others] = parts.lines;
  const extra = second?.startsWith(EXTRA) ? fromBase64(second.slice(EXTRA.length)) : undefined;
  if (magic !== MAGIC || (second?.startsWith(EXTRA) && !extra)) return undefined;
  const [indexLine, ...encoded] = extra ? others : parts.lines.slice(1);
  const index = numberAfter('index ', indexLine);
  const hashes = hashesOf(encoded);
  if (index === undefined || !hashes) return undefined;
  return { index, hashes, checkpoint: parts.checkpoint, ...(extra && { extra }) };
}

/** @throws Error when `checkpoint` is no signed checkpoint. */
export function formatConsistencyProof({ oldSize, hashes, checkpoint }: ConsistencyProof): string {
  return demandReadable(assemble([`old ${oldSize}`], hashes, checkpoint), parseConsistencyProof);
}

/** Undefined for anything that `formatConsistencyProof` does not write. */
export function parseConsistencyProof(text: string): ConsistencyProof | undefined {
  const parts = disassemble(text);
  const [first, ...encoded] = parts?.lines ?? [];
  const oldSize = numberAfter('old ', first);
  const hashes = hashesOf(encoded);
  if (!parts || oldSize === undefined || !hashes) return undefined;
  return { oldSize, hashes, checkpoint: parts.checkpoint };
}

/**
 * Whether `text` proves that exactly these `bytes` are an entry of the log that `key` signs. The bytes say themselves
 * which entry they are; that they stand at the place they name is for the caller to compare with the index.
 */
export function verifyInclusionProof(text: string, key: VerifierKey, bytes: Uint8Array): Proven {
  const proof = parseInclusionProof(text);
  if (!proof) return { ok: false, because: 'it is no inclusion proof' };
  const opened = ownCheckpoint(proof.checkpoint, key);
  if (!opened.ok) return opened;
  const { size, root } = opened.checkpoint;
  return isIncluded(leafHash(bytes), proof.index, size, proof.hashes, root)
    ? opened
    : {
        ok: false,
        because: `it does not lead from these bytes, as entry ${proof.index}, to the signed root`,
      };
}

/** Whether `text` proves that the log that `key` signs still begins with what `older` covers. */
export function verifyConsistencyProof(
  text: string,
  key: VerifierKey,
  older: Pick<Checkpoint, 'size' | 'root'>,
): Proven {
  const proof = parseConsistencyProof(text);
  if (!proof) return { ok: false, because: 'it is no consistency proof' };
  const opened = ownCheckpoint(proof.checkpoint, key);
  if (!opened.ok) return opened;
  if (proof.oldSize !== older.size) {
    return { ok: false, because: `it begins at ${proof.oldSize} entries and not at ${older.size}` };
  }
  return isConsistent(older, opened.checkpoint, proof.hashes)
    ? opened
    : {
        ok: false,
        because: `the log of ${opened.checkpoint.size} entries does not begin with those ${older.size}`,
      };
}

const MAGIC = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
/** The most that a witness takes, and more than any tree of countable entries needs. */
const MOST_HASHES = 63;

function ownCheckpoint(note: string, key: VerifierKey): Proven {
  const opened = openCheckpoint(note, key);
  if (!opened.ok) return { ok: false, because: `its checkpoint does not hold: ${opened.because}` };
  if (opened.checkpoint.origin !== key.name)
    return { ok: false, because: 'its checkpoint is of another log' };
  return opened;
}

const assemble = (head: readonly string[], hashes: readonly Hash[], checkpoint: string): string =>
  `${[...head, ...hashes.map(toBase64)].join('\n')}\n\n${checkpoint}`;

/** The lines before the first blank one, and the checkpoint behind it. */
function disassemble(text: string): { lines: string[]; checkpoint: string } | undefined {
  const blank = text.indexOf('\n\n');
  const checkpoint = text.slice(blank + 2);
  if (blank === -1 || !readCheckpoint(checkpoint)) return undefined;
  return { lines: text.slice(0, blank).split('\n'), checkpoint };
}

function numberAfter(word: string, line: string | undefined): number | undefined {
  const digits = line?.startsWith(word) ? line.slice(word.length) : '';
  const value = Number(digits);
  return /^(0|[1-9][0-9]{0,15})$/.test(digits) && Number.isSafeInteger(value) ? value : undefined;
}

function hashesOf(lines: readonly string[]): Hash[] | undefined {
  const hashes = lines.map(fromBase64).filter((hash) => hash?.length === 32) as Hash[];
  return hashes.length === lines.length && lines.length <= MOST_HASHES ? hashes : undefined;
}

function demandReadable(text: string, parse: (text: string) => unknown): string {
  if (!parse(text))
    throw new Error('A proof needs a signed checkpoint, hashes of 32 bytes and a whole number');
  return text;
}
