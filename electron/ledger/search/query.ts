/**
 * Questions to the ledger of one data file. The index only says where to look: what is answered is read from the stored
 * bytes, strictly, and compared with the question again.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';
import { Actor, EntryKind, type LedgerEntry, parseEntry } from '../entry.ts';
import { personalTables } from '../personal/personal-tables.ts';
import { type IndexPart, searchIndex } from './search-index.ts';
import { facetToken, textExpression } from './search-terms.ts';

const MOST_ANSWERED = 10_000;
const Place = z.number().int().nonnegative();

/** What to ask for; all that is given must hold. `after` is the `next` of the page before. */
export const LedgerQuery = z.strictObject({
  incident: z.string().min(1).max(200).optional(),
  kinds: z.array(EntryKind).min(1).max(EntryKind.options.length).optional(),
  actorKind: Actor.shape.kind.optional(),
  actorName: Actor.shape.name.optional(),
  /** Milliseconds since 1970, both included, on the clock of the realm. */
  fromMs: z.number().optional(),
  toMs: z.number().optional(),
  /** `name`, `namespace`, `cluster`, `namespace/name`, `kind/name` or `cluster/namespace/name`. */
  target: z.string().min(1).max(700).optional(),
  text: z.string().optional(),
  newestFirst: z.boolean().optional(),
  /** 100 unless told otherwise. */
  limit: z.number().int().min(1).max(MOST_ANSWERED).optional(),
  after: Place.optional(),
});
export type LedgerQuery = z.infer<typeof LedgerQuery>;

export type LedgerAnswer = {
  entries: LedgerEntry[];
  /** Give it as `after` for the next page; null when there is none. */
  next: number | null;
  /** Entries that could not be searched because the index is that far behind and cannot be written; null mostly. */
  unsearched: { from: number; to: number } | null;
};

/** More than this many entries that are not indexed are not searched where the index cannot be written. */
const MOST_SCANNED = 20_000;

export type LedgerQueries = ReturnType<typeof ledgerQueries>;

/** The queries of one data file, opened for writing or (`openReadOnly`) only for reading. */
export function ledgerQueries(db: Database) {
  const index = searchIndex(db);
  const personal = personalTables(db);
  const row = db.prepare<[number, number, number], Buffer>(
    'SELECT bytes FROM ledger_entry WHERE seq = ? AND at_ms >= ? AND at_ms <= ?',
  );
  row.pluck();
  const places = (order: 'ASC' | 'DESC') =>
    db
      .prepare<[number, number], number>(
        `SELECT seq FROM ledger_entry WHERE seq >= ? AND seq <= ? ORDER BY seq ${order}`,
      )
      .pluck();
  const ascending = places('ASC');
  const descending = places('DESC');

  /** Brings the index up to date where this connection may write. */
  function catchUp(): void {
    if (db.readonly) return;
    while (index.catchUp().behind > 0);
  }

  /** Throws `bad_input` for a question that makes no sense, `storage` when an entry that answers it is damaged. */
  function query(question: LedgerQuery): LedgerAnswer {
    const asked = checked(question);
    const expression = expressionOf(asked);
    if (expression !== undefined || isTimed(asked)) catchUp();
    return db.transaction(() => answer(asked, expression)).deferred();
  }

  function answer(asked: LedgerQuery, expression: string | undefined): LedgerAnswer {
    const { newestFirst = false, limit = 100, fromMs = -ALL, toMs = ALL } = asked;
    if (expression === undefined && !isTimed(asked)) {
      const plain: IndexPart = { from: 0, to: ALL, matches: () => [], runs: () => [{ low: 0, high: ALL }] };
      return { ...page([plain]), unsearched: null };
    }
    const parts = index.parts(MOST_SCANNED);
    return { ...page(parts), unsearched: gapIn(parts) };

    function page(from: readonly IndexPart[]): Omit<LedgerAnswer, 'unsearched'> {
      const entries: LedgerEntry[] = [];
      for (const seq of found(from)) {
        const bytes = row.get(seq, fromMs, toMs);
        const entry = bytes && read(seq, bytes);
        if (!entry || !answers(entry, asked)) continue;
        if (entries.length === limit) return { entries, next: entries.at(-1)?.seq ?? null };
        entries.push(entry);
      }
      return { entries, next: null };
    }

    function* found(from: readonly IndexPart[]): Generator<number> {
      const low = newestFirst || asked.after === undefined ? 0 : asked.after + 1;
      const high = newestFirst && asked.after !== undefined ? asked.after - 1 : ALL;
      for (const part of newestFirst ? from.toReversed() : from) {
        const runs = isTimed(asked) ? part.runs(fromMs, toMs) : [{ low: part.from, high: part.to }];
        for (const run of newestFirst ? runs.toReversed() : runs) {
          const from = Math.max(run.low, low);
          const to = Math.min(run.high, high);
          if (from > to) continue;
          if (expression !== undefined) yield* part.matches(expression, from, to, newestFirst);
          else yield* (newestFirst ? descending : ascending).iterate(from, to);
        }
      }
    }
  }

  function read(seq: number, bytes: Buffer): LedgerEntry {
    try {
      const entry = parseEntry(bytes);
      if (entry.seq !== seq) throw new Error(`it says that it is entry ${entry.seq}.`);
      return personal.opened(entry);
    } catch (error) {
      throw new Failure(
        'storage',
        `Entry ${seq} of the ledger in ${db.name} is damaged: ${messageOf(error)} Keep a copy and find what is wrong with \`ledger verify\`.`,
        error,
      );
    }
  }

  /** The entry at a place. Throws `not_found` when the log is not that long. */
  function entryAt(seq: number): LedgerEntry {
    const bytes = row.get(seq, -ALL, ALL);
    if (bytes) return read(seq, bytes);
    throw new Failure('not_found', `There is no entry ${seq} in the ledger in ${db.name}.`);
  }

  /** The nearest entry before `before` that introduced an id: of a proposal, a read, a hypothesis, an incident. */
  function introducing(id: string, before: number): LedgerEntry | undefined {
    return nearest(`facets : "${facetToken(['names', id])}"`, before);
  }

  /** The nearest entry of a kind and incident before a place. */
  function lastOf(kind: EntryKind, incident: string, before: number): LedgerEntry | undefined {
    return nearest(`facets : "${facetToken(['kind', kind], ['incident', incident])}"`, before);
  }

  function nearest(expression: string, before: number): LedgerEntry | undefined {
    if (before <= 0) return undefined;
    catchUp();
    const parts = index.parts(MOST_SCANNED);
    for (const part of parts.toReversed()) {
      for (const seq of part.matches(expression, part.from, Math.min(part.to, before - 1), true)) {
        return entryAt(seq);
      }
    }
    return undefined;
  }

  return { query, entryAt, introducing, lastOf, catchUp: index.catchUp, rebuild: index.rebuild };
}

