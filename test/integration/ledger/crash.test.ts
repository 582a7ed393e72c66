import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { checkOutsideHead, type OutsideHead } from '../../../electron/ledger/outside-head.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { temporaryDirectory } from './data-dir.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the recorder until it is killed, and returns the last place it said was recorded. */
async function recordAndDie(afterMs: number): Promise<number> {
  const recorder = fileURLToPath(new URL('recorder.ts', import.meta.url));
  const child = spawn(process.execPath, [recorder, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await once(child.stdout, 'data');
  await pause(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  // The last line may have been cut off by the kill; the one before it was said in full.
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

/** Rounds of being killed, and entries that must have come together over all of them. */
const ROUNDS = 12;
const ENTRIES = 1_000;

it('loses no entry it said it recorded, whenever it is killed, and the log always holds and goes on', async () => {
  const file = join(folder, dataFiles.real);
  let before = 0;
  let head: OutsideHead | undefined;
  for (let round = 0; round < ROUNDS || before < ENTRIES; round += 1) {
    const last = await recordAndDie(Math.random() * 100);
    const verification = verifyDataFile(file);
    expect({ problems: verification.problems, round }).toEqual({ problems: [], round });
    expect(verification.size).toBeGreaterThan(last);
    expect(verification.size).toBeGreaterThan(before);
    before = verification.size;
    const { db, close } = openReadOnly(file);
    const reader = databaseReader(db);
    // What was signed before the kill is still the beginning of the log.
    expect(checkOutsideHead(head, reader, verification)).toBeUndefined();
    head = { note: [...reader.checkpoints()].at(-1) ?? '' };
    // What was to change together did: the state names the last entry, and entries come in pairs after the first.
    const state = Number(db.prepare(`SELECT body FROM setting WHERE name = 'last'`).pluck().get());
    const lastRecorded = db
      .prepare(`SELECT max(seq) FROM ledger_entry WHERE kind IN ('signal', 'decision')`)
      .pluck()
      .get();
    expect(state).toBe(lastRecorded);
    close();
  }
});
