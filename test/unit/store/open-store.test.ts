import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openReadOnly, openStore } from '../../../electron/store/open-store.ts';
import { settingRepository } from '../../../electron/store/setting-repository.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  file = join(folder, 'countersign.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const storage = (...words: string[]) =>
  expect.objectContaining({
    code: 'storage',
    message: expect.stringMatching(new RegExp(words.join('.*'), 's')),
  });
const one = { version: 1, sql: 'CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' };
const two = { version: 2, sql: `ALTER TABLE word ADD COLUMN note TEXT; UPDATE word SET note = 'kept'` };

/** A store of version 1 with as many rows as fill some pages. */
function filled(rows = 1): void {
  const { db, close } = openStore(file, [one]);
  const insert = db.prepare('INSERT INTO word (text) VALUES (?)');
  for (let row = 0; row < rows; row += 1) insert.run(`${row} ${'x'.repeat(500)}`);
  close();
}

describe('every connection', () => {
  it.each(['new', 'opened again'])('that is %s keeps a commit on disk and its references whole', (which) => {
    if (which === 'opened again') openStore(file, migrations).close();
    const { db, close } = openStore(file, migrations);
    db.prepare('INSERT INTO setting (name, body) VALUES (?, ?)').run('stage', '"shadow"');
    const is = (name: string) => db.pragma(name, { simple: true });
    expect([is('journal_mode'), is('synchronous'), is('foreign_keys')]).toEqual(['wal', 2, 1]);
    const orphan = db.prepare(`INSERT INTO proposal VALUES ('p', 'no such incident', 'open', 0, '{}')`);
    expect(() => orphan.run()).toThrow('FOREIGN KEY');
    close();
  });

  it('has only strict tables', () => {
    const { db, close } = openStore(file, migrations);
    const tables = db.pragma('table_list') as { name: string; type: string; strict: number }[];
    // A full-text index is virtual, and SQLite makes the tables behind it itself.
    const ours = tables.filter(({ name, type }) => type === 'table' && !name.startsWith('sqlite_'));
    expect(ours.length).toBeGreaterThan(8);
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
    close();
  });
});

it('makes files that only their owner may read', () => {
  const { close } = openStore(join(folder, 'inner', 'countersign.db'), migrations);
  const modes = readdirSync(join(folder, 'inner')).map((name) => [
    name,
    statSync(join(folder, 'inner', name)).mode & 0o777,
  ]);
  expect(modes).toEqual([
    ['countersign.db', 0o600],
    ['countersign.db-shm', 0o600],
    ['countersign.db-wal', 0o600],
  ]);
  expect(statSync(join(folder, 'inner')).mode & 0o777).toBe(0o700);
  close();
});

