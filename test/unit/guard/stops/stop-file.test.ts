import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stopFile } from '../../../../electron/guard/stops/stop-file.ts';
import { newDataDir } from '../../../fixtures/data-dir.ts';

const fresh = () => {
  const dataDir = newDataDir();
  return { dataDir, path: join(dataDir, 'STOP'), file: stopFile(dataDir) };
};

it('stops nothing where there is none', () => {
  expect(fresh().file.reason()).toBeNull();
});

it('gives its text as the reason, in one line', () => {
  const { file, path } = fresh();
  writeFileSync(path, '\uFEFF  wrong\r\n\tcluster\u202E \u0000!\n');
  expect(file.reason()).toBe('wrong cluster !');
});

it('stops without a word in it', () => {
  const { file, path } = fresh();
  writeFileSync(path, ' \n');
  expect(file.reason()).toBe('STOP names no reason');
});

it('reads no more of a huge one than a reason takes', () => {
  const { file, path } = fresh();
  writeFileSync(path, 'x'.repeat(8_000_000));
  expect(file.reason()).toBe('x'.repeat(500));
});

it('stops as a folder, as a link that leads nowhere or to a secret, and as a pipe that nobody writes to', () => {
  const folder = fresh();
  mkdirSync(folder.path);
  expect(folder.file.reason()).toBe('STOP is a folder');

  const dangling = fresh();
  symlinkSync('/nowhere', dangling.path);
  expect(dangling.file.reason()).toMatch(/link/);

  const linked = fresh();
  const secret = join(linked.dataDir, 'secret');
  writeFileSync(secret, 'tok-geheim');
  symlinkSync(secret, linked.path);
  expect(linked.file.reason()).not.toContain('geheim');

  const pipe = fresh();
  execFileSync('mkfifo', [pipe.path]);
  expect(pipe.file.reason()).toMatch(/no plain file/);
});

it('stops when it cannot be looked at', () => {
  const file = stopFile(`${'deep/'.repeat(2_000)}`);
  expect(file.reason()).toMatch(/cannot be read/);
});

it('is written whole, with nothing left beside it, and never over what is there', () => {
  const { dataDir, file, path } = fresh();
  file.write('first\nreason');
  file.write('second');
  expect(readFileSync(path, 'utf8')).toBe('first reason\n');
  expect(readdirSync(dataDir)).toEqual(['STOP']);
});

it('takes a link away and not what it leads to', () => {
  const { dataDir, file, path } = fresh();
  const kept = join(dataDir, 'kept');
  writeFileSync(kept, 'x');
  symlinkSync(kept, path);
  file.remove();
  expect(existsSync(path)).toBe(false);
  expect(existsSync(kept)).toBe(true);
  file.remove();
});
