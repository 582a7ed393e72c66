import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../../electron/store/open-store.ts';

let folder: string;
let media: string;
let scratch: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  media = join(folder, 'media');
  scratch = join(folder, 'scratch');
  for (const one of [media, scratch]) mkdirSync(one);
  chmodSync(folder, 0o755);
  chmodSync(scratch, 0o777);
});
afterEach(() => {
  chmodSync(media, 0o755);
  rmSync(folder, { recursive: true });
});

/** Reads as a user who may not write there; root may write anywhere, so it becomes nobody. */
function countWords(file: string): string {
  const module = new URL('../../../electron/store/open-store.ts', import.meta.url).href;
  const script = `
    const { openReadOnly } = await import(${JSON.stringify(module)});
    const { db, close } = openReadOnly(process.argv[1]);
    console.log(db.prepare('SELECT count(*) FROM word').pluck().get());
    close();`;
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const env = { ...process.env, TMPDIR: scratch };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, file], {
    env,
    ...nobody,
  });
  return `${stdout}${stderr}`.trim();
}

it.each([
  ['and everything merged', false],
  ['and transactions that were not merged yet', true],
])('reads a data file where it may not write, with all that was committed (%s)', (_case, crashed) => {
  const live = join(folder, 'countersign.db');
  const { db, close } = openStore(live, [{ version: 1, sql: 'CREATE TABLE word (text TEXT) STRICT' }]);
  for (const text of ['a', 'b', 'c']) db.prepare('INSERT INTO word VALUES (?)').run(text);
  if (!crashed) close();
  for (const suffix of crashed ? ['', '-wal'] : [''])
    copyFileSync(live + suffix, join(media, 'countersign.db') + suffix);
  if (crashed) close();
  const before = readdirSync(media);
  for (const name of before) chmodSync(join(media, name), 0o444);
  chmodSync(media, 0o555);
  expect(countWords(join(media, 'countersign.db'))).toBe('3');
  expect([readdirSync(media), readdirSync(scratch)]).toEqual([before, []]);
});

it('says so when it may not even read there', () => {
  const file = join(media, 'countersign.db');
  openStore(file, [{ version: 1, sql: 'CREATE TABLE word (text TEXT) STRICT' }]).close();
  chmodSync(file, 0o000);
  if (process.getuid?.() !== 0) chmodSync(media, 0o555);
  expect(countWords(file)).toContain('Make it readable for this user');
  expect(readdirSync(scratch)).toEqual([]);
});
