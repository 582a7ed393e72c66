import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyDataFile } from '../../../electron/ledger/verify-data-dir.ts';
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

it('loses no entry it said it recorded, whenever it is killed, and the log always holds', async () => {
  const file = join(folder, dataFiles.real);
  for (let round = 0; round < 15; round += 1) {
    const last = await recordAndDie(Math.random() * 60);
    const { ok, size, problems } = verifyDataFile(file);
    expect({ ok, problems, round }).toEqual({ ok: true, problems: [], round });
    expect(size).toBeGreaterThan(last);
    const { db, close } = openReadOnly(file);
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
