/**
 * Verification of a log that holds, which is nearly every one: what a signature covers is hashed as it lies and read only
 * as far as the structure of the log needs, since its form was checked before it was stored and signed. At the first
 * thing out of the ordinary it gives up, and the thorough check says what and where.
 */

import { decisionProblem } from './decision.ts';
import { type LedgerEntry, parseEntry, SIGNED_AT_ONCE } from './entry.ts';
import { keyChain } from './key-chain.ts';
import type { LogReader, StoredEntry } from './log-reader.ts';
import { openCheckpoint, readCheckpoint } from './note.ts';
import { append, areSame, emptyFrontier, leafHash, rootOf, type TreeNode } from './tree.ts';
import type { Verification } from './verify.ts';

/** Undefined unless everything holds. */
export function verifyQuickly(reader: LogReader): Verification | undefined {
  const notes = signedNotes(reader);
  const last = notes?.at(-1);
  if (!notes || !last) return undefined;
  const keys = keyChain();
  const tree = storedTree(reader.nodes);
  let frontier = emptyFrontier;
  let realm: string | undefined;
  let note = 0;
  try {
    for (const stored of reader.entries()) {
      const place = frontier.size;
      const entry = outlineOf(stored.bytes, place < last.size) ?? parsed(stored.bytes);
      realm ??= entry?.realm;
      if (!entry || entry.seq !== place || entry.realm !== realm || !isFiled(stored, entry)) return undefined;
      if ((place === 0) !== (entry.kind === 'log.opened')) return undefined;
      if (place >= last.size && entry.whole && SIGNED_AT_ONCE.has(entry.whole.kind)) return undefined;
      if (entry.whole && (keys.add(entry.whole) || decisionProblem(entry.whole))) return undefined;
      const added = append(frontier, leafHash(stored.bytes));
      frontier = added.frontier;
      if (!tree.holds(added.completed)) return undefined;
      if (notes[note]?.size !== frontier.size) continue;
      const key = keys.current();
      const opened = key && openCheckpoint(notes[note]?.text ?? '', key);
      if (!opened?.ok || opened.checkpoint.origin !== key?.name) return undefined;
      if (!areSame(opened.checkpoint.root, rootOf(frontier))) return undefined;
      note += 1;
    }
    if (note < notes.length || !tree.isDone()) return undefined;
  } finally {
    tree.close();
  }
  return {
    ok: true,
    origin: keys.origin() ?? null,
    size: frontier.size,
    signedSize: last.size,
    rootHex: Buffer.from(rootOf(frontier)).toString('hex'),
    key: keys.current() ?? null,
    problems: [],
  };
}

/** Smallest first; undefined when one cannot be read or two are about the same size. */
function signedNotes(reader: LogReader): { text: string; size: number }[] | undefined {
  const notes = Array.from(reader.checkpoints(), (text) => ({ text, size: readCheckpoint(text)?.size ?? 0 }));
  return notes.every(({ size }, index) => size > (notes[index - 1]?.size ?? 0)) ? notes : undefined;
}

type Outline = Pick<LedgerEntry, 'seq' | 'realm' | 'incident'> & {
  kind: string;
  atMs: number;
  whole?: LedgerEntry | undefined;
};

/** What announces keys, or is signed by a person, is read whole. */
const READ_WHOLE: ReadonlySet<string> = new Set(['log.opened', 'key', 'decision']);

/** In canonical form the members stand in the order of their names, so the first and the last lie at known ends. */
const HEAD = /^\{"actor":\{"kind":"[a-z]+","name":"[^"\\]+"\},"at":"([^"]{24})","body":\{/;
const TAIL =
  /,(?:"incident":"([\x20\x21\x23-\x5b\x5d-\x7e]{1,200})",)?"kind":"([a-z.]+)","realm":"(real|drill)","seq":(0|[1-9][0-9]{0,15}),"v":1\}$/;

function outlineOf(bytes: Uint8Array, isSigned: boolean): Outline | undefined {
  if (!isSigned) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = HEAD.exec(buffer.toString('latin1', 0, 320));
  const tail = TAIL.exec(buffer.toString('latin1', Math.max(0, buffer.length - 320)));
  const [, at] = head ?? [];
  const [, incident, kind, realm, seq] = tail ?? [];
  if (at === undefined || kind === undefined || READ_WHOLE.has(kind)) return undefined;
  if (realm !== 'real' && realm !== 'drill') return undefined;
  return { seq: Number(seq), kind, realm, incident, atMs: Date.parse(at) };
}

function parsed(bytes: Uint8Array): Outline | undefined {
  try {
    const entry = parseEntry(bytes);
    return { ...entry, atMs: Date.parse(entry.at), whole: entry };
  } catch {
    // The thorough check says what is wrong with it.
    return undefined;
  }
}

const isFiled = ({ columns }: StoredEntry, entry: Outline): boolean =>
  !columns ||
  (columns.seq === entry.seq &&
    columns.kind === entry.kind &&
    columns.incident === (entry.incident ?? null) &&
    columns.atMs === entry.atMs);

/** The nodes of a level become complete in the order in which they are stored, so each level is read once, in order. */
function storedTree(nodes: LogReader['nodes']) {
  const levels: Iterator<{ position: number; hash: Uint8Array }, unknown>[] = [];
  let count = 0;

  function holds(completed: readonly TreeNode[]): boolean {
    if (!nodes) return true;
    count += completed.length;
    return completed.every(({ level, position, hash }) => {
      levels[level] ??= nodes.ofLevel(level)[Symbol.iterator]();
      const next = levels[level]?.next();
      return next?.done === false && next.value.position === position && areSame(next.value.hash, hash);
    });
  }

  const isDone = (): boolean => !nodes || nodes.count() === count;

  return {
    holds,
    isDone,
    close: () => {
      for (const level of levels) level.return?.();
    },
  };
}
