import { ActorKind, EntryKind, type LedgerEntry } from '../ledger/entry.ts';
import { entriesCsv } from '../ledger/search/entries-csv.ts';
import { type LedgerQuery, ledgerQueries } from '../ledger/search/query.ts';
import { sentenceOf, type WhyStep, why, whyLines } from '../ledger/search/why.ts';
import { Failure } from '../platform/failure.ts';
import { type Which, withStoredLog } from './stored-log.ts';

export type StoredQuery = Which &
  Pick<LedgerQuery, 'fromMs' | 'toMs' | 'target' | 'text' | 'newestFirst' | 'limit' | 'after'> & {
    kinds?: string[] | undefined;
    /** A name, a kind of actor, or `kind:name`. */
    actor?: string | undefined;
    as: 'text' | 'json' | 'csv';
  };
export type Found = { text: string; next: number | null; unsearched: { from: number; to: number } | null };

/** Entries of a stored log, also while the application runs. @throws Failure `bad_input` for a query that is none. */
export function queryStored(dataDir: string, { as, actor, realm, kinds, ...query }: StoredQuery): Found {
  return withStoredLog(dataDir, { realm, incident: query.incident }, (db) => {
    const asked = { ...query, kinds: kinds?.map(kindOf), ...actorOf(actor) };
    const { entries, next, unsearched } = ledgerQueries(db).query(asked);
    return { text: written(entries, as), next, unsearched };
  });
}

/** What led to an entry of a stored log. @throws Failure `not_found` when there is no such entry. */
export function whyStored(dataDir: string, which: Which, seq: number): { step: WhyStep; lines: string[] } {
  return withStoredLog(dataDir, which, (db) => {
    const step = why(ledgerQueries(db), seq);
    return { step, lines: whyLines(step) };
  });
}

function written(entries: readonly LedgerEntry[], as: StoredQuery['as']): string {
  if (as === 'json') return `${JSON.stringify(entries, null, 2)}\n`;
  if (as === 'csv') return entriesCsv(entries);
  return entries.map((entry) => `${entry.seq}  ${entry.at}  ${sentenceOf(entry)}\n`).join('');
}

function kindOf(kind: string): EntryKind {
  const parsed = EntryKind.safeParse(kind);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_input',
    `There is no kind ${JSON.stringify(kind)}. Known: ${EntryKind.options.join(', ')}`,
  );
}

function actorOf(actor: string | undefined): Pick<LedgerQuery, 'actorKind' | 'actorName'> {
  if (actor === undefined) return {};
  const [, before = actor, after] = /^([^:]+):(.+)$/s.exec(actor) ?? [];
  const kind = ActorKind.safeParse(before).data;
  if (!kind) return { actorName: actor };
  return after === undefined ? { actorKind: kind } : { actorKind: kind, actorName: after };
}
