import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { chance } from './seeded.ts';

let db: Database;
/** The tables as they are, but for what would keep anything else than what belongs there out of them. */
beforeEach(() => {
  db = new SqliteDatabase(':memory:');
  db.exec(`
    CREATE TABLE ledger_entry (seq INTEGER PRIMARY KEY, kind, incident, at_ms, leaf, bytes);
    CREATE TABLE ledger_node (level, position, hash);
    CREATE TABLE ledger_checkpoint (size, at_ms, note);
  `);
});
afterEach(() => db.close());

const put = (
  seq: number,
  row: Partial<Record<'kind' | 'incident' | 'at_ms' | 'leaf' | 'bytes', unknown>> = {},
) =>
  db.prepare('INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?)').run(
    seq,
    ...Object.values({
      kind: 'note',
      incident: null,
      at_ms: seq,
      leaf: Buffer.alloc(32, seq % 251),
      bytes: Buffer.from(`bytes ${seq} \u0000 é`),
      ...row,
    }),
  );

/** What the rows say, taken out one value after the other. */
function expected(from: number) {
  const blob = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0));
  return db
    .prepare<[number], Record<string, unknown>>('SELECT * FROM ledger_entry WHERE seq >= ? ORDER BY seq')
    .all(from)
    .map(({ seq, kind, incident, at_ms: atMs, leaf, bytes }) => ({
      bytes: blob(bytes),
      leaf: blob(leaf),
      columns: { seq, kind, incident, atMs },
    }));
}

const read = (from?: number) =>
  Array.from(databaseReader(db).entries(from), ({ bytes, leaf, columns }) => ({
    bytes: Buffer.from(bytes),
    leaf: Buffer.from(leaf ?? ''),
    columns,
  }));

it('hands out every entry as it lies, from any place on', () => {
  for (let seq = 0; seq < 700; seq += 1)
    put(seq, { incident: seq % 3 === 0 ? null : `"\\ \u0001 ${seq} é`, bytes: Buffer.alloc(seq % 5, seq) });
  for (const from of [undefined, 0, 1, 255, 256, 257, 699, 700, 5000]) {
    expect(read(from)).toEqual(expected(from ?? 0));
  }
});

it('hands out what lies after a gap, wherever the gap is', () => {
  const by = chance(7);
  for (let seq = 0; seq < 3000; seq += by.happens(0.98) ? 1 : 1 + by.below(600)) put(seq);
  put(1_000_000);
  put(Number.MAX_SAFE_INTEGER - 1);
  expect(read()).toEqual(expected(0));
});

it.each<[string, Parameters<typeof put>[1]]>([
  ['text where bytes belong', { bytes: 'texté' }],
  ['nothing where bytes belong', { bytes: null }],
  ['plain text where bytes belong', { bytes: 'text' }],
  ['a number where bytes belong', { bytes: 7 }],
  ['bytes where the kind belongs', { kind: Buffer.from('note') }],
  ['a leaf that is too short', { leaf: Buffer.alloc(31) }],
  ['a leaf that is too long', { leaf: Buffer.alloc(33) }],
  ['no leaf', { leaf: null }],
  ['text where the time belongs', { at_ms: 'noon' }],
  ['a kind with a zero in it', { kind: 'no\u0000te' }],
  ['zeros in the bytes', { bytes: Buffer.alloc(3) }],
])('hands out the others as they are beside one with %s', (_case, row) => {
  for (let seq = 0; seq < 300; seq += 1) put(seq, seq === 100 ? row : {});
  expect(read()).toEqual(expected(0));
});

it('takes a kept node that is no hash for a missing one, also when the one beside it makes up for it', () => {
  const bytes = Buffer.from(Array.from({ length: 96 }, (_, place) => place));
  const cuts = [0, 31, 64, 96];
  const putNode = db.prepare('INSERT INTO ledger_node VALUES (8, ?, ?)');
  for (let node = 0; node < 3; node += 1) putNode.run(node, bytes.subarray(cuts[node], cuts[node + 1]));
  const kept = databaseReader(db).nodes?.kept?.(8, 0, 3);
  expect(Buffer.from(kept ?? '')).toEqual(bytes.subarray(64));
});
