/**
 * Verification of a log that holds, which is nearly every one: what a signature covers is hashed as it lies and read only
 * as far as the structure of the log needs, since its form was checked before it was stored and signed. At the first
 * thing out of the ordinary it gives up, and the thorough check says what and where.
 */

import { decisionProblem } from '../decision.ts';
import { type LedgerEntry, parseEntry, SIGNED_AT_ONCE } from '../entry.ts';
import { PackedEntry } from '../entry-pack.ts';
import { type KeyChain, keyChain } from '../keys/key-chain.ts';
import { hasLeaf, type LogReader, leafOf, type StoredEntry } from '../log-reader.ts';
import { openCheckpoint, readCheckpoint } from '../note.ts';
import { PERSONAL } from '../personal/personal.ts';
import { personalCheck } from '../personal/personal-check.ts';
import { areSame, type GrowingTree, growingTree, keptUpTo, TILE_HEIGHT, type TreeNode } from '../tree.ts';
import type { Verification } from './verification.ts';

/** What is known of a log up to a signed head, so that only what came later needs to be verified. */
export type Base = { tree: GrowingTree; keys: KeyChain; realm: LedgerEntry['realm'] };

/** Answers undefined unless everything holds. Yields how many entries are done, every now and then. */
export function* quickSteps(reader: LogReader, base?: Base): Generator<number, Verification | undefined> {
  const tree = base?.tree ?? growingTree();
  const keys = base?.keys ?? keyChain();
  const start = tree.size();
  const notes = signedNotes(reader, start);
  const last = notes?.at(-1);
  if (!notes || (!last && !base)) return undefined;
  const signedSize = last?.size ?? start;
  const kept = storedTree(reader.nodes, start);
  // What stands apart from the entries is compared with all of them or not at all.
  const personal = personalCheck(base ? undefined : reader.personal);
  const isOrdinary = ordinaryEntries();
  let realm: Realm | undefined = base?.realm;
  let note = 0;
  for (const stored of reader.entries(start)) {
    const place = tree.size();
    if (place % STEP === 0) yield place;
    if (place >= signedSize || !isOrdinary(stored, place, realm)) {
      const entry = parsed(stored.bytes);
      realm ??= entry?.realm;
      if (!entry || entry.seq !== place || entry.realm !== realm || !isFiled(stored, entry)) return undefined;
      if ((place === 0) !== (entry.kind === 'log.opened')) return undefined;
      if (place >= signedSize && SIGNED_AT_ONCE.has(entry.kind)) return undefined;
      if (keys.add(entry) || decisionProblem(entry) || personal.add(entry)) return undefined;
    }
    const leaf = leafOf(stored);
    if (!hasLeaf(stored, leaf) || !kept.holds(tree.add(leaf))) return undefined;
    if (notes[note]?.size !== tree.size()) continue;
    const key = keys.current();
    const opened = key && openCheckpoint(notes[note]?.text ?? '', key);
    if (!opened?.ok || opened.checkpoint.origin !== key?.name) return undefined;
    if (!areSame(opened.checkpoint.root, tree.root())) return undefined;
    note += 1;
  }
  if (note < notes.length || !kept.isDone() || personal.finish()) return undefined;
  return {
    ok: true,
    origin: keys.origin() ?? null,
    size: tree.size(),
    signedSize,
    rootHex: Buffer.from(tree.root()).toString('hex'),
    key: keys.current() ?? null,
    problems: [],
    erased: personal.erased(),
  };
}

/** Smallest first; undefined when one cannot be read or two are about the same size. */
function signedNotes(reader: LogReader, after: number): { text: string; size: number }[] | undefined {
  const notes = Array.from(reader.checkpoints(after), (text) => ({
    text,
    size: readCheckpoint(text)?.size ?? 0,
  }));
  return notes.every(({ size }, index) => size > (notes[index - 1]?.size ?? 0)) ? notes : undefined;
}

/** Entries between two moments at which others may have their turn: some ten milliseconds. */
const STEP = 2048;

