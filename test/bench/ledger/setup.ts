import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type Ledger, type NewEntry, openLedger } from '../../../electron/ledger/log.ts';
import type { Clock } from '../../../electron/platform/clock.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';

/** The machine's time, without the timer: what is signed is then what was asked for. */
const clock: Clock = { now: () => Date.now(), every: () => () => {} };

/** A log as the host opens it, in a data file of its own, signed by a key in memory. */
export function openedLog(
  folder: string,
  name: string,
): { file: string; db: Database; ledger: Ledger; close(): void } {
  const file = join(folder, `${name}.db`);
  const store = openStore(file, migrations);
  const key = signerOf(newPrivateKey());
  const ledger = openLedger({ db: store.db, realm: 'real', clock, ids: randomIds, signer: () => key });
  return {
    file,
    db: store.db,
    ledger,
    close() {
      ledger.close();
      store.close();
    },
  };
}

/** A table with nothing but the bytes, in a data file opened the same way: what the same durability costs without a log. */
export function plainTable(
  folder: string,
  name: string,
): { insert(rows: readonly Uint8Array[]): void; close(): void } {
  const store = openStore(join(folder, `${name}.db`), migrations);
  store.db.exec('CREATE TABLE plain (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
  const one = store.db.prepare('INSERT INTO plain (bytes) VALUES (?)');
  const group = store.db.transaction((rows: readonly Uint8Array[]) => {
    for (const row of rows) one.run(row);
  });
  return { insert: (rows) => group.immediate(rows), close: () => store.close() };
}

/** The bytes as they were stored, from the entry at `from` on. */
export const storedBytes = (db: Database, from: number): Buffer[] =>
  db
    .prepare<[number], Buffer>('SELECT bytes FROM ledger_entry WHERE seq >= ? ORDER BY seq')
    .pluck()
    .all(from);

/** What a person's decision looks like on record: about 600 bytes of body. */
export const decision = (turn: number): NewEntry => ({
  kind: 'decision',
  incident: `inc-${turn % 50}`,
  actor: { kind: 'person', name: 'Ada Lovelace' },
  body: {
    proposal: `prp-${turn}`,
    decision: turn % 3 === 0 ? 'refused' : 'approved',
    reason: 'The error rate rose with the release at 10:02 and fell in the canary that was rolled back.',
    shown: {
      digest: digest(turn),
      tier: 'T2',
      seconds: 41,
      rules: ['two-person', 'blast-radius', 'reversible'],
    },
    envelope: { version: 7, digest: digest(turn + 1) },
    signature: { key: digest(turn + 2), value: digest(turn + 3) + digest(turn + 4) },
  },
});

/** What the gateway records of a reading. */
export const read = (turn: number): NewEntry => ({
  kind: 'read',
  incident: `inc-${turn % 50}`,
  actor: { kind: 'analyst', name: 'model' },
  body: {
    tool: 'metrics.query',
    arguments: {
      query: `sum(rate(http_requests_total{job="checkout-${turn % 9}"}[5m])) by (code)`,
      stepS: 15,
    },
    digest: digest(turn),
    rows: turn % 240,
    tookMs: turn % 97,
  },
});

const digest = (turn: number): string =>
  (turn * 2_654_435_761).toString(16).padStart(16, '0').repeat(4).slice(0, 64);

/** The data file of a log with this many readings, closed. */
export function filledLog(folder: string, name: string, entries: number): string {
  const { file, ledger, close } = openedLog(folder, name);
  const GROUP = 5_000;
  for (let from = 1; from < entries; from += GROUP) {
    const length = Math.min(GROUP, entries - from);
    ledger.record(Array.from({ length }, (_, index) => read(from + index)));
    ledger.checkpoint();
  }
  close();
  return file;
}
