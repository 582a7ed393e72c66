import type { Database } from 'better-sqlite3';
import { readCheckpoint } from './note.ts';
import type { Hash } from './tree.ts';

/** An entry as it lies in a log. `columns` are what a database keeps beside the bytes to find them by. */
export type StoredEntry = {
  bytes: Uint8Array;
  columns?: { seq: number; kind: string; incident: string | null; atMs: number };
};

/** A log as a verifier reads it, wherever it lies. Nothing it yields is trusted. */
export type LogReader = {
  /** In the order they lie, each exactly as stored. */
  entries(): Iterable<StoredEntry>;
  /** Signed notes, smallest first. */
  checkpoints(): Iterable<string>;
  /** The nodes of the tree as stored beside the entries, where there are any. */
  nodes?: {
    read(level: number, position: number): Hash | undefined;
    /** Those of one level, leftmost first. */
    ofLevel(level: number): Iterable<{ position: number; hash: Hash }>;
    count(): number;
  };
};

/** Reads the log in a data file. One transaction around the reads makes them one moment while the application writes. */
export function databaseReader(db: Database): LogReader {
  const entries = db.prepare<
    [],
    { seq: number; kind: string; incident: string | null; atMs: number; bytes: Buffer }
  >('SELECT seq, kind, incident, at_ms AS atMs, bytes FROM ledger_entry ORDER BY seq');
  const checkpoints = db.prepare<[], { size: unknown; note: unknown }>(
    'SELECT size, note FROM ledger_checkpoint ORDER BY size',
  );
  const node = db.prepare<[number, number], Buffer>(
    'SELECT hash FROM ledger_node WHERE level = ? AND position = ?',
  );
  node.pluck();
  const nodes = db.prepare('SELECT count(*) FROM ledger_node').pluck();

  return {
    *entries() {
      for (const { bytes, ...columns } of entries.iterate()) yield { bytes: asBytes(bytes), columns };
    },
    *checkpoints() {
      // One filed under another size than its own is as good as unreadable.
      for (const { size, note } of checkpoints.iterate())
        yield typeof note === 'string' && readCheckpoint(note)?.size === size ? note : '';
    },
    nodes: {
      read: (level, position) => asHash(node.get(level, position)),
      // A statement can be read once at a time, and the levels are read side by side.
      *ofLevel(level) {
        const inOrder = db.prepare<[number], { position: number; hash: Buffer }>(
          'SELECT position, hash FROM ledger_node WHERE level = ? ORDER BY position',
        );
        for (const { position, hash } of inOrder.iterate(level)) yield { position, hash: asBytes(hash) };
      },
      count: () => Number(nodes.get()),
    },
  };
}

/** A damaged file can hold anything anywhere, whatever its schema says. */
const asBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
const asHash = (value: unknown): Hash | undefined => (value instanceof Uint8Array ? value : undefined);