/** What announces keys, is signed by a person, or set something apart is read whole. */
const READ_WHOLE: ReadonlySet<string> = new Set([
  'log.opened',
  'key',
  'decision',
  'erasure',
  'approver.key',
  ...Object.keys(PERSONAL),
]);

type Realm = LedgerEntry['realm'];

/** Tells whether an entry is plainly the one that belongs at a place, so that nothing else of it needs to be read. */
function ordinaryEntries() {
  const tails = knownTails();
  const times = knownTimes();
  return (stored: StoredEntry, place: number, realm: Realm | undefined): boolean => {
    if (realm === undefined) return false;
    if (!(stored instanceof PackedEntry)) return !stored.columns && isOutlined(stored.bytes, place, realm);
    const { pack, index, from, to } = stored;
    const kind = pack.kinds[index];
    const incident = pack.incidents[index];
    if (kind === undefined || incident === undefined || pack.first + index !== place) return false;
    if (READ_WHOLE.has(kind)) return false;
    const placeFrom = startOfPlace(pack.view, to, place);
    return (
      tails.fits(pack.view, from, placeFrom, realm, kind, incident) &&
      times.fits(pack.view, from, placeFrom, pack.times[index])
    );
  };
}

/** Where the last but one member of an entry that ends at `to` has its value, if that is `place`; else -1. */
function startOfPlace(bytes: DataView, to: number, place: number): number {
  let at = to - END.byteLength;
  if (!hasAt(bytes, END, at)) return -1;
  let rest = place;
  do {
    at -= 1;
    if (bytes.getUint8(at) !== ZERO + (rest % 10)) return -1;
    rest = Math.floor(rest / 10);
  } while (rest > 0);
  return at;
}

const END = viewOf(Buffer.from(',"v":1}'));
const ZERO = 0x30;

