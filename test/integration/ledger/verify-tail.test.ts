import { rmSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseReader, type LogReader } from '../../../electron/ledger/log-reader.ts';
import { verifyAtStart, verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { verifyTail } from '../../../electron/ledger/verify/verify-tail.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { openLog, smallLog, tamper, temporaryDirectory } from './data-dir.ts';

const SIZE = 200_000;
const folder = temporaryDirectory();
let file: string;

/** 200 000 entries, signed at every 500, with a new key half way and entries that are not signed yet at the end. */
beforeAll(() => {
  let key = signerOf(newPrivateKey());
  const log = openLog(folder, 'real', () => key);
  file = log.file;
  const reading = (turn: number) => ({
    kind: 'read' as const,
    actor: { kind: 'analyst' as const, name: 'model' },
    incident: `incident-${turn % 7}`,
    body: { turn },
  });
  for (let size = log.ledger.head().size; size < SIZE; size = log.ledger.head().size) {
    log.ledger.record(
      Array.from({ length: Math.min(500, SIZE - size) }, (_, index) => reading(size + index)),
    );
    if (size < SIZE - 500) log.ledger.checkpoint();
    if (size < SIZE / 2 || size >= SIZE / 2 + 500) continue;
    const next = signerOf(newPrivateKey());
    log.ledger.rotateKey({ log: next }, { kind: 'person', name: 'Ada' }, 'as planned');
    key = next;
  }
  // Closed without a word, as a killed process would: the last entries stay unsigned.
  log.db.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads the file through a reader that counts what it hands out. */
function counted<T>(use: (reader: LogReader) => T): { answer: T; entries: number; nodes: number } {
  const { db, close } = openReadOnly(file);
  const reader = databaseReader(db);
  const count = { entries: 0, nodes: 0 };
  try {
    const answer = use({
      ...reader,
      *entries(from) {
        for (const entry of reader.entries(from)) {
          count.entries += 1;
          yield entry;
        }
      },
      nodes: {
        count: () => reader.nodes?.count() ?? 0,
        read(level, position) {
          count.nodes += 1;
          return reader.nodes?.read(level, position);
        },
      },
    });
    return { answer, ...count };
  } finally {
    close();
  }
}

describe('a start with 200 000 entries', () => {
  it('reads the tail and a few nodes of the tree, and finds the same as a verification of everything', () => {
    const { answer, entries, nodes } = counted(verifyTail);
    expect(entries).toBeGreaterThanOrEqual(1000);
    expect(entries).toBeLessThanOrEqual(2000);
    expect(nodes).toBeLessThan(40);
    const whole = verifyDataFile(file);
    expect(whole).toMatchObject({ ok: true, size: SIZE });
    expect(answer).toEqual(whole);
    expect(verifyAtStart(file)).toEqual({ isWhole: false, found: whole });
  });
});

describe('a change that is committed', () => {
  const flip = (seq: number) => (db: Database) =>
    db
      .prepare(
        "UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'turn', 'torn') AS BLOB) WHERE seq = ?",
      )
      .run(seq);

  it.each<[string, (db: Database) => void]>([
    ['an entry of the tail', flip(SIZE - 5)],
    [
      'a leaf of the tail',
      (db) => db.exec(`UPDATE ledger_entry SET leaf = zeroblob(32) WHERE seq = ${SIZE - 900}`),
    ],
    [
      'where an entry of the tail is filed',
      (db) => db.exec(`UPDATE ledger_entry SET at_ms = at_ms + 1 WHERE seq = ${SIZE - 900}`),
    ],
    [
      'an entry of the tail that is gone',
      (db) => db.exec(`DELETE FROM ledger_entry WHERE seq = ${SIZE - 900}`),
    ],
    [
      'the newest checkpoint',
      (db) =>
        db.exec("UPDATE ledger_checkpoint SET note = replace(note, '/real/', '/drill/') WHERE size > 199000"),
    ],
    [
      'a high node of the tree',
      (db) => db.exec('UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 16 AND position = 1'),
    ],
    ['a node too many', (db) => db.exec('INSERT INTO ledger_node VALUES (24, 0, zeroblob(32))')],
    [
      'the key change filed as something else',
      (db) => db.exec("UPDATE ledger_entry SET kind = 'note' WHERE kind = 'key'"),
    ],
    ['the first entry', (db) => db.exec("UPDATE ledger_entry SET bytes = x'7b7d' WHERE seq = 0")],
  ])('is left to the whole verification to name: %s', (_case, change) => {
    const copy = copyOf();
    tamper(copy, change);
    const { db, close } = openReadOnly(copy);
    expect(verifyTail(databaseReader(db))).toBeUndefined();
    close();
  });

  it('in an old entry is not seen by the start, and named by the whole', () => {
    const copy = copyOf();
    tamper(copy, flip(40_000));
    expect(verifyAtStart(copy)).toMatchObject({ isWhole: false, found: { ok: true } });
    expect(verifyDataFile(copy).problems[0]).toMatchObject({ how: 'altered', seq: 40_000 });
  });

  let copies = 0;
  function copyOf(): string {
    copies += 1;
    const copy = `${file}.${copies}`;
    const db = new SqliteDatabase(file);
    db.prepare('VACUUM INTO ?').run(copy);
    db.close();
    return copy;
  }
});

it('a short log is verified whole at start', () => {
  const other = temporaryDirectory();
  expect(verifyAtStart(smallLog(other, 'real', 300))).toMatchObject({
    isWhole: true,
    found: { ok: true, size: 300 },
  });
  rmSync(other, { recursive: true });
});
