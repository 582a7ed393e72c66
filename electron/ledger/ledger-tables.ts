import type { Database } from 'better-sqlite3';
import { Failure, messageOf } from '../platform/failure.ts';
import { type EntryKind, type LedgerEntry, parseEntry } from './entry.ts';
import type { Hash, TreeNode } from './tree.ts';

export type EntryFilter = {
  /** Only entries after this place. */
  after?: number | undefined;
  /** Only entries before this place. */
  before?: number | undefined;
  /** 500 unless told otherwise. */
  limit?: number | undefined;
  incident?: string | undefined;
  kind?: EntryKind | undefined;
  /** Newest first; oldest first otherwise. */
  newestFirst?: boolean | undefined;
};

const FEW = 500;

const BEGUN = 'ledger.begun';

/** Whether a log was ever begun in this data file. It is noted beside the log, so that an emptied log is not a new one. */
export const hasBegun = (db: Database): boolean =>
  db.prepare('SELECT 1 FROM setting WHERE name = ?').get(BEGUN) !== undefined;

/** The SQL of the ledger. Rows are parsed strictly on the way out, for the file may have been edited by anyone. */
export function ledgerTables(db: Database) {
  const count = db.prepare('SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry').pluck();
  const one = db.prepare('SELECT bytes FROM ledger_entry WHERE seq = ?').pluck();
  const ofKind = db.prepare('SELECT bytes FROM ledger_entry WHERE kind = ? ORDER BY seq LIMIT 1').pluck();
  // One statement for each combination of filters, so that each can use its index; prepared when first wanted.
  const selects = new Map<string, ReturnType<typeof db.prepare>>();
  const selecting = (where: string, order: 'ASC' | 'DESC') => {
    const sql = `SELECT bytes FROM ledger_entry WHERE seq > @after AND seq < @before ${where} ORDER BY seq ${order} LIMIT @limit`;
    const known = selects.get(sql) ?? db.prepare(sql).pluck();
    selects.set(sql, known);
    return known;
  };
  const insertEntry = db.prepare(
    `INSERT INTO ledger_entry (seq, kind, incident, at_ms, bytes) VALUES (@seq, @kind, @incident, @atMs, @bytes)`,
  );
  const insertNode = db.prepare(
    'INSERT INTO ledger_node (level, position, hash) VALUES (@level, @position, @hash)',
  );
  const oneNode = db.prepare('SELECT hash FROM ledger_node WHERE level = ? AND position = ?').pluck();
  const insertNote = db.prepare(
    'INSERT INTO ledger_checkpoint (size, at_ms, note) VALUES (@size, @atMs, @note)',
  );
  const lastNote = db.prepare<[], { size: number; note: string }>(
    'SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1',
  );

  const parsed = (bytes: unknown): LedgerEntry | undefined => {
    if (!(bytes instanceof Uint8Array)) return undefined;
    try {
      return parseEntry(bytes);
    } catch (error) {
      throw damaged(messageOf(error), error);
    }
  };
  const damaged = (how: string, cause?: unknown) =>
    new Failure(
      'storage',
      `The ledger in ${db.name} is damaged: ${how} Keep a copy and find what is wrong with \`ledger verify\`.`,
      cause,
    );

  const noteBegun = db.prepare(
    "INSERT INTO setting (name, body) VALUES (?, 'true') ON CONFLICT (name) DO NOTHING",
  );

  return {
    noteBegun: () => void noteBegun.run(BEGUN),
    size: (): number => Number(count.get()),
    entry: (seq: number) => parsed(one.get(seq)),
    firstOfKind: (kind: EntryKind) => parsed(ofKind.get(kind)),
    select(filter: EntryFilter): LedgerEntry[] {
      const { after = -1, before = Number.MAX_SAFE_INTEGER, limit = FEW, incident, kind } = filter;
      const where = `${incident === undefined ? '' : 'AND incident = @incident'} ${kind === undefined ? '' : 'AND kind = @kind'}`;
      return selecting(where, filter.newestFirst ? 'DESC' : 'ASC')
        .all({
          after,
          before,
          limit,
          ...(incident !== undefined && { incident }),
          ...(kind !== undefined && { kind }),
        })
        .map(parsed)
        .filter((entry) => entry !== undefined);
    },
    node(level: number, position: number): Hash {
      const hash = oneNode.get(level, position);
      if (!(hash instanceof Uint8Array)) throw damaged(`node ${position} of level ${level} is missing.`);
      return hash;
    },
    insert({ entry, atMs, bytes, nodes }: Insertion): void {
      insertEntry.run({ seq: entry.seq, kind: entry.kind, incident: entry.incident ?? null, atMs, bytes });
      for (const node of nodes) insertNode.run(node);
    },
    /**
     * Empties the log. Only for one that a new log takes the place of; must run in the transaction that begins that one.
     * The triggers that forbid it are put back as they were.
     */
    clear(): void {
      const triggers = db
        .prepare<[], { name: string; sql: string }>(
          "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'ledger\\_%\\_no\\_delete' ESCAPE '\\'",
        )
        .all();
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
      for (const part of ['entry', 'node', 'checkpoint']) db.exec(`DELETE FROM ledger_${part}`);
      for (const { sql } of triggers) db.exec(sql);
    },
    latestCheckpoint: () => lastNote.get(),
    insertCheckpoint: (row: { size: number; atMs: number; note: string }) => void insertNote.run(row),
  };
}

type Insertion = { entry: LedgerEntry; atMs: number; bytes: Uint8Array; nodes: readonly TreeNode[] };
