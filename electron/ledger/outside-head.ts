/**
 * The head of a log, kept outside its database. A signed checkpoint does not show that the tail behind it was cut, and a
 * restored backup would let an honest log sign a second history; against a head kept elsewhere both show. The head is the
 * signed note itself, so it cannot be made up by whoever edits the file it is kept in. Pure.
 */
import { z } from 'zod';
import type { LogReader } from './log-reader.ts';
import { readCheckpoint } from './note.ts';
import { areSame, frontierAt, type Hash, rootOf } from './tree.ts';
import type { Problem } from './verify/verification.ts';

/** The newest checkpoint of the log of one realm, as it was signed. */
export const OutsideHead = z.strictObject({ note: z.string().min(1).max(65_536) });
export type OutsideHead = z.infer<typeof OutsideHead>;

/** Where heads are kept: the vault, or for drills their key file. Reading needs no passphrase. */
export type HeadKeeper = {
  /** Undefined when no head was ever kept. @throws Failure `storage` when what is kept cannot be read. */
  read(): OutsideHead | undefined;
  /** On disk on return. */
  write(head: OutsideHead): void;
};

type Log = { origin: string | null; size: number; node(level: number, position: number): Hash | undefined };

/** Why a log does not contain the head that was kept outside it; undefined when it does, or when none was kept. */
export function breakOf(kept: OutsideHead | undefined, log: Log): Problem | undefined {
  if (!kept) return undefined;
  const head = readCheckpoint(kept.note);
  if (!head) return { how: 'unreadable', seq: null, says: 'The head kept outside the log cannot be read.' };
  if (log.size === 0) {
    return {
      how: 'truncated',
      seq: 0,
      says: `The log is gone: the head kept outside it covers ${head.size} entries of ${head.origin}.`,
    };
  }
  if (log.origin !== head.origin) {
    return {
      how: 'forked',
      seq: 0,
      says: `This is another log: the head kept outside belongs to ${head.origin}.`,
    };
  }
  if (log.size < head.size) {
    const says = `The head kept outside the log covers ${head.size} entries, but only ${log.size} are there: the end was cut off, or an older copy was put back.`;
    return { how: 'truncated', seq: log.size, says };
  }
  return isRoot(head.size, head.root, log)
    ? undefined
    : {
        how: 'forked',
        seq: null,
        says: `The first ${head.size} entries are not those that the head kept outside the log covers: history was changed and signed again.`,
      };
}

function isRoot(size: number, root: Hash, { node }: Log): boolean {
  try {
    return areSame(root, rootOf(frontierAt(size, (level, position) => demanded(node(level, position)))));
  } catch {
    return false;
  }
}

function demanded(hash: Hash | undefined): Hash {
  if (!hash) throw new Error('A node of the tree is missing');
  return hash;
}

/** Checks a log that was verified before: its stored nodes are then those of its entries. */
export const checkOutsideHead = (
  kept: OutsideHead | undefined,
  reader: LogReader,
  { origin, size }: { origin: string | null; size: number },
): Problem | undefined =>
  breakOf(kept, { origin, size, node: (level, position) => reader.nodes?.read(level, position) });
