/** What a witness is shown of a log: its newest signed head, and whatever shows that it extends an older one. */
import type { Database } from 'better-sqlite3';
import { Failure } from '../../platform/failure.ts';
import { parseEntry } from '../entry.ts';
import { OpenedBody } from '../keys/log-key.ts';
import { databaseReader } from '../log-reader.ts';
import { type Checkpoint, readCheckpoint } from '../note.ts';
import { HOW_TO_FIND, storedNode } from '../proofs/prove.ts';
import { type TileFile, tileFiles } from '../proofs/tiles.ts';
import { formatConsistencyProof } from '../proofs/tlog-proof.ts';
import { areSame, consistencyProof, frontierAt, type Hash, rootOf } from '../tree.ts';

export type SignedLog = {
  /** The newest signed head: the note as it was signed, and what it says. */
  note: string;
  head: Checkpoint;
  /** The origin of the log that this one says it took the place of. */
  follows: string | undefined;
  /** The root over the first `size` entries, at most as many as the head covers. */
  rootAt(size: number): Hash;
  /** The body of an add-checkpoint request that leads from `size` entries to the head. */
  proofFrom(size: number): string;
  /** The tiles that the head needs and a log of `size` entries did not. The log must stay open while they are taken. */
  filesFrom(size: number): Iterable<TileFile>;
};

/**
 * Reads the log in an open data file; undefined when nothing in it is signed. The functions of the answer read on from
 * the file, of which what a head covers never changes.
 * @throws Failure `storage` when the entries are not those that the head was signed over: no witness is to be asked to
 *   vouch for that. The functions throw it too.
 */
export function signedLog(db: Database): SignedLog | undefined {
  const note: unknown = db
    .prepare('SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1')
    .pluck()
    .get();
  if (note === undefined) return undefined;
  const head = typeof note === 'string' ? readCheckpoint(note) : undefined;
  if (typeof note !== 'string' || !head)
    throw new Failure('storage', `The newest signed head cannot be read. ${HOW_TO_FIND}`);
  const reader = databaseReader(db);
  const node = storedNode(reader);
  const entries = db
    .prepare<[number, number], unknown>(
      'SELECT bytes FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq',
    )
    .pluck();
  const source = {
    entries: (from: number, to: number) =>
      entries.all(from, to).filter((bytes): bytes is Uint8Array => bytes instanceof Uint8Array),
    node: (level: number, position: number) => reader.nodes?.read(level, position),
  };
  const rootAt = (size: number): Hash => rootOf(frontierAt(size, node));
  if (!areSame(rootAt(head.size), head.root)) {
    throw new Failure('storage', `The log no longer contains what was signed before. ${HOW_TO_FIND}`);
  }
  return {
    note,
    head,
    follows: followedBy(entries.get(0, 1)),
    rootAt,
    proofFrom: (oldSize) =>
      formatConsistencyProof({
        oldSize,
        hashes: consistencyProof(oldSize, head.size, node),
        checkpoint: note,
      }),
    filesFrom: (size) => tileFiles(source, size, head),
  };
}

function followedBy(first: unknown): string | undefined {
  if (!(first instanceof Uint8Array)) return undefined;
  return OpenedBody.safeParse(parseEntry(first).body).data?.follows?.origin;
}
