import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { dataDirOf, rendererDir, resourcesDir, version } from '../../../electron/platform/paths.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const on = (platform: string, env: Record<string, string> = {}) => ({ platform, env, home: '/home/mina' });

it.each([
  ['XDG_DATA_HOME on Linux', on('linux', { XDG_DATA_HOME: '/data' }), '/data/countersign'],
  ['the XDG default on Linux', on('linux'), '/home/mina/.local/share/countersign'],
  [
    'the XDG default when XDG_DATA_HOME is relative',
    on('linux', { XDG_DATA_HOME: 'data' }),
    '/home/mina/.local/share/countersign',
  ],
  ['Application Support on macOS', on('darwin'), '/home/mina/Library/Application Support/Countersign'],
  ['APPDATA on Windows', on('win32', { APPDATA: '/roaming' }), '/roaming/Countersign'],
  [
    'COUNTERSIGN_DATA_DIR before all of these',
    on('linux', { COUNTERSIGN_DATA_DIR: '/mine', XDG_DATA_HOME: '/x' }),
    '/mine',
  ],
  [
    'the system’s place when COUNTERSIGN_DATA_DIR is empty',
    on('linux', { COUNTERSIGN_DATA_DIR: '' }),
    '/home/mina/.local/share/countersign',
  ],
])('data lies in %s', (_case, surroundings, expected) => {
  expect(dataDirOf(undefined, surroundings)).toBe(expected);
});

it('takes the directory that was asked for before the environment, as an absolute path', () => {
  expect(dataDirOf('here', on('linux', { COUNTERSIGN_DATA_DIR: '/mine' }))).toBe(resolve('here'));
});

it('finds the scenarios and its own version from the sources', () => {
  expect(existsSync(join(resourcesDir(), 'scenarios'))).toBe(true);
  expect(version()).toMatch(/^\d+\.\d+\.\d+/);
});

it('takes the folder that COUNTERSIGN_ROOT names for its own', () => {
  const root = newDataDir();
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'countersign', version: '9.8.7' }));
  vi.stubEnv('COUNTERSIGN_ROOT', root);
  expect(version()).toBe('9.8.7');
  expect(rendererDir()).toBe(join(root, 'dist', 'renderer'));
  vi.unstubAllEnvs();
});
