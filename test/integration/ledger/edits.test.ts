import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportBundle } from '../../../electron/ledger/bundle/export-bundle.ts';
import { verifyBundle } from '../../../electron/ledger/bundle/verify-bundle.ts';
import type { EntryKind } from '../../../electron/ledger/entry.ts';
import { type NewEntry, openLedger } from '../../../electron/ledger/log.ts';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { signCheckpoint } from '../../../electron/ledger/note.ts';
import { checkOutsideHead, type OutsideHead } from '../../../electron/ledger/outside-head.ts';
import type { Problem } from '../../../electron/ledger/verify/verification.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openReadOnly, openStore } from '../../../electron/store/open-store.ts';
import { tamper, temporaryDirectory } from './data-dir.ts';
import { type Edit, edits, flipped, type Log } from './edits.ts';
import { type Chance, chance, timesFrom } from './seeded.ts';

/**
 * Edits of a data file, and as many of a bundle. COUNTERSIGN_EDITS asks for more than the usual number, and
 * COUNTERSIGN_SEED for others; what fails names the seed it can be repeated with.
 */
const EDITS = timesFrom('COUNTERSIGN_EDITS', 300);
const SEED = timesFrom('COUNTERSIGN_SEED', 1);
/** Enough for a node of the tree above the leaves to be kept. */
const SIZE = 270;
const TIME_MS = 60_000 + EDITS * 60;

const folder = temporaryDirectory();
const edited = join(folder, 'edited.db');
let original: Buffer;
let log: Log;
let head: OutsideHead;
const older: { size: number; file: Buffer }[] = [];

