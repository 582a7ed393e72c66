/**
 * The index behind ledger queries. It is derived from the entries and lags behind them: `catchUp` brings it forward in
 * batches, outside the transaction that records an entry. It is thrown away when it does not belong to the log it lies
 * beside: a log begun anew, a backup put back, an end cut off.
 */
import { createHash } from 'node:crypto';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { searchTables } from '../../store/migrations/0002-ledger-search.ts';
import { personalTables } from '../personal/personal-tables.ts';
import { type Body, facetTokens, type Indexed, proposalOf, searchText, targetNames } from './search-terms.ts';

/** Entries to a block of times: few enough to look through one by one at either end of a range. */
const BLOCK = 256;

/** `behind`: entries that are recorded but not indexed yet. */
export type CaughtUp = { indexed: number; behind: number };

/** An index that covers the entries `from` up to, not including, `to`. */
export type IndexPart = {
  from: number;
  to: number;
  /** Places that match the FTS5 expression, in order, of at least `low` and at most `high`. */
  matches(expression: string, low: number, high: number, newestFirst: boolean): Iterable<number>;
  /** Runs of places, ascending, outside of which no entry lies in the time range. */
  runs(fromMs: number, toMs: number): { low: number; high: number }[];
};

export type SearchIndex = ReturnType<typeof searchIndex>;

/** The index of one data file. Preparing it reads nothing; on a connection that may not write only `parts` works. */
export function searchIndex(db: Database) {
  const log = logRows(db);
  const personal = personalTables(db);
  let kept: { memory: Database; from: number; to: number; size: number } | undefined;

  /** How far the index got over this very log; 0 when there is none, or one of another log. */
  function covered(): number {
    const hasTables = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'ledger_search_state'").get();
    if (!hasTables) return 0;
    const state = db
      .prepare<[], State>('SELECT covered, first, last FROM ledger_search_state WHERE id = 1')
      .get();
    if (!state || state.covered > log.size()) return 0;
    return isSame(state.first, log.digest(0)) && isSame(state.last, log.digest(state.covered - 1))
      ? state.covered
      : 0;
  }

  /** Throws the index away; the next `catchUp` begins from the first entry. */
  function rebuild(): void {
    db.transaction(() => empty(db)).immediate();
  }

  /** Indexes at most `maxEntries` more entries, in one transaction. Call it again while `behind` is not 0. */
  function catchUp(maxEntries = 2000): CaughtUp {
    // Looked at first without the write lock: mostly there is nothing to do.
    if (covered() === log.size()) return { indexed: 0, behind: 0 };
    return db
      .transaction(() => {
        const from = covered();
        if (from === 0) empty(db);
        const to = Math.min(from + maxEntries, log.size());
        const indexed = fill(db, log.range(from, to), personal.openedBody);
        if (indexed > 0) {
          db.prepare(
            `INSERT INTO ledger_search_state (id, covered, first, last) VALUES (1, @to, @first, @last)
             ON CONFLICT (id) DO UPDATE SET covered = @to, first = @first, last = @last`,
          ).run({ to, first: log.digest(0), last: log.digest(to - 1) });
        }
        return { indexed, behind: log.size() - to };
      })
      .immediate();
  }

  /**
   * What there is to search in: the index, and for entries that it does not cover yet, at most `mostScanned` of the
   * newest, an index in memory made from their bytes. Entries between the two are not searched. The one in memory is
   * kept until the log or the index has moved on, since a chain of causes asks many times.
   */
  function parts(mostScanned: number): IndexPart[] {
    const to = covered();
    const size = log.size();
    const stored = to === 0 ? [] : [partOf(db, 0, to)];
    if (to === size) return stored;
    const from = Math.max(to, size - mostScanned);
    if (kept && kept.to === to && kept.size === size && kept.from === from) {
      return [...stored, partOf(kept.memory, from, size)];
    }
    const memory = new SqliteDatabase(':memory:');
    memory.exec(searchTables);
    if (to > 0) carryProposals(db, memory);
    memory.transaction(() => fill(memory, log.range(from, size), personal.openedBody))();
    kept?.memory.close();
    kept = { memory, from, to, size };
    return [...stored, partOf(memory, from, size)];
  }

  /** Runs `change`, after which the entries at `places` read differently: what they said before is no longer found. */
  function replace(places: readonly number[], change: () => void): void {
    const indexed = places.filter((seq) => seq < covered());
    // Without this, the words stay in the index, only marked as deleted.
    db.exec("INSERT INTO ledger_search (ledger_search, rank) VALUES ('secure-delete', 1)");
    const remove = db.prepare(
      "INSERT INTO ledger_search (ledger_search, rowid, facets, text) VALUES ('delete', ?, ?, ?)",
    );
    const insert = db.prepare('INSERT INTO ledger_search (rowid, facets, text) VALUES (?, ?, ?)');
    for (const row of rowsOf(db, log.at(indexed), personal.openedBody))
      remove.run(row.seq, row.facets, row.text);
    change();
    for (const row of rowsOf(db, log.at(indexed), personal.openedBody))
      insert.run(row.seq, row.facets, row.text);
  }

  return { catchUp, rebuild, covered, parts, replace };
}

/** Puts the values that stand apart from an entry back into its body. */
type Opening = (entry: { kind: string; seq: number; body: Body }) => Body;
type State = { covered: number; first: Buffer; last: Buffer };
type Row = { seq: number; atMs: number; bytes: Buffer };

