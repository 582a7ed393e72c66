import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeEntry } from '../../../electron/ledger/entry.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { signCheckpoint, toBase64 } from '../../../electron/ledger/note.ts';
import { append, emptyFrontier, frontierAt, leafHash, rootOf } from '../../../electron/ledger/tree.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openReadOnly, openStore } from '../../../electron/store/open-store.ts';
import { tamper, temporaryDirectory } from './data-dir.ts';

const START_MS = Date.parse('2026-03-01T10:00:00Z');
const ORIGIN = 'countersign.local/real/log-1';
const key = signerOf(newPrivateKey());
let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryDirectory();
  file = join(folder, 'countersign.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A log as data version 2 kept it: every complete node has a row, the leaves too. */
function writeOldLog(size: number): void {
  const { db, close } = openStore(file, migrations.slice(0, 2));
  const insertEntry = db.prepare(
    'INSERT INTO ledger_entry (seq, kind, incident, at_ms, bytes) VALUES (?, ?, ?, ?, ?)',
  );
  const insertNode = db.prepare('INSERT INTO ledger_node VALUES (@level, @position, @hash)');
  let frontier = emptyFrontier;
  for (let seq = 0; seq < size; seq += 1) {
    const kind = seq === 0 ? 'log.opened' : 'signal';
    const incident = seq === 0 ? undefined : `incident-${seq % 3}`;
    const { bytes } = encodeEntry({
      v: 1,
      seq,
      kind,
      incident,
      at: new Date(START_MS + seq).toISOString(),
      realm: 'real',
      actor: { kind: 'host', name: 'countersign' },
      body: seq === 0 ? { origin: ORIGIN, publicKey: toBase64(key.publicKey) } : { seq },
    });
    insertEntry.run(seq, kind, incident ?? null, START_MS + seq, bytes);
    const added = append(frontier, leafHash(bytes));
    frontier = added.frontier;
    for (const node of added.completed) insertNode.run(node);
  }
  const note = signCheckpoint({ origin: ORIGIN, size, root: rootOf(frontier) }, key);
  db.prepare('INSERT INTO ledger_checkpoint VALUES (?, ?, ?)').run(size, START_MS, note);
  close();
}

const open = (db: InstanceType<typeof SqliteDatabase>) =>
  openLedger({
    db,
    realm: 'real',
    clock: steppedClock(() => {}, START_MS).clock,
    ids: (kind) => `${kind}-2`,
    signer: () => key,
  });

it('a log of the schema before holds as it lies, without being brought up to date', () => {
  writeOldLog(700);
  const before = verifyDataFile(file);
  expect(before).toMatchObject({ ok: true, size: 700, signedSize: 700 });
  const { db, close } = openReadOnly(file);
  const node = databaseReader(db).nodes?.read ?? (() => undefined);
  const root = rootOf(frontierAt(700, (level, position) => node(level, position) ?? new Uint8Array()));
  expect(Buffer.from(root).toString('hex')).toBe(before.rootHex);
  close();
  tamper(file, (edited) =>
    edited.exec('UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND position = 9'),
  );
  expect(verifyDataFile(file)).toMatchObject({ ok: false, problems: [{ how: 'altered', seq: 9 }] });
});

it('a log of the schema before is the same log afterwards, goes on, and is still only added to', () => {
  writeOldLog(700);
  const before = verifyDataFile(file);
  const { db, close } = openStore(file, migrations);
  expect(db.prepare('SELECT level, count(*) FROM ledger_node GROUP BY level').raw().all()).toEqual([[8, 2]]);
  const ledger = open(db);
  expect(ledger.head()).toMatchObject({ size: 700, rootHex: before.rootHex, signed: true, brokenBy: null });
  expect(ledger.entries({ incident: 'incident-2', limit: 1000 })).toHaveLength(233);
  ledger.record({ kind: 'decision', actor: { kind: 'person', name: 'Ada' }, body: {} });
  expect(ledger.head()).toMatchObject({ size: 701, signed: true });
  for (const table of ['ledger_entry', 'ledger_node', 'ledger_checkpoint']) {
    expect(() => db.exec(`DELETE FROM ${table}`), table).toThrow('append-only');
  }
  expect(() => db.exec('UPDATE ledger_entry SET leaf = zeroblob(32)')).toThrow('append-only');
  expect(() => db.exec('UPDATE ledger_node SET level = 9')).toThrow('append-only');
  ledger.close();
  close();
  expect(verifyDataFile(file)).toMatchObject({ ok: true, size: 701, signedSize: 701 });
});

it('a hash that was lost or changed before is still missed afterwards', () => {
  writeOldLog(300);
  copyFileSync(file, `${file}.copy`);
  tamper(file, (db) => db.exec('DELETE FROM ledger_node WHERE level = 0 AND position = 7'));
  openStore(file, migrations).close();
  expect(verifyDataFile(file)).toMatchObject({ ok: false, problems: [{ how: 'altered', seq: 7 }] });
  tamper(`${file}.copy`, (db) =>
    db.exec('UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 8 AND position = 0'),
  );
  openStore(`${file}.copy`, migrations).close();
  expect(verifyDataFile(`${file}.copy`)).toMatchObject({ ok: false, problems: [{ how: 'altered', seq: 0 }] });
});
