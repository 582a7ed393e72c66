import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { openLog, smallLog, temporaryDirectory } from './data-dir.ts';

let folder: string;
let mounted: string[];
beforeEach(() => {
  folder = temporaryDirectory();
  mounted = [];
});
afterEach(() => {
  for (const path of mounted.reverse()) spawnSync('umount', [path]);
  rmSync(folder, { recursive: true, force: true });
});

function mount(path: string, ...options: string[]): boolean {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (!isRoot || spawnSync('mount', [...options, path]).status !== 0) return false;
  if (!mounted.includes(path)) mounted.push(path);
  return true;
}

const canMount = (() => {
  const probe = temporaryDirectory();
  const can = process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', probe]).status === 0;
  if (can) spawnSync('umount', [probe]);
  rmSync(probe, { recursive: true });
  return can;
})();

type Log = ReturnType<typeof openLog>;
const entry = (text: string) =>
  ({ kind: 'decision', actor: { kind: 'person', name: 'ada' }, body: { text } }) as const;
const saved = ({ db }: Log) => db.prepare(`SELECT body FROM setting WHERE name = 'last'`).pluck().get();

/** Records with a change of state in the same transaction, as the proposals do. */
function recordWithState(log: Log, text: string, state: string): void {
  log.ledger.record(entry(text), () => {
    log.db
      .prepare(
        `INSERT INTO setting (name, body) VALUES ('last', ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body`,
      )
      .run(state);
  });
}

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return error as Failure;
  }
  throw new Error('It did not fail');
}

/** Nothing of what failed is there: no entry, no state, and what is on the disk holds. */
function expectUntouched(log: Log, size: number, state: unknown): void {
  expect([log.ledger.head().size, saved(log)]).toEqual([size, state]);
  expect(verifyDataFile(log.file)).toMatchObject({ ok: true, size, problems: [] });
}

/** Fills the log with large entries until it refuses one. */
function recordUntilItFails(log: Log): { failure: Failure; size: number; state: unknown } {
  for (let turn = 0; turn < 5000; turn += 1) {
    const [size, state] = [log.ledger.head().size, saved(log)];
    try {
      recordWithState(log, 'x'.repeat(20_000), String(turn));
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      return { failure: error as Failure, size, state };
    }
  }
  throw new Error('The disk was never full');
}

function expectNamesDiskFull(failure: Failure, file: string): void {
  expect(failure.code).toBe('storage');
  expect(failure.message).toContain(file);
  expect(failure.message).toMatch(/full/);
  expect(failure.message).toMatch(/[Ff]ree some space/);
}

describe('on a full disk', () => {
  it.runIf(canMount)('records nothing by half, says so, and goes on when there is space (tmpfs)', () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    expect(mount(disk, '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs')).toBe(true);
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(1_000_000));
    const log = openLog(disk);
    recordWithState(log, 'first', 'before');
    const { failure, size, state } = recordUntilItFails(log);
    expectNamesDiskFull(failure, log.file);
    expectUntouched(log, size, state);
    rmSync(ballast);
    recordWithState(log, 'there is space again', 'after');
    expect(log.ledger.head()).toMatchObject({ size: size + 1, signed: true });
    expectUntouched(log, size + 1, 'after');
    log.close();
    expect(verifyDataFile(log.file)).toMatchObject({ ok: true, size: size + 1 });
  });

  it('records nothing by half where SQLite may not add a page, and goes on when it may', () => {
    const log = openLog(folder);
    recordWithState(log, 'first', 'before');
    const pages = Number(log.db.pragma('page_count', { simple: true }));
    log.db.pragma(`max_page_count = ${pages + 20}`);
    const { failure, size, state } = recordUntilItFails(log);
    expectNamesDiskFull(failure, log.file);
    expectUntouched(log, size, state);
    log.db.pragma('max_page_count = 1000000');
    recordWithState(log, 'there is space again', 'after');
    expectUntouched(log, size + 1, 'after');
    log.close();
  });

  it('fails each of what was asked for together, and keeps none of it', async () => {
    const log = openLog(folder);
    recordWithState(log, 'first', 'before');
    const { size } = log.ledger.head();
    log.db.pragma(`max_page_count = ${Number(log.db.pragma('page_count', { simple: true }))}`);
    const large = () => log.ledger.recordGrouped(entry('x'.repeat(60_000)));
    const answers = await Promise.allSettled([large(), large()]);
    expect(answers.map((one) => one.status === 'rejected' && (one.reason as Failure).code)).toEqual([
      'storage',
      'storage',
    ]);
    expectUntouched(log, size, 'before');
    log.db.pragma('max_page_count = 1000000');
    log.close();
  });
});

describe('on a read-only disk', () => {
  it.runIf(canMount)('does not open for writing, says which file, and can still be verified', () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    mount(disk, '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs');
    const file = smallLog(disk);
    expect(mount(disk, '-o', 'remount,ro')).toBe(true);
    const failure = failureOf(() => openLog(disk));
    expect(failure.code).toBe('storage');
    expect(failure.message).toContain(file);
    expect(failure.message).toMatch(/writable/);
    expect(verifyDataFile(file)).toMatchObject({ ok: true, size: 12 });
    expect(mount(disk, '-o', 'remount,rw')).toBe(true);
    const log = openLog(disk);
    recordWithState(log, 'writable again', 'after');
    expectUntouched(log, 13, 'after');
    log.close();
  });

  it('refuses an entry while the connection may not write, and takes it when it may', () => {
    const log = openLog(folder);
    recordWithState(log, 'first', 'before');
    const { size } = log.ledger.head();
    log.db.pragma('query_only = ON');
    const failure = failureOf(() => recordWithState(log, 'second', 'changed'));
    expect(failure.code).toBe('storage');
    expect(failure.message).toContain(log.file);
    expect(failure.message).toMatch(/read-only: make both writable/);
    expectUntouched(log, size, 'before');
    log.db.pragma('query_only = OFF');
    recordWithState(log, 'second', 'after');
    expectUntouched(log, size + 1, 'after');
    log.close();
  });
});

describe('while another process holds the file', () => {
  let holder: ChildProcess | undefined;
  afterEach(() => void holder?.kill('SIGKILL'));

  async function hold(file: string): Promise<ChildProcess> {
    const script = `
      const { default: SqliteDatabase } = await import('better-sqlite3');
      const db = new SqliteDatabase(process.argv[1]);
      db.exec('BEGIN EXCLUSIVE');
      console.log('held');
      setInterval(() => db.inTransaction, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], {
      cwd: new URL('../../..', import.meta.url).pathname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  it('gives up after a while, records nothing, and goes on when the file is free', async () => {
    const log = openLog(folder);
    recordWithState(log, 'first', 'before');
    const { size } = log.ledger.head();
    log.db.pragma('busy_timeout = 200');
    holder = await hold(join(folder, dataFiles.real));
    const failure = failureOf(() => recordWithState(log, 'second', 'changed'));
    expect(failure.code).toBe('storage');
    expect(failure.message).toContain(log.file);
    expect(failure.message).toMatch(/Another program holds the file: close it/);
    expectUntouched(log, size, 'before');
    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
    recordWithState(log, 'second', 'after');
    expectUntouched(log, size + 1, 'after');
    log.close();
  });
});
