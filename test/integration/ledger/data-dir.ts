import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { EntryKind } from '../../../electron/ledger/entry.ts';
import { type Ledger, openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import type { Signer } from '../../../electron/platform/ed25519.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { keyFile, signingKeys } from '../../../electron/vault/keys.ts';

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'countersign-'));

type OpenLog = {
  file: string;
  db: Database;
  ledger: Ledger;
  add(kind: EntryKind, body?: Record<string, string | number>, incident?: string): void;
  close(): void;
};

/** The host's own wiring of a log, on a clock that stands still until told to move. */
export function openLog(
  folder: string,
  realm: 'real' | 'drill' = 'real',
  signer?: () => Signer | undefined,
): OpenLog {
  const keys = signingKeys(keyFile(join(folder, `${realm}-keys.json`)));
  const file = join(folder, dataFiles[realm]);
  const store = openStore(file, migrations);
  const time = steppedClock((error) => {
    throw error;
  }, Date.parse('2026-03-01T10:00:00Z'));
  const ledger = openLedger({
    db: store.db,
    realm,
    clock: time.clock,
    ids: randomIds,
    signer: signer ?? (() => keys.of('ledger')),
  });
  const add: OpenLog['add'] = (kind, body = {}, incident) =>
    void ledger.record({ kind, actor: { kind: 'host', name: 'countersign' }, body, incident });
  const close = () => {
    ledger.close();
    store.close();
  };
  return { file, db: store.db, ledger, add, close };
}

/** A log about two incidents, signed at 1, at each 4 and at the end. Closed, so that others may change it. */
export function smallLog(folder: string, realm: 'real' | 'drill' = 'real', size = 12): string {
  const { file, add, close } = openLog(folder, realm);
  for (let turn = 1; turn < size; turn += 1) {
    add(turn % 4 === 3 ? 'decision' : 'signal', { turn }, turn % 2 === 0 ? 'incident-a' : 'incident-b');
  }
  close();
  return file;
}

/** Changes a data file the way somebody with access to it would: past our code, triggers and all. */
export function tamper(file: string, change: (db: Database) => void): void {
  const db = new SqliteDatabase(file);
  const triggers = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all();
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  db.close();
}