/** The folder is shared by all tests, since each begins with a fresh copy of the same log. */
beforeAll(() => {
  for (let from = 1; from < SIZE; from += 40) {
    const { file, ledger, add, close } = openSameLog();
    for (let turn = from; turn < Math.min(SIZE, from + 40); turn += 1) {
      const text = 'Größe \u{1f525} '.repeat(turn % 4);
      add(turn % 17 === 3 ? 'decision' : 'signal', { turn, text }, `incident-${turn % 5}`);
      if (turn % 10 === 9) ledger.checkpoint();
    }
    close();
    older.push({ size: Math.min(SIZE, from + 40), file: contentOf(file) });
  }
  original = older.pop()?.file ?? Buffer.alloc(0);
  writeFileSync(edited, original);
  const db = new SqliteDatabase(edited);
  const notes = db
    .prepare<[], { size: number; note: string }>('SELECT size, note FROM ledger_checkpoint ORDER BY size')
    .all();
  log = { size: SIZE, signed: notes.map(({ size }) => size) };
  head = { note: notes.at(-1)?.note ?? '' };
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A log whose every byte is the same in every run, so that a seed damages the same thing again. */
function openSameLog() {
  const file = join(folder, dataFiles.real);
  const { db, close } = openStore(file, migrations);
  const { clock } = steppedClock((error) => {
    throw error;
  }, Date.parse('2026-03-01T10:00:00Z'));
  const ids = (kind: string) => `${kind}-0123456789`;
  const ledger = openLedger({ db, realm: 'real', clock, ids, signer: () => owner });
  return {
    file,
    ledger,
    add: (kind: EntryKind, body: NewEntry['body'], incident: string) =>
      ledger.record({ kind, actor: { kind: 'host', name: 'countersign' }, body, incident }),
    close() {
      ledger.close();
      close();
    },
  };
}

/** A key that is no secret: RFC 8032's first test vector. */
const owner = signerOf(
  Buffer.from(
    '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  ),
);

/** Without the triggers and without a write-ahead log: one file, ready to be edited. */
function contentOf(file: string): Buffer {
  const copy = `${file}.copy`;
  writeFileSync(copy, readFileSync(file));
  tamper(copy, (db) => db.pragma('journal_mode = DELETE'));
  const content = readFileSync(copy);
  rmSync(copy);
  return content;
}

/** What a person learns who verifies the file and holds it against the head kept outside. */
function found(file: string): Problem | undefined {
  const verification = verifyDataFile(file);
  expect(verification.ok).toBe(verification.problems.length === 0);
  if (!verification.ok) return verification.problems[0];
  const { db, close } = openReadOnly(file);
  try {
    return checkOutsideHead(head, databaseReader(db), verification);
  } finally {
    close();
  }
}

function applied(edit: Edit, by: Chance) {
  writeFileSync(edited, original);
  const db = new SqliteDatabase(edited);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    return db.transaction(() => edit(db, log, by))();
  } finally {
    db.close();
  }
}

describe('an edit of the data file', () => {
  it('is not there yet: the log holds, and agrees with the head outside', () => {
    writeFileSync(edited, original);
    expect(found(edited)).toBeUndefined();
    expect(log.signed.length).toBeGreaterThan(15);
  });

  const names = Object.keys(edits);
  const each = Math.ceil(EDITS / names.length);

  it.each(names)(
    'is found, and its place is named: %s',
    (name) => {
      const edit = edits[name];
      if (!edit) throw new Error(`There is no edit ${name}`);
      for (let seed = SEED; seed < SEED + each; seed += 1) {
        const place = applied(edit, chance(seed));
        const problem = found(edited);
        const said = `${name}, seed ${seed}, ${JSON.stringify({ place, problem })}`;
        expect(problem, said).toBeDefined();
        expect(problem?.says, said).toMatch(/\w.*[.:]/);
        if (place === 'replaced as a whole') {
          expect(problem?.how, said).toBe('forked');
        } else {
          expect(problem?.seq, said).toBeGreaterThanOrEqual(place.from);
          expect(problem?.seq, said).toBeLessThanOrEqual(place.to);
        }
      }
    },
    TIME_MS,
  );

  it('is found when it is an older copy that was put back, and where it ends is named', () => {
    expect(older.length).toBeGreaterThan(3);
    for (const { size, file } of older) {
      writeFileSync(edited, file);
      expect(found(edited)).toMatchObject({ how: 'truncated', seq: size });
    }
  });

  it(
    'is found when it is bytes of the file itself, if they change what the log says',
    () => {
      const before = contents(original);
      let changed = 0;
      for (let seed = SEED; seed < SEED + EDITS; seed += 1) {
        const by = chance(seed);
        const damaged = rawDamage(by);
        const after = contents(damaged);
        const problem = found(edited);
        if (after === before) continue;
        changed += 1;
        expect(problem, `seed ${seed}, ${firstDifference(before, after)}`).toBeDefined();
      }
      expect(changed).toBeGreaterThan(EDITS / 4);
    },
    TIME_MS,
  );
});

function rawDamage(by: Chance): Buffer {
  if (by.happens(0.1)) return original.subarray(0, by.below(original.length));
  let damaged: Buffer = original;
  for (let times = by.of([1, 1, 2, 20]); times > 0; times -= 1) damaged = flipped(damaged, by);
  return damaged;
}

function firstDifference(before = '', after = ''): string {
  const place = [...before].findIndex((character, index) => character !== after[index]);
  return `${before.slice(place - 40, place + 40)} became ${after.slice(place - 40, place + 40) || 'unreadable'}`;
}

/** All that the log in this file says; undefined when it cannot be read. Leaves the file at `edited`. */
function contents(file: Buffer): string | undefined {
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(edited + suffix, { force: true });
  writeFileSync(edited, file);
  let db: InstanceType<typeof SqliteDatabase> | undefined;
  try {
    db = new SqliteDatabase(edited, { readonly: true });
    const read = (sql: string) => db?.prepare(sql).raw().all();
    return JSON.stringify([
      read('SELECT seq, kind, incident, at_ms, hex(leaf), hex(bytes) FROM ledger_entry ORDER BY seq'),
      // Their places are what they are found by: a damaged place that still finds the hash changes nothing.
      read('SELECT hex(hash) FROM ledger_node ORDER BY level, position'),
      read('SELECT note FROM ledger_checkpoint ORDER BY size'),
    ]);
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}

describe.each([undefined, 'incident-2'])('an edit of a bundle (incident: %s)', (incident) => {
  let bundle: string;
  let files: Map<string, Buffer>;
  beforeAll(() => {
    bundle = join(folder, `bundle-${incident ?? 'all'}`);
    writeFileSync(edited, original);
    const { db, close } = openReadOnly(edited);
    exportBundle(databaseReader(db), bundle, incident === undefined ? {} : { incident });
    close();
    files = new Map(readdirSync(bundle).map((name) => [name, readFileSync(join(bundle, name))]));
  });

  /** The problem found in the bundle with one file changed, which is then put back. */
  function foundIn(name: string, changed: Uint8Array): Problem | undefined {
    writeFileSync(join(bundle, name), changed);
    const { ok, problems } = verifyBundle(bundle);
    expect(ok).toBe(problems.length === 0);
    writeFileSync(join(bundle, name), files.get(name) ?? '');
    return problems[0];
  }
  const contentOfFile = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  const linesOf = (name: string): string[] => contentOfFile(name).toString().split('\n').slice(0, -1);
  const seqOf = (line: string | undefined): number => Number(/"seq":(\d+),"v":1\}$/.exec(line ?? '')?.[1]);

  it('is not there yet: it holds', () => {
    expect(verifyBundle(bundle)).toMatchObject({ ok: true, problems: [] });
  });

  it(
    'is found when it is a single byte, anywhere in any file',
    () => {
      // All of them when more edits are asked for; else a step through every file that begins elsewhere for another seed.
      const total = [...files.values()].reduce((so, { length }) => so + length, 0);
      const step = Math.max(1, Math.floor(total / (EDITS * 2)));
      let place = SEED % step;
      for (const [name, whole] of files) {
        for (; place < whole.length; place += step) {
          const damaged = Buffer.from(whole);
          damaged[place] = (damaged[place] ?? 0) ^ (1 << ((place + SEED) % 8));
          expect(foundIn(name, damaged), `${name}, byte ${place}, seed ${SEED}`).toBeDefined();
        }
        place -= whole.length;
      }
    },
    TIME_MS * 4,
  );

  const lineEdits: Readonly<
    Record<string, (lines: string[], by: Chance) => { lines: string[]; first: number }>
  > = {
    reworded(lines, by) {
      const first = by.below(lines.length);
      return { first, lines: lines.with(first, (lines[first] ?? '').replace('"name":"', '"name":"x')) };
    },
    deleted(lines, by) {
      const first = by.below(lines.length);
      return { first, lines: lines.toSpliced(first, 1 + by.below(3)) };
    },
    doubled(lines, by) {
      const first = by.below(lines.length);
      return { first: first + 1, lines: lines.toSpliced(first, 0, lines[first] ?? '') };
    },
    swapped(lines, by) {
      const first = by.below(lines.length - 1);
      const other = first + 1 + by.below(lines.length - first - 1);
      return { first, lines: lines.with(first, lines[other] ?? '').with(other, lines[first] ?? '') };
    },
    'cut off': (lines, by) => {
      const first = by.below(lines.length);
      return { first, lines: lines.slice(0, first) };
    },
    inserted(lines, by) {
      const first = by.below(lines.length + 1);
      const line = (lines[Math.min(first, lines.length - 1)] ?? '').replace('"name":"', '"name":"x');
      return { first, lines: lines.toSpliced(first, 0, line) };
    },
  };

  it.each(Object.keys(lineEdits))(
    'is found when it is lines of entries.jsonl that are %s',
    (name) => {
      const original = linesOf('entries.jsonl');
      for (let seed = SEED; seed < SEED + EDITS / 10; seed += 1) {
        const { lines, first } = lineEdits[name]?.(original, chance(seed)) ?? { lines: [], first: 0 };
        const problem = foundIn('entries.jsonl', Buffer.from(lines.map((line) => `${line}\n`).join('')));
        const said = `${name}, seed ${seed}, ${JSON.stringify({ first, problem })}`;
        expect(problem, said).toBeDefined();
        if (incident === undefined) {
          expect(problem?.seq, said).toBe(first);
          continue;
        }
        const there = [original[Math.min(first, original.length - 1)], lines[first]].map(seqOf);
        const places = there.filter((place) => !Number.isNaN(place));
        const earliest = Math.min(...places);
        expect(problem?.seq ?? earliest, said).toBeGreaterThanOrEqual(earliest);
        expect(problem?.seq ?? earliest, said).toBeLessThanOrEqual(Math.max(...places) + 1);
      }
    },
    TIME_MS,
  );

  it('is found when the checkpoint is signed with another key, also when the key beside it is changed too', () => {
    const thief = signerOf(newPrivateKey());
    const [origin = '', size = '', root = ''] = contentOfFile('checkpoint').toString().split('\n');
    const forged = signCheckpoint({ origin, size: Number(size), root: Buffer.from(root, 'base64') }, thief);
    expect(foundIn('checkpoint', Buffer.from(forged))?.how).toMatch(/key|signature/);
  });
});
