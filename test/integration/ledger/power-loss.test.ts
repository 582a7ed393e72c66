import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { openLog, temporaryDirectory } from './data-dir.ts';
import { disk } from './power-loss/disk.ts';
import { recordingOf, withoutStrace } from './power-loss/recording.ts';
import { crashStates } from './power-loss/states.ts';
import type { FileOperation } from './power-loss/trace.ts';
import { chance, timesFrom } from './seeded.ts';

/** COUNTERSIGN_POWER_LOSSES asks for more states of the disk, COUNTERSIGN_SEED for others. */
const LOSSES = timesFrom('COUNTERSIGN_POWER_LOSSES', 150);
const SEED = timesFrom('COUNTERSIGN_SEED', 1);
/** Two entries each; enough to fill the write-ahead log to where SQLite merges it, more than once. */
const TURNS = LOSSES > 1_000 ? 500 : 160;

describe.skipIf(withoutStrace)('after a power loss (needs strace to record what is written)', () => {
  const folder = temporaryDirectory();
  const recorded = join(folder, 'recorded');
  let operations: FileOperation[] = [];

  beforeAll(() => {
    mkdirSync(recorded);
    const recorder = fileURLToPath(new URL('recorder.ts', import.meta.url));
    const own = new RegExp(`^${join(recorded, dataFiles.real)}(-wal|-journal)?$`);
    operations = recordingOf(recorder, recorded, [String(TURNS)], own);
  });
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
