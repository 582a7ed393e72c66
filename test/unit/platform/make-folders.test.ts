import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolders } from '../../../electron/platform/make-folders.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

it('makes a folder and those above it for this user alone', () => {
  const folder = join(newDataDir(), 'a', 'b');
  makeFolders(folder);
  for (const made of [folder, join(folder, '..')]) expect(statSync(made).mode & 0o077).toBe(0);
});

it('leaves a folder alone that is there', () => {
  const folder = newDataDir();
  makeFolders(folder);
  expect(existsSync(folder)).toBe(true);
});

it('refuses a file in the way, at the end or on the way', () => {
  const file = join(newDataDir(), 'file');
  writeFileSync(file, '');
  expect(() => makeFolders(file)).toThrow('EEXIST');
  expect(() => makeFolders(join(file, 'below'))).toThrow('ENOTDIR');
});

it.runIf(process.platform === 'linux')('comes back from a place that takes no folders', () => {
  expect(() => makeFolders('/proc/countersign')).toThrow('ENOENT');
  expect(() => makeFolders('/proc/countersign/data')).toThrow('ENOENT');
});
