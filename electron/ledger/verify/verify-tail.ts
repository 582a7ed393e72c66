/**
 * Verification of the end of a log alone, for a start that must not take as long as the log is old: from a signed head
 * back in time, whose tree the stored nodes must make up, every entry since is recomputed. What lies before is believed
 * until everything is verified.
 */
import { parseEntry } from '../entry.ts';
import { keyChain } from '../keys/key-chain.ts';
import type { LogReader } from '../log-reader.ts';
import { openCheckpoint, readCheckpoint } from '../note.ts';
import { areSame, frontierAt, growingTree, type Hash } from '../tree.ts';
import { atOnce } from './steps.ts';
import type { Verification } from './verification.ts';
import { type Base, quickSteps } from './verify-quickly.ts';

/** At least so many entries are read. */
const TAIL = 1000;

/** Undefined where only the whole can tell: the log is short, nothing in it was signed long ago, or something is wrong. */
export function verifyTail(reader: LogReader): Verification | undefined {
  const base = signedBase(reader);
  return base && atOnce(quickSteps(reader, base));
}

function signedBase({ tail, nodes }: LogReader): Base | undefined {
  const note = tail?.noteUpTo(tail.size() - TAIL);
  const claimed = readCheckpoint(note ?? '');
  if (!tail || !nodes || note === undefined || !claimed) return undefined;
  try {
    const { keys, realm } = announced(tail.announcements(claimed.size));
    const key = keys.current();
    const opened = key && openCheckpoint(note, key);
    const node = (level: number, position: number) => demanded(nodes.read(level, position));
    const tree = growingTree(frontierAt(claimed.size, node));
    const isRoot = opened?.ok && opened.checkpoint.origin === key?.name && areSame(claimed.root, tree.root());
    return isRoot && realm ? { tree, keys, realm } : undefined;
  } catch {
    // The whole is verified then, and says what is wrong.
    return undefined;
  }
}

/** Where an announcement is left out or made up, the head is not signed by the key that the others lead to. */
function announced(entries: Iterable<Uint8Array>): { keys: Base['keys']; realm: Base['realm'] | undefined } {
  const keys = keyChain();
  let realm: Base['realm'] | undefined;
  for (const bytes of entries) {
    const entry = parseEntry(bytes);
    realm ??= entry.realm;
    if (keys.add(entry)) throw new Error(`Entry ${entry.seq} announces no key of this log`);
  }
  return { keys, realm };
}

function demanded(hash: Hash | undefined): Hash {
  if (!hash) throw new Error('A node of the tree is missing');
  return hash;
}
