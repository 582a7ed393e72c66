/** Proofs of a stored log, for files that stand alone. They are made from the stored tree: a few reads, whatever its size. */
import { Failure } from '../../platform/failure.ts';
import type { LogReader } from '../log-reader.ts';
import { type Checkpoint, readCheckpoint } from '../note.ts';
import {
  areSame,
  consistencyProof,
  frontierAt,
  type Hash,
  inclusionProof,
  type ReadNode,
  rootOf,
} from '../tree.ts';
import { formatConsistencyProof, formatInclusionProof } from './tlog-proof.ts';

export type SignedHead = { note: string; checkpoint: Checkpoint };

/** The first and the newest signed head of a log. @throws Failure `conflict` when nothing is signed yet. */
export function signedHeads(reader: LogReader): { first: SignedHead; newest: SignedHead } {
  let first: SignedHead | undefined;
  let newest: SignedHead | undefined;
  for (const note of reader.checkpoints()) {
    const checkpoint = readCheckpoint(note);
    newest = checkpoint && { note, checkpoint };
    first ??= newest;
  }
  if (!first || !newest) throw new Failure('conflict', NOTHING_SIGNED);
  return { first, newest };
}

/**
 * The entry at `seq` proven against the newest signed head, as the text of a `.tlog-proof` file.
 * @throws Failure `not_found` when there is no such entry or it is not signed yet, `conflict` when nothing is signed,
 *   `storage` when the stored tree is damaged.
 */
export function proveEntry(reader: LogReader, seq: number): string {
  const { note, checkpoint } = signedHeads(reader).newest;
  if (!Number.isSafeInteger(seq) || seq < 0 || seq >= checkpoint.size) {
    throw new Failure(
      'not_found',
      `There is no signed entry ${seq}: the newest checkpoint covers the entries 0 to ${checkpoint.size - 1}. ` +
        'Name one of those, or wait a minute for newer ones to be signed.',
    );
  }
  return formatInclusionProof({
    index: seq,
    hashes: inclusionProof(seq, checkpoint.size, storedNode(reader)),
    checkpoint: note,
  });
}

/**
 * That the log still begins with what `since`, an older signed head of it, covers: the body of an add-checkpoint request.
 * @throws Failure `bad_input` when `since` is no signed head, `conflict` when it is of another log or history, or nothing
 *   is signed, `storage` when the stored tree is damaged.
 */
export function proveConsistency(reader: LogReader, since: string): string {
  const { note, checkpoint } = signedHeads(reader).newest;
  const older = demandOlder(reader, since, checkpoint);
  return formatConsistencyProof({
    oldSize: older.size,
    hashes: consistencyProof(older.size, checkpoint.size, storedNode(reader)),
    checkpoint: note,
  });
}

/** Reads an older head of this log. @throws Failure as `proveConsistency` does. */
export function demandOlder(reader: LogReader, since: string, newest: Checkpoint): Checkpoint {
  const older = readCheckpoint(since);
  if (!older || older.size === 0) {
    throw new Failure(
      'bad_input',
      'The older checkpoint is no signed head of a log. Give the file `checkpoint` of an earlier bundle, unchanged.',
    );
  }
  if (older.origin !== newest.origin) {
    throw new Failure(
      'conflict',
      `The older checkpoint is of the log ${older.origin}, this one is ${newest.origin}. Choose a checkpoint of this log.`,
    );
  }
  if (older.size > newest.size) {
    throw new Failure(
      'conflict',
      `The older checkpoint covers ${older.size} entries, this log is signed up to ${newest.size}: its end was cut off, ` +
        'or an older copy was put back. Keep that checkpoint: it shows it.',
    );
  }
  if (!areSame(older.root, rootOf(frontierAt(older.size, storedNode(reader))))) {
    throw new Failure(
      'conflict',
      `The first ${older.size} entries of this log are not those the older checkpoint covers. Keep that checkpoint: if ` +
        "its signature is this log's, it shows that history was changed.",
    );
  }
  return older;
}

/** Reads complete nodes of the stored tree. @throws Failure `storage` for one that is missing. */
export const storedNode =
  (reader: LogReader): ReadNode =>
  (level: number, position: number): Hash => {
    const hash = reader.nodes?.read(level, position);
    if (hash?.length === 32) return hash;
    throw new Failure('storage', `Node ${position} of level ${level} is missing or damaged. ${HOW_TO_FIND}`);
  };

export const HOW_TO_FIND = 'Find what is wrong with `ledger verify`.';

const NOTHING_SIGNED =
  'Nothing in this log is signed yet, so there is nothing to hand over. Start Countersign and unlock its vault ' +
  '(COUNTERSIGN_PASSPHRASE, or the Unlock dialog), then export again.';