function logRows(db: Database) {
  const size = db.prepare('SELECT coalesce(max(seq) + 1, 0) FROM ledger_entry').pluck();
  const one = db.prepare<[number], Buffer>('SELECT bytes FROM ledger_entry WHERE seq = ?').pluck();
  const range = db.prepare<[number, number], Row>(
    'SELECT seq, at_ms AS atMs, bytes FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq',
  );
  return {
    size: () => Number(size.get()),
    digest(seq: number): Buffer {
      const bytes = one.get(seq) as Buffer | undefined;
      return createHash('sha256')
        .update(bytes ?? 'none')
        .digest();
    },
    /** In small portions: a connection that reads row by row could not write meanwhile. */
    *at(places: readonly number[]): Generator<Row> {
      for (const seq of places) yield* range.all(seq, seq + 1);
    },
    *range(from: number, to: number): Generator<Row> {
      for (let start = from; start < to; start += PORTION)
        yield* range.all(start, Math.min(start + PORTION, to));
    },
  };
}

const PORTION = 500;

const isSame = (a: Buffer, b: Buffer): boolean => Buffer.compare(a, b) === 0;

function empty(db: Database): void {
  db.exec(`INSERT INTO ledger_search (ledger_search) VALUES ('delete-all');
    DELETE FROM ledger_search_block; DELETE FROM ledger_search_proposal; DELETE FROM ledger_search_state`);
}

function carryProposals(from: Database, to: Database): void {
  const insert = to.prepare('INSERT INTO ledger_search_proposal (id, facets) VALUES (?, ?)');
  const rows = from.prepare<[], { id: string; facets: string }>(
    'SELECT id, facets FROM ledger_search_proposal',
  );
  to.transaction(() => {
    for (const { id, facets } of rows.iterate()) insert.run(id, facets);
  })();
}

function fill(db: Database, rows: Iterable<Row>, openedBody: Opening): number {
  const insert = db.prepare('INSERT INTO ledger_search (rowid, facets, text) VALUES (?, ?, ?)');
  const block = db.prepare(
    `INSERT INTO ledger_search_block (block, from_ms, to_ms) VALUES (@block, @atMs, @atMs)
     ON CONFLICT (block) DO UPDATE SET from_ms = min(from_ms, @atMs), to_ms = max(to_ms, @atMs)`,
  );
  let count = 0;
  const counted = function* () {
    for (const row of rows) {
      block.run({ block: Math.floor(row.seq / BLOCK), atMs: row.atMs });
      count += 1;
      yield row;
    }
  };
  for (const { seq, facets, text } of rowsOf(db, counted(), openedBody)) insert.run(seq, facets, text);
  return count;
}

/** What the index holds of entries. Notes on the way what proposals aim at. */
function* rowsOf(
  db: Database,
  rows: Iterable<Row>,
  openedBody: Opening,
): Generator<{ seq: number; facets: string; text: string }> {
  const keep = db.prepare(
    'INSERT INTO ledger_search_proposal (id, facets) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const kept = db.prepare<[string], string>('SELECT facets FROM ledger_search_proposal WHERE id = ?').pluck();
  for (const { seq, bytes } of rows) {
    const read = readLeniently(bytes);
    if (!read) continue;
    const entry = { ...read, body: openedBody({ seq, ...read }) };
    const own = targetNames(entry.body);
    const { id } = entry.body;
    if (entry.kind === 'proposal' && typeof id === 'string') keep.run(id, JSON.stringify(own));
    const proposal = proposalOf(entry.body);
    const inherited = own.length > 0 || proposal === undefined ? undefined : kept.get(proposal);
    const targets = inherited === undefined ? own : (JSON.parse(inherited) as string[]);
    yield { seq, facets: facetTokens(entry, targets).join(' '), text: searchText(entry.body) };
  }
}

function readLeniently(bytes: Buffer): Indexed | undefined {
  try {
    const { kind, incident, actor, body } = JSON.parse(bytes.toString('utf8'));
    if (typeof body !== 'object' || body === null) return undefined;
    return {
      kind: String(kind),
      incident: typeof incident === 'string' ? incident : null,
      actorKind: String(actor.kind),
      actorName: String(actor.name),
      body,
    };
  } catch {
    // Damaged bytes cannot be asked for by what they hold; the verifier names them.
    return undefined;
  }
}

function partOf(db: Database, from: number, to: number): IndexPart {
  const search = (order: 'ASC' | 'DESC') =>
    db
      .prepare<[string, number, number], number>(
        `SELECT rowid FROM ledger_search WHERE ledger_search MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid ${order}`,
      )
      .pluck();
  return {
    from,
    to,
    matches: (expression, low, high, newestFirst) =>
      search(newestFirst ? 'DESC' : 'ASC').iterate(expression, low, high),
    runs(fromMs, toMs) {
      const blocks = db
        .prepare<[number, number], number>(
          'SELECT block FROM ledger_search_block WHERE to_ms >= ? AND from_ms <= ? ORDER BY block',
        )
        .pluck()
        .all(fromMs, toMs);
      return joined(blocks, from, to);
    },
  };
}

function joined(blocks: readonly number[], from: number, to: number): { low: number; high: number }[] {
  const runs: { low: number; high: number }[] = [];
  for (const block of blocks) {
    const low = Math.max(block * BLOCK, from);
    const high = Math.min((block + 1) * BLOCK, to) - 1;
    const last = runs.at(-1);
    if (last && last.high + 1 === low) last.high = high;
    else runs.push({ low, high });
  }
  return runs;
}
