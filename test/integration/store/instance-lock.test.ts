import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataDir } from '../../../electron/platform/instance-lock.ts';

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Another Countersign on the same directory: says what came of it, and stays. */
async function another(): Promise<{ said: string; child: ChildProcess }> {
  const module = new URL('../../../electron/platform/instance-lock.ts', import.meta.url).href;
  const script = `
    const { lockDataDir } = await import(${JSON.stringify(module)});
    try { lockDataDir(process.argv[1]); console.log('held'); } catch (error) { console.log(error.code, error.message); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [chunk] = await once(child.stdout, 'data');
  return { said: String(chunk).trim(), child };
}

it('refuses a second start, naming the first', async () => {
  const lock = lockDataDir(folder);
  expect((await another()).said).toMatch(
    new RegExp(`^conflict .*${folder}.*process ${process.pid}\\b.*--data-dir`),
  );
  lock.release();
  expect((await another()).said).toBe('held');
});

it('refuses a second start within the process too', () => {
  const lock = lockDataDir(folder);
  expect(() => lockDataDir(folder)).toThrow(expect.objectContaining({ code: 'conflict' }));
  lock.release();
  lock.release();
  lockDataDir(folder).release();
});

it('is free again when the holder is killed, whatever pid it left behind', async () => {
  const { said, child } = await another();
  expect(said).toBe('held');
  expect(() => lockDataDir(folder)).toThrow(
    expect.objectContaining({ code: 'conflict', message: expect.stringContaining(`process ${child.pid}`) }),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockDataDir(folder).release();
});

it('makes the directory, private to the user', () => {
  const inner = join(folder, 'a', 'b');
  lockDataDir(inner).release();
  expect(statSync(inner).mode & 0o777).toBe(0o700);
});

it('says what is wrong with a directory that is a file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const dir of [file, join(file, 'inner')]) {
    expect(() => lockDataDir(dir)).toThrow(
      expect.objectContaining({ code: 'storage', message: expect.stringContaining('--data-dir') }),
    );
  }
});

it('does not start over a damaged lock file, for it cannot know who holds it', () => {
  writeFileSync(join(folder, 'instance.lock'), 'noise '.repeat(100));
  expect(() => lockDataDir(folder)).toThrow(
    expect.objectContaining({ code: 'storage', message: expect.stringContaining('delete it') }),
  );
});

it.runIf(existsSync('/proc/self'))(
  'refuses a place where no folder can be made, instead of trying for ever',
  () => {
    expect(() => lockDataDir('/proc/countersign/data')).toThrow(/cannot be used/);
  },
);
