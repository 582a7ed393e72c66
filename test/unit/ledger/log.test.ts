import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryKind } from '../../../electron/ledger/entry.ts';
import { type NewEntry, openLedger } from '../../../electron/ledger/log.ts';
import { openCheckpoint } from '../../../electron/ledger/note.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { newPrivateKey, type Signer, signerOf } from '../../../electron/platform/ed25519.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore, type Store } from '../../../electron/store/open-store.ts';

const START_MS = Date.parse('2026-03-01T10:00:00Z');
let folder: string;
let store: Store;
let time: ReturnType<typeof steppedClock>;
const key = signerOf(newPrivateKey());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  store = openStore(join(folder, 'countersign.db'), migrations);
  time = steppedClock((error) => {
    throw error;
  }, START_MS);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const open = (signer: () => Signer | undefined = () => key, realm: 'real' | 'drill' = 'real') =>
  openLedger({ db: store.db, realm, clock: time.clock, ids: (prefix) => `${prefix}-1`, signer });

const entry = (kind: EntryKind, body: NewEntry['body'] = {}, more: Partial<NewEntry> = {}): NewEntry => ({
  kind,
  actor: { kind: 'host', name: 'countersign' },
  body,
  ...more,
});

const forSettings = () => store.db.prepare('INSERT INTO setting (name, body) VALUES (?, ?)');
const settings = () =>
  store.db.prepare("SELECT count(*) FROM setting WHERE name <> 'ledger.begun'").pluck().get();

describe('a new log', () => {
  it('opens with an entry that names origin and key, signed at once', () => {
    const ledger = open();
    expect(ledger.entries()).toMatchObject([
      {
        seq: 0,
        kind: 'log.opened',
        at: '2026-03-01T10:00:00.000Z',
        realm: 'real',
        body: {
          origin: 'countersign.local/real/log-1',
          publicKey: Buffer.from(key.publicKey).toString('base64'),
        },
      },
    ]);
    const head = ledger.head();
    expect(head).toMatchObject({ size: 1, signed: true, because: null });
    const opened = openCheckpoint(head.checkpoint ?? '', { name: head.origin, publicKey: key.publicKey });
    expect(opened).toMatchObject({ ok: true, checkpoint: { origin: head.origin, size: 1 } });
  });

  it('keeps its name when opened again, and adds nothing', () => {
    const first = open();
    first.close();
    const again = openLedger({
      db: store.db,
      realm: 'real',
      clock: time.clock,
      ids: () => 'log-2',
      signer: () => key,
    });
    expect(again.head()).toEqual(first.head());
  });

  it('is refused in the other realm', () => {
    open().close();
    expect(() => open(() => key, 'drill')).toThrow('does not begin as a log of drills');
  });
});

