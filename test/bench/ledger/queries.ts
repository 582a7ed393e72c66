import { type LedgerQuery, ledgerQueries } from '../../../electron/ledger/search/query.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { type Measurement, percentile, timed } from './measurement.ts';
import { filledLog } from './setup.ts';

const ROUNDS = 40;

/** One question of each sort, asked of a log whose index is up to date; how long that takes to build stands beside. */
export function queries(folder: string, entries: number): Measurement {
  const file = filledLog(folder, 'queries', entries);
  const store = openStore(file, migrations);
  const { query } = ledgerQueries(store.db);
  const indexingMs = timed(() => void query({ text: 'checkout', limit: 1 }));
  const middleMs = Number(
    store.db
      .prepare('SELECT at_ms FROM ledger_entry WHERE seq = ?')
      .pluck()
      .get(Math.floor(entries / 2)),
  );
  const questions: Readonly<Record<string, LedgerQuery>> = {
    'by incident': { incident: 'inc-7', newestFirst: true },
    'by kind, from the middle': { kinds: ['read'], after: Math.floor(entries / 2) },
    'by actor': { actorKind: 'analyst', actorName: 'model', newestFirst: true },
    'by two things': { incident: 'inc-7', kinds: ['read'], newestFirst: true },
    'by time': { fromMs: middleMs },
    'by a word in every entry': { text: 'metrics', newestFirst: true },
    'by a word in none': { text: 'zeppelin' },
  };
  const worst = Object.entries(questions).map(([what, question]) => {
    if ((query(question).entries.length === 0) !== (what === 'by a word in none')) {
      throw new Error(`The query ${what} answers something else than it should`);
    }
    const tookMs = Array.from({ length: ROUNDS }, () => timed(() => void query(question)));
    return { what, value: percentile(tookMs, 0.95), unit: 'ms (p95)' };
  });
  store.close();
  return {
    title: `Queries of a log of ${entries} entries, at most 100 answers each`,
    numbers: [...worst, { what: 'index of all entries, built once', value: indexingMs / 1000, unit: 's' }],
    targets: [{ says: 'each p95 under 50 ms', met: worst.every(({ value }) => value < 50) }],
  };
}
