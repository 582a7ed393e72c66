import type { Database } from 'better-sqlite3';
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
  nodes?: { read(level: number, position: number): Hash | undefined; count(): number };
};

/** Reads the log in a data file. One transaction around the reads makes them one moment while the application writes. */
export function databaseReader(db: Database): LogReader {
  const entries = db.prepare<
    [],
    { seq: number; kind: string; incident: string | null; atMs: number; bytes: Buffer }
  >('SELECT seq, kind, incident, at_ms AS atMs, bytes FROM ledger_entry ORDER BY seq');
  const checkpoints = db.prepare<[], string>('SELECT note FROM ledger_checkpoint ORDER BY size').pluck();
  const node = db.prepare<[number, number], Buffer>(
    'SELECT hash FROM ledger_node WHERE level = ? AND position = ?',
  );
  node.pluck();
  const nodes = db.prepare('SELECT count(*) FROM ledger_node').pluck();

  return {
    *entries() {
      for (const { bytes, ...columns } of entries.iterate()) yield { bytes, columns };
    },
    checkpoints: () => checkpoints.iterate(),
    nodes: { read: (level, position) => node.get(level, position), count: () => Number(nodes.get()) },
  };
}