describe('record', () => {
  it('gives each entry its place, time and realm, and reads back what was stored', () => {
    const ledger = open();
    const written = ledger.record([
      entry('signal', { text: 'p99 rose' }, { incident: 'incident-1' }),
      entry('note', {}, { causes: [0] }),
    ]);
    expect(written.map(({ seq, kind, causes }) => ({ seq, kind, causes }))).toEqual([
      { seq: 1, kind: 'signal', causes: undefined },
      { seq: 2, kind: 'note', causes: [0] },
    ]);
    expect(ledger.entries({ after: 0 })).toEqual(written);
    expect(ledger.entries({ incident: 'incident-1' })).toEqual(written.slice(0, 1));
    expect(ledger.entries({ kind: 'note' })).toEqual(written.slice(1));
    expect(ledger.entries({ kind: 'note', incident: 'incident-1' })).toEqual([]);
    const places = (filter: Parameters<typeof ledger.entries>[0]) =>
      ledger.entries(filter).map(({ seq }) => seq);
    expect(places({ limit: 1 })).toEqual([0]);
    expect(places({ before: 2, newestFirst: true })).toEqual([1, 0]);
    expect(places({ limit: 1, newestFirst: true, kind: 'note' })).toEqual([2]);
  });

  it('finds the entries of an incident or a kind in a long log, from either end and between any two places', () => {
    const ledger = open();
    const kinds = ['note', 'read', 'signal', 'envelope'] as const;
    for (let group = 0; group < 7; group += 1) {
      ledger.record(
        Array.from({ length: 100 }, (_, index) =>
          entry(kinds[(group + index) % 4] ?? 'note', {}, { incident: `incident-${index % 3}` }),
        ),
      );
    }
    const all = ledger.entries({ limit: 1000 });
    expect(all).toHaveLength(701);
    for (const incident of [undefined, 'incident-1', 'incident-9']) {
      for (const kind of [undefined, 'read', 'envelope'] as const) {
        for (const [after, before] of [
          [-1, 1000],
          [254, 258],
          [255, 512],
          [600, 600],
          [300, 700],
        ] as const) {
          const those = all.filter(
            (one) =>
              one.seq > after &&
              one.seq < before &&
              (incident === undefined || one.incident === incident) &&
              (kind === undefined || one.kind === kind),
          );
          const filter = { incident, kind, after, before };
          expect(ledger.entries({ ...filter, limit: 1000 })).toEqual(those);
          expect(ledger.entries({ ...filter, limit: 30 })).toEqual(those.slice(0, 30));
          expect(ledger.entries({ ...filter, limit: 30, newestFirst: true })).toEqual(
            those.toReversed().slice(0, 30),
          );
        }
      }
    }
  });

  it.each([1, 19, 20, 21, 45, 600])(
    'keeps %i entries recorded at once in order, and they verify',
    (count) => {
      const ledger = open();
      const of = (turn: number) => entry(turn % 7 === 0 ? 'note' : 'read', { turn, text: `Text ${turn}` });
      const added = ledger.record(Array.from({ length: count }, (_, turn) => of(turn)));
      expect(added.map(({ seq, body }) => [seq, body['turn']])).toEqual(
        added.map((_, turn) => [turn + 1, turn]),
      );
      expect(ledger.entries({ after: 0, limit: 1000 })).toEqual(added);
      ledger.checkpoint();
      expect(verifyDataFile(join(folder, 'countersign.db'))).toMatchObject({ ok: true, size: count + 1 });
    },
  );

  it.each([0, 1, 3])('does not verify when the kept node %i is missing or that of others', (position) => {
    const ledger = open();
    ledger.record(Array.from({ length: 4 * 256 }, (_, turn) => entry('read', { turn })));
    ledger.checkpoint();
    const file = join(folder, 'countersign.db');
    expect(verifyDataFile(file).ok).toBe(true);
    for (const event of ['update', 'delete']) store.db.exec(`DROP TRIGGER ledger_node_no_${event}`);
    const node = 'WHERE level = 8 AND position = ?';
    store.db.prepare(`UPDATE ledger_node SET hash = zeroblob(32) ${node}`).run(position);
    expect(verifyDataFile(file).ok).toBe(false);
    store.db.prepare(`DELETE FROM ledger_node ${node}`).run(position);
    expect(verifyDataFile(file).ok).toBe(false);
  });

  it('commits the state of the caller with the entry', () => {
    const ledger = open();
    ledger.record(entry('setting'), () => void forSettings().run('stage', '"shadow"'));
    expect([ledger.head().size, settings()]).toEqual([2, 1]);
  });

  it.each([
    [
      'the state cannot be changed',
      [entry('note')],
      () => {
        throw new Failure('conflict', 'no');
      },
    ],
    ['a later entry is no entry', [entry('note'), entry('note', { text: '\ud800' })], () => {}],
    ['an entry is too long', [entry('note'), entry('note', { text: 'x'.repeat(65_535) })], () => {}],
    ['an entry names a cause that is still to come', [entry('note', {}, { causes: [1] })], () => {}],
    ['an unknown kind is recorded', [entry('secret' as EntryKind)], () => {}],
    ['the work turns out to be asynchronous', [entry('note')], async () => {}],
  ])('leaves nothing behind when %s', (_case, entries, work) => {
    const ledger = open();
    const before = ledger.head();
    const heard: unknown[] = [];
    ledger.onAppend((added) => heard.push(added));
    expect(() =>
      ledger.record(entries, () => {
        forSettings().run('stage', '"shadow"');
        return work();
      }),
    ).toThrow();
    expect([ledger.head(), settings(), heard]).toEqual([before, 0, []]);
    ledger.record(entry('note'));
    expect(ledger.head().size).toBe(before.size + 1);
  });

  it('refuses to run inside the transaction of somebody else, where it could not promise durability', () => {
    const ledger = open();
    expect(() => store.db.transaction(() => ledger.record(entry('note')))()).toThrow('own its transaction');
  });

  it('says that the disk is full as a failure, and records nothing', () => {
    const ledger = open();
    store.db.pragma(`max_page_count = ${store.db.pragma('page_count', { simple: true })}`);
    const fill = () => {
      for (;;) ledger.record(entry('note', { text: 'x'.repeat(60_000) }));
    };
    expect(fill).toThrow(
      expect.objectContaining({ code: 'storage', message: expect.stringContaining('is full') }),
    );
    const { size } = ledger.head();
    expect(ledger.entries({ limit: 10_000 })).toHaveLength(size);
  });

  it('tells its listeners once, after the entry is on disk, and survives one that throws', () => {
    const ledger = open();
    const heard: number[] = [];
    ledger.onAppend(() => {
      throw new Error('a broken listener');
    });
    const stop = ledger.onAppend((entries) => {
      expect(store.db.inTransaction).toBe(false);
      heard.push(...entries.map(({ seq }) => seq));
    });
    ledger.record([entry('note'), entry('note')]);
    stop();
    ledger.record(entry('note'));
    expect(heard).toEqual([1, 2]);
  });

  it('cannot be undone by our own code', () => {
    // As many as make a node of the tree complete that is kept.
    open().record(Array.from({ length: 256 }, () => entry('note')));
    for (const table of ['ledger_entry', 'ledger_node', 'ledger_checkpoint']) {
      expect(() => store.db.exec(`DELETE FROM ${table}`)).toThrow('append-only');
    }
    expect(() => store.db.exec('UPDATE ledger_entry SET bytes = bytes')).toThrow('append-only');
  });
});

