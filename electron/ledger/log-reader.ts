import SqliteDatabase, { type Database } from 'better-sqlite3';
import { type EntryColumns, PackedEntry, type PackedRows, packOf, unpacked } from './entry-pack.ts';
import { readCheckpoint } from './note.ts';
import type { PersonalReader } from './personal/personal-check.ts';
import { personalTables } from './personal/personal-tables.ts';
import { storedTree } from './stored-tree.ts';
import { type Digest, digestOf, type Hash, leafDigest, type ReadKept } from './tree.ts';

/** An entry as it lies in a log. */
export type StoredEntry = {
  bytes: Uint8Array;
  columns?: EntryColumns;
  /** The leaf hash, where one is stored beside the bytes. */
  leaf?: Hash | undefined;
};

/** A log as a verifier reads it, wherever it lies. Nothing it yields is trusted. */
export type LogReader = {
  /** In the order they lie, each exactly as stored; all, or those from the place `from` on. */
  entries(from?: number): Iterable<StoredEntry>;
  /** Signed notes, smallest first; all, or those of more entries than `after`. */
  checkpoints(after?: number): Iterable<string>;
  /** What it takes to verify only the end. */
  tail?: {
    size(): number;
    /** The newest signed note of at most so many entries. */
    noteUpTo(size: number): string | undefined;
    /** The entries before that place that announce a key, the first one included. */
    announcements(before: number): Iterable<Uint8Array>;
  };
  /** What stands apart from the entries, where anything does. */
  personal?: PersonalReader | undefined;
  /** The tree as stored beside the entries, where there is one. */
  nodes?: {
    /** Any complete node; undefined where something it is made of is missing. */
    read(level: number, position: number): Hash | undefined;
    /** Many kept nodes at once, where they lie in a database. */
    kept?: ReadKept;
    /** How many nodes have a row of their own. */
    count(): number;
  };
};

/** The leaf hash of an entry, recomputed. */
export const leafOf = (stored: StoredEntry): Digest =>
  stored instanceof PackedEntry ? stored.digest() : leafDigest(stored.bytes);

/** Whether the leaf stored beside an entry, if there is one, is this. */
export const hasLeaf = (stored: StoredEntry, digest: Digest): boolean =>
  stored instanceof PackedEntry
    ? stored.hasLeaf(digest)
    : stored.leaf === undefined || digestOf(stored.leaf) === digest;

/** Reads the log in a data file. One transaction around the reads makes them one moment while the application writes. */
export function databaseReader(db: Database): LogReader {
  const tree = storedTree(db);
  const columns = `seq, kind, incident, at_ms, ${tree.leaf} AS leaf, bytes`;
  const inRange = `SELECT ${columns} FROM ledger_entry WHERE seq >= ? AND seq < ?`;
  const rows = db.prepare<[number, number], Row>(`${inRange} ORDER BY seq`).raw();
  const pack = db.prepare<[number, number], PackedRows>(packOf(inRange)).raw();
  const following = db
    .prepare<[number], number | null>('SELECT min(seq) FROM ledger_entry WHERE seq >= ?')
    .pluck();
  const checkpoints = db.prepare<[number], { size: unknown; note: unknown }>(
    'SELECT size, note FROM ledger_checkpoint WHERE size > ? ORDER BY size',
  );

  const entriesFrom = (from: number): readonly StoredEntry[] =>
    readPack(() => pack.get(from, from + AT_ONCE)) ?? rows.all(from, from + AT_ONCE).map(storedEntry);

  return {
    *entries(start = 0) {
      let from = following.get(start);
      while (typeof from === 'number') {
        const entries = entriesFrom(from);
        // Faster than `yield*`.
        for (const entry of entries) yield entry;
        const next = from + AT_ONCE;
        // After a gap it goes on where there is something. In a damaged file the places need not rise.
        from = entries.length === AT_ONCE ? next : following.get(next);
        if (typeof from === 'number' && from < next) return;
      }
    },
    *checkpoints(after = -1) {
      // One filed under another size than its own is as good as unreadable.
      for (const { size, note } of checkpoints.iterate(after))
        yield typeof note === 'string' && readCheckpoint(note)?.size === size ? note : '';
    },
    tail: tailReader(db),
    nodes: { read: tree.node, kept: tree.kept, count: tree.count },
    personal: personalTables(db).reader(),
  };
}

function tailReader(db: Database): NonNullable<LogReader['tail']> {
  const size = db.prepare('SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry').pluck();
  const note = db
    .prepare<[number], unknown>(
      'SELECT note FROM ledger_checkpoint WHERE size <= ? ORDER BY size DESC LIMIT 1',
    )
    .pluck();
  const announcements = db
    .prepare<[number, number], unknown>(
      `SELECT bytes FROM (
         SELECT seq, bytes FROM ledger_entry WHERE seq = 0 AND seq < ? UNION ALL
         SELECT seq, bytes FROM ledger_entry
         WHERE kind = 'key' AND kind <> 'signal' AND kind <> 'read' AND kind <> 'model.turn' AND seq < ?)
       ORDER BY seq`,
    )
    .pluck();
  return {
    size: () => Number(size.get()),
    noteUpTo(most) {
      const found = note.get(most);
      return typeof found === 'string' ? found : undefined;
    },
    announcements: (before) => announcements.all(before, before).map(asBytes),
  };
}

/** Entries read at once: one by one takes longer, and all at once would not fit into memory. */
const AT_ONCE = 256;

type Row = [seq: number, kind: string, incident: string | null, atMs: number, leaf: unknown, bytes: unknown];

const storedEntry = ([seq, kind, incident, atMs, leaf, bytes]: Row): StoredEntry => ({
  bytes: asBytes(bytes),
  leaf: asBytes(leaf),
  columns: { seq, kind, incident, atMs },
});

/** Undefined when the pack cannot be read, or its pieces do not make up the whole: then the rows tell what is wrong. */
function readPack(read: () => PackedRows | undefined): StoredEntry[] | undefined {
  try {
    const pack = read();
    return pack && unpacked(pack);
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A damaged file can hold anything anywhere, whatever its schema says. */
const asBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
