import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCheckpoint, signCheckpoint, toBase64 } from '../../../electron/ledger/note.ts';
import { growingTree, leafDigest } from '../../../electron/ledger/tree.ts';
import { verifyDataDir, verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { newPrivateKey, type Signer, signerOf } from '../../../electron/platform/ed25519.ts';
import { openLog, smallLog, tamper, temporaryDirectory } from './data-dir.ts';
import { rehash } from './forge.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => rmSync(folder, { recursive: true }));

const rewrite = (db: Database, seq: number, from: string, to: string) =>
  db
    .prepare('UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), ?, ?) AS BLOB) WHERE seq = ?')
    .run(from, to, seq);
const first = (file: string) => verifyDataFile(file).problems[0];

it('holds as it was written, and says how far it is signed', () => {
  const verification = verifyDataFile(smallLog(folder));
  expect(verification).toMatchObject({ ok: true, size: 12, signedSize: 12, problems: [] });
  expect(verification.rootHex).toMatch(/^[0-9a-f]{64}$/);
});

it.each<[string, (db: Database) => void, { how: string; seq: number | null; says: RegExp }]>([
  [
    'an altered inner hash',
    (db) => db.exec('UPDATE ledger_node SET hash = zeroblob(32) WHERE position = 1'),
    { how: 'altered', seq: 256, says: /entries 256 to 511/ },
  ],
  [
    'a lost inner hash',
    (db) => db.exec('DELETE FROM ledger_node WHERE position = 1'),
    { how: 'altered', seq: 256, says: /entries 256 to 511/ },
  ],
  [
    'an inner hash of a level that is not kept',
    (db) => db.exec('INSERT INTO ledger_node SELECT 3, 0, hash FROM ledger_node WHERE position = 1'),
    { how: 'truncated', seq: 600, says: /the stored tree reaches further/i },
  ],
])('names what entries a stored tree belies, with %s', (_case, change, expected) => {
  const file = smallLog(folder, 'real', 600);
  tamper(file, (db) => {
    expect(db.prepare('SELECT level, position FROM ledger_node').raw().all()).toEqual([
      [8, 0],
      [8, 1],
    ]);
    change(db);
  });
  expect(first(file)).toMatchObject({ ...expected, says: expect.stringMatching(expected.says) });
});

describe('names the first entry that does not hold, and how', () => {
  it.each<[string, (db: Database) => void, { how: string; seq: number | null; says: RegExp }]>([
    [
      'an altered body',
      (db) => rewrite(db, 5, '"turn":5', '"turn":6'),
      { how: 'altered', seq: 5, says: /entry 5 /i },
    ],
    [
      'an altered time',
      (db) => rewrite(db, 5, '10:00:00.000Z', '10:00:01.000Z'),
      { how: 'altered', seq: 5, says: /entry 5 /i },
    ],
    [
      'an entry that is no JSON',
      (db) => rewrite(db, 5, '{', '['),
      { how: 'altered', seq: 5, says: /Entry 5 was altered/ },
    ],
    [
      'an altered body under a tree made to fit',
      (db) => {
        rewrite(db, 5, '"turn":5', '"turn":6');
        rehash(db);
      },
      { how: 'altered', seq: 4, says: /Entries 4 to 7: not, or not all, what was signed/ },
    ],
    [
      'an altered hash',
      (db) => db.exec('UPDATE ledger_entry SET leaf = zeroblob(32) WHERE seq = 5'),
      { how: 'altered', seq: 5, says: /hash/ },
    ],
    [
      'another incident in the index',
      (db) => db.exec(`UPDATE ledger_entry SET incident = 'incident-c' WHERE seq = 5`),
      { how: 'altered', seq: 5, says: /filed/ },
    ],
    [
      'a missing entry',
      (db) => db.exec('DELETE FROM ledger_entry WHERE seq = 5'),
      { how: 'missing', seq: 5, says: /Entry 5/ },
    ],
    [
      'two missing entries',
      (db) => db.exec('DELETE FROM ledger_entry WHERE seq IN (5, 6)'),
      { how: 'missing', seq: 5, says: /Entries 5 to 6/ },
    ],
    [
      'a missing entry with the rest moved up',
      (db) =>
        db.exec(
          'DELETE FROM ledger_entry WHERE seq = 5; UPDATE ledger_entry SET seq = seq - 1 WHERE seq > 5',
        ),
      { how: 'missing', seq: 5, says: /Entry 5/ },
    ],
    [
      'two entries that changed places',
      (db) =>
        db.exec(
          `UPDATE ledger_entry SET seq = 99 WHERE seq = 5; UPDATE ledger_entry SET seq = 5 WHERE seq = 6;
           UPDATE ledger_entry SET seq = 6 WHERE seq = 99`,
        ),
      { how: 'reordered', seq: 5, says: /Where entry 5 belongs, entry 6/ },
    ],
    [
      'an entry that stands twice',
      (db) =>
        db.exec(
          `UPDATE ledger_entry SET bytes = (SELECT bytes FROM ledger_entry WHERE seq = 4) WHERE seq = 5`,
        ),
      { how: 'reordered', seq: 5, says: /entry 4/ },
    ],
    [
      'a lost beginning',
      (db) => db.exec('DELETE FROM ledger_entry WHERE seq = 0'),
      { how: 'missing', seq: 0, says: /begin/ },
    ],
    [
      'a lost end',
      (db) => db.exec('DELETE FROM ledger_entry WHERE seq > 9'),
      { how: 'truncated', seq: 10, says: /covers 12 .* 10 / },
    ],
    [
      'no entries at all',
      (db) => db.exec('DELETE FROM ledger_entry; DELETE FROM ledger_node; DELETE FROM ledger_checkpoint'),
      { how: 'missing', seq: 0, says: /empty/ },
    ],
    [
      'no checkpoints',
      (db) => db.exec('DELETE FROM ledger_checkpoint'),
      { how: 'unsigned', seq: 0, says: /COUNTERSIGN_PASSPHRASE/ },
    ],
    [
      'a decision after the last checkpoint',
      (db) => db.exec('DELETE FROM ledger_checkpoint WHERE size > 8'),
      { how: 'unsigned', seq: 8, says: /entries 8 to 11/ },
    ],
    [
      'a checkpoint of another size',
      (db) =>
        db.exec(
          `UPDATE ledger_checkpoint SET note = replace(note, char(10) || '8' || char(10), char(10) || '7' || char(10))`,
        ),
      { how: 'signature', seq: 4, says: /does not hold/ },
    ],
    [
      'a checkpoint filed under another size',
      (db) => db.exec('UPDATE ledger_checkpoint SET size = 7 WHERE size = 8'),
      { how: 'signature', seq: 4, says: /does not hold/ },
    ],
    [
      'a checkpoint that is none',
      (db) => db.exec(`UPDATE ledger_checkpoint SET note = 'x' WHERE size = 8`),
      { how: 'signature', seq: 4, says: /not a signed note/ },
    ],
  ])('%s', (_case, change, problem) => {
    const file = smallLog(folder);
    tamper(file, change);
    expect(verifyDataFile(file).ok).toBe(false);
    expect(first(file)).toEqual({ ...problem, says: expect.stringMatching(problem.says) });
  });

  it('a log forged with another key', () => {
    const file = smallLog(folder);
    const thief = signerOf(newPrivateKey());
    tamper(file, (db) => {
      rewrite(db, 5, '"turn":5', '"turn":6');
      rehash(db);
      for (const { size, note } of db.prepare('SELECT size, note FROM ledger_checkpoint').all() as {
        size: number;
        note: string;
      }[]) {
        const claim = readCheckpoint(note);
        const signed = db
          .prepare('SELECT bytes FROM ledger_entry WHERE seq < ? ORDER BY seq')
          .pluck()
          .all(size);
        const tree = growingTree();
        for (const bytes of signed) tree.add(leafDigest(bytes as Buffer));
        const forged = signCheckpoint({ origin: claim?.origin ?? '', size, root: tree.root() }, thief);
        db.prepare('UPDATE ledger_checkpoint SET note = ? WHERE size = ?').run(forged, size);
      }
    });
    expect(first(file)).toMatchObject({ how: 'key', says: expect.stringContaining('not signed by the key') });
  });

  it('a second key that the first did not vouch for', () => {
    const { file, add, close } = openLog(folder);
    add('key', { publicKey: toBase64(signerOf(newPrivateKey()).publicKey) });
    close();
    expect(first(file)).toMatchObject({ how: 'key', seq: 1 });
  });

  it('a checkpoint of another log under the same key', () => {
    const key = signerOf(newPrivateKey());
    const file = openedWith(key, folder);
    const other = temporaryDirectory();
    const strange = openedWith(key, other);
    tamper(file, (db) => {
      db.exec(
        `ATTACH '${strange}' AS strange; UPDATE ledger_checkpoint SET note = (SELECT note FROM strange.ledger_checkpoint)`,
      );
    });
    expect(first(file)).toMatchObject({ how: 'key' });
    rmSync(other, { recursive: true });
  });
});

function openedWith(key: Signer, where: string): string {
  const { file, close } = openLog(where, 'real', () => key);
  close();
  return file;
}

it('finds an end that was lost with its checkpoint when the head kept outside is there to tell', () => {
  const file = smallLog(folder);
  const db = new SqliteDatabase(file);
  const note = String(db.prepare('SELECT note FROM ledger_checkpoint ORDER BY size DESC').pluck().get());
  db.close();
  tamper(file, (edited) =>
    edited.exec('DELETE FROM ledger_entry WHERE seq > 7; DELETE FROM ledger_checkpoint WHERE size > 8'),
  );
  expect(verifyDataFile(file).ok).toBe(true);
  expect(verifyDataFile(file, { note })).toMatchObject({
    ok: false,
    problems: [{ how: 'truncated', seq: 8 }],
  });
});

it('holds with a key announced later, once the vault was unlocked', () => {
  let key: Signer | undefined;
  const { file, add, ledger, close } = openLog(folder, 'real', () => key);
  add('decision');
  expect(verifyDataFile(file)).toMatchObject({ ok: false, problems: [{ how: 'unsigned' }] });
  key = signerOf(newPrivateKey());
  ledger.checkpoint();
  add('signal');
  expect(verifyDataFile(file)).toMatchObject({ ok: true, size: 4, signedSize: 3 });
  close();
});

describe('a data directory', () => {
  it('holds when every log in it does, also while they are written', () => {
    const real = openLog(folder);
    const drill = openLog(folder, 'drill');
    real.add('decision');
    real.add('signal');
    expect(verifyDataDir(folder)).toMatchObject({
      ok: true,
      logs: [
        { realm: 'real', ok: true, size: 3, signedSize: 2 },
        { realm: 'drill', ok: true, size: 1 },
      ],
    });
    real.add('signal');
    real.close();
    drill.close();
  });

  it('does not hold when one of them does not', () => {
    smallLog(folder);
    tamper(smallLog(folder, 'drill'), (db) => db.exec('DELETE FROM ledger_entry WHERE seq = 5'));
    expect(verifyDataDir(folder)).toMatchObject({ ok: false, logs: [{ ok: true }, { ok: false }] });
  });

  it('may lack either log, but not both', () => {
    expect(() => verifyDataDir(folder)).toThrow(expect.objectContaining({ code: 'not_found' }));
    smallLog(folder, 'drill');
    expect(verifyDataDir(folder)).toMatchObject({ ok: true, logs: [{ realm: 'drill' }] });
  });

  it('does not take a drill for a real incident', () => {
    copyFileSync(smallLog(folder, 'drill'), join(folder, 'countersign.db'));
    expect(verifyDataDir(folder)).toMatchObject({ ok: false, logs: [{ ok: false }, { ok: true }] });
  });

  it('answers, and does not throw, when a file cannot be read', () => {
    writeFileSync(join(folder, 'countersign.db'), 'noise '.repeat(1000));
    expect(verifyDataDir(folder)).toMatchObject({
      ok: false,
      logs: [{ problems: [{ how: 'unreadable', seq: null }] }],
    });
  });

  it('finds damage in the pages of the file itself', () => {
    const { file, add, close } = openLog(folder);
    for (let turn = 0; turn < 300; turn += 1) add('note', { text: 'x'.repeat(300) });
    close();
    tamper(file, (db) => db.exec(`UPDATE ledger_entry SET bytes = zeroblob(length(bytes)) WHERE seq = 200`));
    expect(first(file)).toMatchObject({ how: 'altered', seq: 200 });
  });
});

it('goes on where it was after a restart, and still holds', () => {
  const file = smallLog(folder);
  const { add, close } = openLog(folder);
  add('decision');
  close();
  expect(verifyDataFile(file)).toMatchObject({ ok: true, size: 13, signedSize: 13 });
});