const ALL = Number.MAX_SAFE_INTEGER;

function checked(question: LedgerQuery): LedgerQuery {
  const parsed = LedgerQuery.safeParse(question);
  if (!parsed.success)
    throw new Failure('bad_input', `This cannot be asked of the ledger: ${z.prettifyError(parsed.error)}`);
  const { fromMs, toMs } = parsed.data;
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw new Failure('bad_input', 'The time range ends before it begins; exchange from and to.');
  return parsed.data;
}

const isTimed = ({ fromMs, toMs }: LedgerQuery): boolean => fromMs !== undefined || toMs !== undefined;

/** Undefined when only place and time are asked for. */
function expressionOf({ actorKind, actorName, kinds, incident, target, text }: LedgerQuery) {
  const fixed = (kind?: EntryKind) => {
    const facets = [
      ...(actorKind === undefined ? [] : [['actorKind', actorKind] as const]),
      ...(actorName === undefined ? [] : [['actorName', actorName] as const]),
      ...(kind === undefined ? [] : [['kind', kind] as const]),
      ...(incident === undefined ? [] : [['incident', incident] as const]),
    ];
    return facets.length === 0 ? [] : [`"${facetToken(...facets)}"`];
  };
  const own = kinds ? kinds.flatMap(fixed) : fixed();
  const terms = [
    ...(own.length === 0 ? [] : [`facets : (${own.join(' OR ')})`]),
    ...(target === undefined ? [] : [`facets : "${facetToken(['target', target.toLowerCase()])}"`]),
    ...(text === undefined ? [] : [textExpression(text)]),
  ];
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

/** The index is derived, so what it found is asked again; only target and text are its word alone. */
const answers = (entry: LedgerEntry, { incident, kinds, actorKind, actorName }: LedgerQuery): boolean =>
  (incident === undefined || entry.incident === incident) &&
  (kinds === undefined || kinds.includes(entry.kind)) &&
  (actorKind === undefined || entry.actor.kind === actorKind) &&
  (actorName === undefined || entry.actor.name === actorName);

function gapIn(parts: readonly IndexPart[]): LedgerAnswer['unsearched'] {
  let from = 0;
  for (const part of parts) {
    if (part.from > from) return { from, to: part.from - 1 };
    from = part.to;
  }
  return null;
}