describe('migrating', () => {
  it('does nothing to a current file, and leaves no copy', () => {
    filled();
    const { db, close, setAside } = openStore(file, [one]);
    expect([db.prepare('SELECT count(*) FROM word').pluck().get(), setAside]).toEqual([1, null]);
    close();
    expect(readdirSync(folder)).toEqual(['countersign.db']);
  });

  it('copies an older file first, then brings it up', () => {
    filled();
    const { db, close } = openStore(file, [one, two]);
    expect(db.prepare('SELECT note FROM word').pluck().get()).toBe('kept');
    close();
    const before = openStore(`${file}.before-v2.bak`, [one]);
    expect(before.db.prepare('SELECT count(*) FROM word').pluck().get()).toBe(1);
    before.close();
  });

  it.each([
    ['is wrong', 'CREATE TABLE other (id INTEGER) STRICT; nonsense'],
    [
      'leaves a reference to nothing',
      'CREATE TABLE other (word INTEGER REFERENCES word) STRICT; INSERT INTO other VALUES (99)',
    ],
  ])('leaves the file as it was when a step %s', (_case, sql) => {
    filled();
    expect(() => openStore(file, [one, { version: 2, sql }])).toThrow(
      storage('version 2', 'left as it was', 'before-v2.bak'),
    );
    const { db, close } = openStore(file, [one]);
    expect(db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'other'`).pluck().get()).toBe(0);
    expect(db.prepare('SELECT count(*) FROM word').pluck().get()).toBe(1);
    close();
  });

  it('can rebuild a table that others refer to', () => {
    const link = {
      version: 2,
      sql: 'CREATE TABLE link (word INTEGER NOT NULL REFERENCES word) STRICT; INSERT INTO link SELECT id FROM word',
    };
    const rebuild = {
      version: 3,
      sql: `CREATE TABLE next (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO next SELECT * FROM word;
            DROP TABLE word; ALTER TABLE next RENAME TO word`,
    };
    filled(3);
    const { db, close } = openStore(file, [one, link, rebuild]);
    expect(db.prepare('SELECT count(*) FROM link JOIN word ON word.id = link.word').pluck().get()).toBe(3);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    close();
  });

  it('refuses a file of a newer version and names both', () => {
    openStore(file, [one, two]).close();
    const before = readFileSync(file);
    expect(() => openStore(file, [one])).toThrow(
      storage('countersign.db', 'data version 2', 'knows 1', 'Start the newer'),
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('refuses the database of another program and leaves it alone', () => {
    const other = new SqliteDatabase(file);
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    const before = readFileSync(file);
    expect(() => openStore(file, [one])).toThrow(storage('another program'));
    expect(() => openReadOnly(file)).toThrow(storage('not a data file'));
    expect(readFileSync(file).subarray(100)).toEqual(before.subarray(100));
  });

  it('demands steps without gaps', () => {
    expect(() => openStore(file, [two])).toThrow('Migration 2 stands at place 1');
  });
});

describe('a damaged file', () => {
  it.each<[string, () => void]>([
    [
      'is no database',
      () => writeFileSync(file, 'not a database at all, but long enough to be read as a header of one'),
    ],
    ['lost its end', () => truncateSync(file, 3 * 4096 + 100)],
    ['has a page of noise', () => writeFileSync(file, readFileSync(file).fill(0xa5, 2 * 4096, 3 * 4096))],
  ])('that %s is set aside whole, and a new one takes its place', (_case, damage) => {
    filled(100);
    damage();
    const bytes = readFileSync(file);
    const { db, setAside, close } = openStore(file, [one]);
    expect(setAside).toMatch(/countersign\.db\.damaged-\d{8}T\d{6}Z$/);
    expect(readFileSync(setAside ?? '')).toEqual(bytes);
    expect(db.prepare('SELECT count(*) FROM word').pluck().get()).toBe(0);
    close();
  });

  it('takes its write-ahead log along, with the transactions that were not merged yet', () => {
    filled(100);
    const { db, close } = openStore(file, [one]);
    db.prepare('INSERT INTO word (text) VALUES (?)').run('x');
    const crashed = join(folder, 'crashed.db');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, crashed + suffix);
    close();
    writeFileSync(crashed, readFileSync(crashed).fill(0xa5, 2 * 4096, 3 * 4096));
    const bytes = readFileSync(`${crashed}-wal`);
    const again = openStore(crashed, [one]);
    expect(bytes.length).toBeGreaterThan(0);
    expect(readFileSync(`${again.setAside}-wal`)).toEqual(bytes);
    again.close();
  });

  it('never overwrites one that was set aside in the same second', () => {
    for (const text of ['first '.repeat(30), 'second '.repeat(30), 'third '.repeat(30)]) {
      writeFileSync(file, text);
      openStore(file, [one]).close();
    }
    const kept = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    expect(kept.map((name) => readFileSync(join(folder, name), 'utf8').split(' ')[0]).sort()).toEqual([
      'first',
      'second',
      'third',
    ]);
  });

  it('is refused, not set aside, by whoever only reads', () => {
    writeFileSync(
      file,
      'not a database at all, but long enough to be read as a header of one, which it is not',
    );
    expect(() => openReadOnly(file)).toThrow(storage('damaged', 'restore'));
    expect(readdirSync(folder)).toEqual(['countersign.db']);
  });
});

it('names the place and the remedy when it cannot write there', () => {
  writeFileSync(join(folder, 'in the way'), '');
  expect(() => openStore(join(folder, 'in the way', 'countersign.db'), [one])).toThrow(
    storage('in the way', '--data-dir'),
  );
  expect(() => openStore(folder, [one])).toThrow(storage('--data-dir'));
});

describe('reading only', () => {
  it('sees what is committed while the application writes, and cannot write', () => {
    const writer = openStore(file, [one]);
    const reader = openReadOnly(file);
    const count = () => reader.db.prepare('SELECT count(*) FROM word').pluck().get();
    const insert = writer.db.prepare('INSERT INTO word (text) VALUES (?)');
    insert.run('committed');
    const seen: unknown[] = [];
    writer.db.transaction(() => {
      insert.run('not yet');
      seen.push(count());
    })();
    expect([...seen, count()]).toEqual([1, 2]);
    expect(() => reader.db.exec('DELETE FROM word')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  it('says that there is no file, and makes none', () => {
    expect(() => openReadOnly(file)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(existsSync(file)).toBe(false);
  });
});

describe('settings', () => {
  it('come back as they were put, until they are removed', () => {
    const { db, close } = openStore(file, migrations);
    const settings = settingRepository(db);
    settings.put('theme', { dark: true });
    settings.put('theme', { dark: false });
    const Theme = z.strictObject({ dark: z.boolean() });
    expect(settings.get('theme', Theme)).toEqual({ dark: false });
    expect(settings.get('theme', z.string())).toBeUndefined();
    settings.remove('theme');
    expect(settings.get('theme', Theme)).toBeUndefined();
    close();
  });
});