/** Four bytes at a time, at least four: a call out of JavaScript takes longer than the few that are compared. */
function hasAt(bytes: DataView, piece: DataView, from: number): boolean {
  const last = piece.byteLength - 4;
  if (from < 0 || last < 0 || from + piece.byteLength > bytes.byteLength) return false;
  for (let place = 0; place < last; place += 4) {
    if (bytes.getInt32(from + place) !== piece.getInt32(place)) return false;
  }
  return bytes.getInt32(from + last) === piece.getInt32(last);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * In canonical form the members stand in the order of their names, so the columns tell how an entry ends. In no string
 * can any of this stand, for a quotation mark inside is always escaped.
 */
function knownTails() {
  const known = new Map<string | null, Map<string, DataView>>();

  /** `end` is where the place begins. */
  function fits(
    bytes: DataView,
    from: number,
    end: number,
    realm: Realm,
    kind: string,
    incident: string | null,
  ) {
    const tail = known.get(incident)?.get(kind) ?? learn(realm, kind, incident);
    const start = end - tail.byteLength;
    if (start <= from || !hasAt(bytes, tail, start)) return false;
    // Before that lie the body or the causes, and no incident that the columns keep quiet about.
    const before = bytes.getUint8(start - 1);
    return before === CLOSING_BRACE || before === CLOSING_BRACKET;
  }

  function learn(realm: Realm, kind: string, incident: string | null): DataView {
    // What is not spelled in the bytes as it is fits nothing, and is read whole.
    const isPlain = PLAIN.test(kind) && (incident === null || PLAIN.test(incident));
    const about = incident === null ? '' : `,"incident":"${incident}"`;
    const spelled = isPlain ? `${about},"kind":"${kind}","realm":"${realm}","seq":` : NOTHING;
    const tail = viewOf(Buffer.from(spelled));
    if (known.size === MOST_KNOWN) known.clear();
    const kinds = known.get(incident) ?? new Map<string, DataView>();
    known.set(incident, kinds.set(kind, tail));
    return tail;
  }

  return { fits };
}

const CLOSING_BRACE = 0x7d;
const CLOSING_BRACKET = 0x5d;
/** Printable ASCII without what is escaped. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;
const NOTHING = '\n\n\n\n';
const MOST_KNOWN = 1000;

/** The time stands behind the actor. Both are often those of the entry before. */
function knownTimes() {
  /** Actor and time, as the entry begins. */
  let start = viewOf(Buffer.alloc(0));
  let timeMs = Number.NaN;

  function learn(bytes: DataView, from: number, to: number): void {
    const entry = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
    const timeFrom = entry.indexOf(AFTER_ACTOR) + AFTER_ACTOR.length;
    const timeTo = timeFrom + TIME_AND_MARK - 1;
    start = viewOf(Buffer.from(entry.subarray(0, timeTo + 1)));
    timeMs = entry[timeTo] === MARK ? Date.parse(entry.toString('latin1', timeFrom, timeTo)) : Number.NaN;
  }

  return {
    fits(bytes: DataView, from: number, to: number, atMs: number | undefined): boolean {
      if (!hasAt(bytes, start, from)) learn(bytes, from, to);
      return timeMs === atMs;
    },
  };
}

const AFTER_ACTOR = '"},"at":"';
/** An ISO time with milliseconds, and the quotation mark behind it. */
const TIME_AND_MARK = 25;
const MARK = 0x22;

const HEAD = /^\{"actor":\{"kind":"[a-z]+","name":"[^"\\]+"\},"at":"[^"]{24}","body":\{/;
const TAIL =
  /,(?:"incident":"[\x20\x21\x23-\x5b\x5d-\x7e]{1,200}",)?"kind":"([a-z.]+)","realm":"(real|drill)","seq":(0|[1-9][0-9]{0,15}),"v":1\}$/;

/** The same without columns to go by, as in a bundle. */
function isOutlined(bytes: Uint8Array, place: number, realm: Realm): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [, kind, ofRealm, seq] = TAIL.exec(buffer.toString('latin1', Math.max(0, buffer.length - 320))) ?? [];
  if (kind === undefined || READ_WHOLE.has(kind) || ofRealm !== realm || Number(seq) !== place) return false;
  return HEAD.test(buffer.toString('latin1', 0, 320));
}

function parsed(bytes: Uint8Array): LedgerEntry | undefined {
  try {
    return parseEntry(bytes);
  } catch {
    // The thorough check says what is wrong with it.
    return undefined;
  }
}

const isFiled = ({ columns }: StoredEntry, entry: LedgerEntry): boolean =>
  !columns ||
  (columns.seq === entry.seq &&
    columns.kind === entry.kind &&
    columns.incident === (entry.incident ?? null) &&
    columns.atMs === Date.parse(entry.at));

function storedTree(nodes: LogReader['nodes'], start: number) {
  let count = keptUpTo(start);
  /** Those of the lowest level that were read ahead, from the place `from` on. */
  let ahead: { from: number; hashes: Uint8Array } = { from: 0, hashes: new Uint8Array() };

  function holds(completed: readonly TreeNode[]): boolean {
    count += completed.length;
    return (
      !nodes || completed.every(({ level, position, hash }) => areSame(stored(nodes, level, position), hash))
    );
  }

  /** Nothing where it is missing. Behind a gap all are taken for others, and so differ. */
  function stored(nodes: NonNullable<LogReader['nodes']>, level: number, position: number): Uint8Array {
    if (!nodes.kept || level !== TILE_HEIGHT) return nodes.read(level, position) ?? new Uint8Array();
    const isAhead = position >= ahead.from && position < ahead.from + ahead.hashes.length / 32;
    if (!isAhead) ahead = { from: position, hashes: nodes.kept(level, position, AHEAD) };
    const at = (position - ahead.from) * 32;
    return ahead.hashes.subarray(at, at + 32);
  }

  return { holds, isDone: (): boolean => !nodes || nodes.count() === count };
}

/** Nodes read at once: to read each by itself takes as long as to hash what is under it. */
const AHEAD = 256;
