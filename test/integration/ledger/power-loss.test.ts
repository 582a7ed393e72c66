import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDataFile } from '../../../electron/ledger/verify-data-dir.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { openLog, temporaryDirectory } from './data-dir.ts';
import { disk, type Loss } from './power-loss/disk.ts';
import { type FileOperation, readTrace, STRACE_OPTIONS } from './power-loss/trace.ts';
import { type Chance, chance, timesFrom } from './seeded.ts';

/** COUNTERSIGN_POWER_LOSSES asks for more states of the disk, COUNTERSIGN_SEED for others. */
const LOSSES = timesFrom('COUNTERSIGN_POWER_LOSSES', 150);
const SEED = timesFrom('COUNTERSIGN_SEED', 1);
/** Two entries each; enough to fill the write-ahead log to where SQLite merges it, more than once. */
const TURNS = LOSSES > 1_000 ? 500 : 160;

const withoutStrace = spawnSync('strace', ['-V']).error !== undefined;

describe.skipIf(withoutStrace)('after a power loss (needs strace to record what is written)', () => {
  const folder = temporaryDirectory();
  const recorded = join(folder, 'recorded');
  let operations: FileOperation[] = [];

  beforeAll(() => {
    mkdirSync(recorded);
    const trace = join(folder, 'trace');
    const recorder = fileURLToPath(new URL('recorder.ts', import.meta.url));
    const { status, stderr } = spawnSync(
      'strace',
      [...STRACE_OPTIONS, '-o', trace, process.execPath, recorder, recorded, String(TURNS)],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const own = new RegExp(`^${join(recorded, dataFiles.real)}(-wal|-journal)?$`);
    operations = readTrace(readFileSync(trace, 'latin1'), recorded).filter(
      // Not the shared memory of the running processes: SQLite makes it anew.
      (operation) => operation.does === 'say' || operation.path === recorded || own.test(operation.path),
    );
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('the recording is whole: without a loss it is what was left on the disk', () => {
    const replayed = disk();
    for (const operation of operations) replayed.apply(operation);
    const left = replayed.afterLoss('none', chance(SEED));
    const file = join(recorded, dataFiles.real);
    expect([...left.keys()]).toEqual([file]);
    expect(left.get(file)?.equals(readFileSync(file))).toBe(true);
    expect(replayed.said().split('\n').length).toBe(TURNS + 1);
    // Synced at least once for each record, and merged while it ran.
    expect(operations.filter(({ does }) => does === 'sync').length).toBeGreaterThan(TURNS);
    const merges = operations.filter((one) => one.does === 'write' && one.path === file);
    expect(merges.length).toBeGreaterThan(50);
  });

  it(
    'every entry said to be recorded is there, and the log holds and goes on',
    () => {
      const by = chance(SEED);
      const states = crashStates(operations, LOSSES, by, disk());
      let number = 0;
      for (const { files, said, where } of states) {
        expect(lostOf(files, said), `${where}, seed ${SEED}`).toEqual({
          problems: [],
          lost: 0,
          setAside: [],
        });
        number += 1;
      }
      expect(number).toBe(LOSSES);
    },
    60_000 + LOSSES * 200,
  );

  it('would be seen to lose entries if the disk did not do what a sync says', () => {
    const start = operations.slice(0, 400);
    const states = crashStates(start, 12, chance(SEED), disk({ honest: false }));
    const lost = [...states].map(({ files, said }) => {
      try {
        return lostOf(files, said).lost;
      } catch (error) {
        // What is left may be no database at all.
        expect(error).toMatchObject({ code: 'storage' });
        return said + 1;
      }
    });
    expect(Math.max(...lost)).toBeGreaterThan(0);
  });

  /** Puts the files on a disk, starts on them as the host does, and tells what is wrong. */
  function lostOf(files: Map<string, Buffer>, said: number) {
    const state = join(folder, 'state');
    rmSync(state, { recursive: true, force: true });
    mkdirSync(state);
    for (const [path, content] of files) writeFileSync(join(state, basename(path)), content);
    copyFileSync(join(recorded, 'real-keys.json'), join(state, 'real-keys.json'));
    const { file, add, close } = openLog(state);
    const { problems, size } = verifyDataFile(file);
    const torn = isTorn(file);
    add('decision');
    close();
    const after = verifyDataFile(file);
    return {
      problems: [...problems, ...after.problems, ...(torn ? ['the state and the entries disagree'] : [])],
      lost: Math.max(0, said + 1 - size),
      setAside: readdirSync(state).filter((name) => name.includes('damaged')),
    };
  }
});

/** What was to change together did: the state names the last of the entries recorded with it. */
function isTorn(file: string): boolean {
  const { db, close } = openReadOnly(file);
  try {
    const state = db.prepare(`SELECT body FROM setting WHERE name = 'last'`).pluck().get();
    const last = db
      .prepare(`SELECT max(seq) FROM ledger_entry WHERE kind IN ('signal', 'decision')`)
      .pluck()
      .get();
    return Number(state ?? 0) !== Number(last ?? 0);
  } finally {
    close();
  }
}

/**
 * `count` states of the disk, at moments spread over the whole recording. Each is what is left of what was written
 * by then, and `said` is the last place that had been said to be recorded, -1 for none.
 */
function* crashStates(
  operations: readonly FileOperation[],
  count: number,
  by: Chance,
  replayed: ReturnType<typeof disk>,
): Generator<{ files: Map<string, Buffer>; said: number; where: string }> {
  const moments = Array.from({ length: count }, () => by.below(operations.length)).toSorted((a, b) => a - b);
  let done = 0;
  for (const moment of moments) {
    for (; done <= moment; done += 1) {
      const operation = operations[done];
      if (operation) replayed.apply(operation);
    }
    const loss: Loss = by.of(['none', 'all', 'some', 'some', 'some']);
    const said = Number(replayed.said().trim().split('\n').at(-1) || -1);
    yield { files: replayed.afterLoss(loss, by), said, where: `operation ${moment}, losing ${loss}` };
  }
}
