import { rmSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ledgerStatus } from '../../../electron/host/ledger-desk.ts';
import { verificationDesk } from '../../../electron/host/verification-desk.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { settingRepository } from '../../../electron/store/setting-repository.ts';
import { openLog, temporaryDirectory } from '../ledger/data-dir.ts';

const START_MS = Date.parse('2026-03-01T10:00:00Z');
const DAY_MS = 86_400_000;
const ENTRIES = 6000;

let folder: string;
let log: ReturnType<typeof openLog>;
let time: ReturnType<typeof steppedClock>;
const closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = temporaryDirectory();
  log = openLog(folder);
  time = steppedClock((error) => {
    throw error;
  }, START_MS);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  log.close();
  rmSync(folder, { recursive: true });
});

function fill(count = ENTRIES): void {
  for (let from = 0; from < count; from += 500) {
    log.ledger.record(
      Array.from({ length: 500 }, (_, index) => ({
        kind: 'signal' as const,
        actor: { kind: 'host' as const, name: 'countersign' },
        body: { turn: from + index },
      })),
    );
    log.ledger.checkpoint();
  }
}

/** The desk of one realm, as a host wires it; `paused` are the turns it has given to others. */
function start() {
  let told = 0;
  const paused: { done: number; total: number }[] = [];
  const settings = settingRepository(log.db);
  const desk = verificationDesk({
    realms: [{ realm: 'real', dataFile: log.file, settings, headKept: () => undefined }],
    heads: {},
    clock: time.clock,
    logger: silentLogger,
    onChange: () => {
      told += 1;
    },
    async pause() {
      const { progress } = desk.stateOf('real');
      if (progress) paused.push(progress);
    },
  });
  closing.push(desk.close);
  return { desk, paused, told: () => told, found: () => desk.stateOf('real').found };
}

function tamper(change: (db: Database) => void): void {
  const db = new SqliteDatabase(log.file);
  for (const name of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
    db.exec(`DROP TRIGGER ${name}`);
  change(db);
  db.close();
}

/** Changes one byte of the entry, and nothing else. */
const flip = (seq: number) => (db: Database) => {
  const bytes = db.prepare<[number], Buffer>('SELECT bytes FROM ledger_entry WHERE seq = ?').pluck().get(seq);
  const changed = Buffer.from(bytes ?? '');
  changed[100] = (changed[100] ?? 0) ^ 1;
  db.prepare('UPDATE ledger_entry SET bytes = ? WHERE seq = ?').run(changed, seq);
};

it('verifies everything in the background when it never did, and others have their turn meanwhile', async () => {
  fill();
  const { desk, paused, told, found } = start();
  expect(found()).toMatchObject({ ok: true, size: ENTRIES + 1 });
  expect(paused).toEqual([]);
  desk.look();
  await desk.settled();
  expect(paused.map(({ done }) => done)).toEqual([0, 2048, 4096]);
  expect(paused.every(({ total }) => total === ENTRIES + 1)).toBe(true);
  const half = { found: found(), progress: { done: 3000, total: 6001 } };
  expect(ledgerStatus({ realm: 'real', ledger: log.ledger }, half)).toMatchObject({
    state: 'holds',
    sentence: expect.stringContaining('49 %'),
  });
  expect(desk.stateOf('real')).toMatchObject({ found: { ok: true }, progress: null });
  expect(told()).toBeGreaterThan(1);
});

it('finds a byte that was flipped in an old entry by the weekly run, and not by the start', async () => {
  fill();
  const first = start();
  first.desk.look();
  await first.desk.settled();
  await first.desk.close();
  tamper(flip(1234));

  const second = start();
  second.desk.look();
  await second.desk.settled();
  expect(second.found()).toMatchObject({ ok: true });

  await time.advance(6 * DAY_MS);
  await second.desk.settled();
  expect([second.found().ok, second.paused]).toEqual([true, []]);

  await time.advance(DAY_MS);
  await second.desk.settled();
  expect(second.found().ok).toBe(false);
  expect(second.found().problems[0]).toMatchObject({ how: 'altered', seq: 1234 });
  expect(ledgerStatus({ realm: 'real', ledger: log.ledger }, second.desk.stateOf('real'))).toMatchObject({
    state: 'broken',
    sentence: expect.stringContaining('ntry 1234'),
  });
});

it('finds a byte that was flipped in the tail at start', () => {
  fill();
  tamper(flip(ENTRIES - 10));
  expect(start().found().problems[0]).toMatchObject({ how: 'altered', seq: ENTRIES - 10 });
});

it('remembers over a restart that everything was verified, and for a week leaves it at that', async () => {
  fill();
  const first = start();
  first.desk.look();
  await first.desk.settled();
  await first.desk.close();
  const second = start();
  second.desk.look();
  await second.desk.settled();
  expect(second.paused).toEqual([]);
  await second.desk.close();
  await time.advance(7 * DAY_MS);
  const third = start();
  third.desk.look();
  await third.desk.settled();
  expect(third.paused).not.toEqual([]);
});

it('verifies anew when the clock had been ahead when it last did', async () => {
  fill();
  settingRepository(log.db).put('ledger.verified', START_MS + 300 * DAY_MS);
  const { desk, paused } = start();
  desk.look();
  await desk.settled();
  expect(paused).not.toEqual([]);
});

it('counts the whole verification of a short log at start', async () => {
  fill(500);
  const { desk, paused } = start();
  desk.look();
  await desk.settled();
  expect(paused).toEqual([]);
  expect(settingRepository(log.db)).toBeDefined();
  expect(log.db.prepare("SELECT body FROM setting WHERE name = 'ledger.verified'").pluck().get()).toBe(
    String(START_MS),
  );
});

it('verifies one moment of a log that is written meanwhile', async () => {
  fill();
  const { desk, found } = start();
  desk.look();
  fill(1000);
  await desk.settled();
  expect(found()).toMatchObject({ ok: true });
  expect(log.ledger.head().size).toBe(ENTRIES + 1001);
});

it('stops half way when the host closes, and claims nothing', async () => {
  fill();
  const { desk, found } = start();
  desk.look();
  await desk.close();
  expect(found()).toMatchObject({ ok: true });
  expect(log.db.prepare("SELECT 1 FROM setting WHERE name = 'ledger.verified'").get()).toBeUndefined();
});
