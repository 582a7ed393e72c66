import type { Database } from 'better-sqlite3';
import { Failure, messageOf } from '../platform/failure.ts';
import { type EntryKind, type LedgerEntry, parseEntry } from './entry.ts';
import { readCheckpoint } from './note.ts';
import type { Apart } from './personal/personal.ts';
import { personalTables } from './personal/personal-tables.ts';
import { storedTree } from './stored-tree.ts';
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
/** Entries to a block of the index by incident, as data version 3 made it. */
const BLOCK = 256;

const BEGUN = 'ledger.begun';

/** Whether a log was ever begun in this data file. It is noted beside the log, so that an emptied log is not a new one. */
export const hasBegun = (db: Database): boolean =>
  db.prepare('SELECT 1 FROM setting WHERE name = ?').get(BEGUN) !== undefined;

/** The SQL of the ledger. Rows are parsed strictly on the way out, for the file may have been edited by anyone. */
export function ledgerTables(db: Database) {
  const personal = personalTables(db);
  const count = db.prepare('SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry').pluck();
  const one = db.prepare('SELECT bytes FROM ledger_entry WHERE seq = ?').pluck();
  // One statement for each combination of filters, so that each can use its index; prepared when first wanted.
  const selects = new Map<string, ReturnType<typeof db.prepare>>();
  const selecting = (where: string, order: 'ASC' | 'DESC') => {
    const sql = `SELECT bytes FROM ledger_entry WHERE seq > @after AND seq < @before ${where} ORDER BY seq ${order} LIMIT @limit`;
    const known = selects.get(sql) ?? db.prepare(sql).pluck();
    selects.set(sql, known);
    return known;
  };

  /** The index by incident begins anew with each block, so the blocks are asked one after the other. */
  function* blocks(after: number, before: number, newestFirst: boolean): Generator<number> {
    const first = Math.floor((after + 1) / BLOCK);
    const last = Math.floor((Math.min(before, Number(count.get())) - 1) / BLOCK);
    for (let step = 0; step <= last - first; step += 1) yield newestFirst ? last - step : first + step;
  }
  const inserting = (rows: number) =>
    db.prepare<[unknown[]]>(
      `INSERT INTO ledger_entry (seq, kind, incident, at_ms, leaf, bytes) VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, ?)').join()}`,
    );
  const insertOne = inserting(1);
  const insertSome = inserting(SOME);
  const insertNode = db.prepare(
    'INSERT INTO ledger_node (level, position, hash) VALUES (@level, @position, @hash)',
  );
  const tree = storedTree(db);
  const changes = db.prepare('PRAGMA data_version').pluck();
  const insertNote = db.prepare(
    'INSERT INTO ledger_checkpoint (size, at_ms, note) VALUES (@size, @atMs, @note)',
  );
  const lastNote = db
    .prepare<[], string>('SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1')
    .pluck();

  const parsed = (bytes: unknown): LedgerEntry | undefined => {
    if (!(bytes instanceof Uint8Array)) return undefined;
    try {
      return parseEntry(bytes);
    } catch (error) {
      throw damaged(messageOf(error), error);
    }
  };
  const read = (bytes: unknown): LedgerEntry | undefined => {
    const entry = parsed(bytes);
    return entry && personal.opened(entry);
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
    /** Another number whenever another connection has changed the file. */
    changesByOthers: (): number => Number(changes.get()),
    entry: (seq: number) => read(one.get(seq)),
    select(filter: EntryFilter): LedgerEntry[] {
      const { after = -1, before = Number.MAX_SAFE_INTEGER, limit = FEW, incident, kind } = filter;
      const { newestFirst = false } = filter;
      const byIncident = incident === undefined ? '' : `AND seq / ${BLOCK} = @block AND incident = @incident`;
      const where = kind === undefined ? byIncident : `${byIncident || ofRare(kind)} AND kind = @kind`;
      const statement = selecting(where, newestFirst ? 'DESC' : 'ASC');
      const asked = { after, before, ...(kind !== undefined && { kind }) };
      const found: unknown[] = [];
      if (incident === undefined) found.push(...statement.all({ ...asked, limit }));
      for (const block of incident === undefined ? [] : blocks(after, before, newestFirst)) {
        if (found.length >= limit) break;
        found.push(...statement.all({ ...asked, incident, block, limit: limit - found.length }));
      }
      return found.map(read).filter((entry) => entry !== undefined);
    },
    node(level: number, position: number): Hash {
      const hash = tree.node(level, position);
      if (!hash) throw damaged(`node ${position} of level ${level} is missing.`);
      return hash;
    },
    insert(rows: readonly Insertion[]): void {
      let from = 0;
      for (; from + SOME <= rows.length; from += SOME) insertSome.run(valuesOf(rows, from, from + SOME));
      for (; from < rows.length; from += 1) insertOne.run(valuesOf(rows, from, from + 1));
      for (const { nodes } of rows) for (const node of nodes) insertNode.run(node);
    },
    /** Stores what was set apart from an entry, and answers with the entry as people read it. */
    setApart(entry: LedgerEntry, apart: readonly Apart[]): LedgerEntry {
      personal.insert(entry.seq, apart);
      const values = apart.map(({ member, value }) => [
        member,
        JSON.parse(Buffer.from(value).toString('utf8')),
      ]);
      return { ...entry, body: { ...entry.body, ...Object.fromEntries(values) } };
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
      for (const part of ['entry', 'node', 'checkpoint', 'personal']) db.exec(`DELETE FROM ledger_${part}`);
      for (const { sql } of triggers) db.exec(sql);
    },
    /** What the note itself says of its size: the column beside it anyone may have changed. */
    latestCheckpoint(): { size: number; note: string } | undefined {
      const note = lastNote.get();
      return note === undefined ? undefined : { size: readCheckpoint(note)?.size ?? 0, note };
    },
    insertCheckpoint: (row: { size: number; atMs: number; note: string }) => void insertNote.run(row),
  };
}

/** Rows to a statement where there are that many: each statement of its own costs as much as writing its row. */
const SOME = 20;

function valuesOf(rows: readonly Insertion[], from: number, to: number): unknown[] {
  const values: unknown[] = [];
  for (let index = from; index < to; index += 1) {
    const row = rows[index];
    if (row)
      values.push(row.entry.seq, row.entry.kind, row.entry.incident ?? null, row.atMs, row.leaf, row.bytes);
  }
  return values;
}

export type Insertion = {
  entry: LedgerEntry;
  atMs: number;
  leaf: Hash;
  bytes: Uint8Array;
  /** The nodes to keep that it made complete. */
  nodes: readonly TreeNode[];
};

/** What comes by the thousand has no index by kind; the words are those of that index, or it would not be used. */
const ofRare = (kind: EntryKind): string =>
  FREQUENT.has(kind) ? '' : "AND kind <> 'signal' AND kind <> 'read' AND kind <> 'model.turn'";
const FREQUENT: ReadonlySet<EntryKind> = new Set(['signal', 'read', 'model.turn']);