describe('signing', () => {
  it.each(['decision', 'result', 'outcome', 'stop'] as const)('signs a %s in the same breath', (kind) => {
    const ledger = open();
    ledger.record(entry(kind));
    expect(ledger.head()).toMatchObject({ size: 2, signed: true });
  });

  it('signs everything else within a minute, and nothing when nothing is new', async () => {
    const ledger = open();
    ledger.record(entry('signal'));
    expect(ledger.head()).toMatchObject({ size: 2, signed: false });
    await time.advance(60_000);
    expect(ledger.head()).toMatchObject({ size: 2, signed: true });
    const { checkpoint } = ledger.head();
    await time.advance(600_000);
    expect(ledger.head().checkpoint).toBe(checkpoint);
    expect(store.db.prepare('SELECT count(*) FROM ledger_checkpoint').pluck().get()).toBe(2);
  });

  it('goes on unsigned while the vault is locked, says why, and announces the key once it can', () => {
    let locked = true;
    const ledger = open(() => {
      if (locked) throw new Failure('locked', 'The vault is locked.');
      return key;
    });
    ledger.record(entry('decision'));
    expect(ledger.head()).toMatchObject({
      size: 2,
      signed: false,
      checkpoint: null,
      because: 'The vault is locked.',
    });
    expect(ledger.checkpoint()).toEqual({ signed: false, because: 'The vault is locked.' });
    locked = false;
    const heard: string[] = [];
    ledger.onAppend((entries) => heard.push(...entries.map(({ kind }) => kind)));
    expect(ledger.checkpoint()).toMatchObject({ signed: true });
    expect(heard).toEqual(['key']);
    expect(ledger.entries().map(({ kind }) => kind)).toEqual(['log.opened', 'decision', 'key']);
    expect(ledger.head()).toMatchObject({ size: 3, signed: true, because: null });
  });

  it('does not sign with a key that the log was not opened with', () => {
    open().close();
    const ledger = open(() => signerOf(newPrivateKey()));
    ledger.record(entry('decision'));
    expect(ledger.head()).toMatchObject({
      size: 2,
      signed: false,
      because: expect.stringContaining('not the one'),
    });
  });

  it('does not sign a log that no longer holds what was signed before', () => {
    const ledger = open();
    ledger.record([entry('decision')]);
    const other = new SqliteDatabase(store.db.name);
    other.exec('DROP TRIGGER ledger_entry_no_update');
    other.prepare('UPDATE ledger_entry SET leaf = randomblob(32) WHERE seq = 1').run();
    other.close();
    ledger.record(entry('decision'));
    expect(ledger.head()).toMatchObject({ signed: false, because: expect.stringContaining('ledger verify') });
  });

  it('signs on what another connection has added meanwhile', () => {
    const ledger = open();
    ledger.record(entry('decision'));
    const other = new SqliteDatabase(store.db.name);
    const second = openLedger({
      db: other,
      realm: 'real',
      clock: time.clock,
      ids: () => 'log-2',
      signer: () => key,
    });
    second.record([entry('signal'), entry('decision')]);
    other.close();
    ledger.record(entry('decision'));
    expect(ledger.head()).toMatchObject({ size: 5, signed: true });
    expect(verifyDataFile(store.db.name)).toMatchObject({ ok: true, size: 5, signedSize: 5 });
  });

  it('goes on with what is stored after a record that failed', () => {
    const ledger = open();
    ledger.record(entry('decision'));
    const fails = () => {
      throw new Error('no');
    };
    expect(() => ledger.record([entry('note'), entry('decision')], fails)).toThrow('no');
    ledger.record([entry('note'), entry('decision')]);
    expect(ledger.head()).toMatchObject({ size: 4, signed: true });
    expect(verifyDataFile(store.db.name)).toMatchObject({ ok: true, size: 4, signedSize: 4 });
  });

  it('signs what is left when it closes', () => {
    const ledger = open();
    ledger.record(entry('signal'));
    ledger.close();
    expect(open().head()).toMatchObject({ size: 2, signed: true });
  });
});

it('says so when a stored entry no longer reads as one', () => {
  const ledger = open();
  store.db.exec('DROP TRIGGER ledger_entry_no_update');
  store.db.exec("UPDATE ledger_entry SET bytes = CAST(replace(bytes, 'log.opened', 'log.opend') AS BLOB)");
  expect(() => ledger.entries()).toThrow(
    expect.objectContaining({ code: 'storage', message: expect.stringContaining('ledger verify') }),
  );
});
