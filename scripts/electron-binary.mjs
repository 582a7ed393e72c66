import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, tell } from './places.mjs';

const MOST_MS = 60_000;
const REMEMBER_MS = 24 * 60 * 60 * 1_000;
const folder = at('node_modules/electron');
const failureNote = at('.cache/electron-unavailable');

/** The path of the Electron binary, or null. Found as the electron package itself finds it, but without its download. */
export function electronBinary() {
  const note = join(folder, 'path.txt');
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : usualName();
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : null;
}

const usualName = () =>
  ({ win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' })[process.platform] ?? 'electron';

/**
 * Downloads the binary with the electron package's own installer. Null where that does not work within a minute, which
 * is then remembered for a day (in .cache/), so that the next start does not wait again.
 */
export async function obtainElectron(node) {
  const installer = join(folder, 'install.js');
  if (!existsSync(installer) || failedLately()) return null;
  tell('Downloading the Electron binary.');
  await ended(spawn(node, [installer], { cwd: at('.'), stdio: 'ignore' }));
  const binary = electronBinary();
  if (binary) rmSync(failureNote, { force: true });
  else remember();
  return binary;
}

function ended(child) {
  const limit = setTimeout(() => child.kill('SIGKILL'), MOST_MS);
  return new Promise((resolve) => {
    // Whether it worked is seen by the file that is there, or not.
    for (const event of ['error', 'exit']) child.on(event, resolve);
  }).finally(() => clearTimeout(limit));
}

const failedLately = () =>
  Date.now() - (statSync(failureNote, { throwIfNoEntry: false })?.mtimeMs ?? 0) < REMEMBER_MS;

function remember() {
  mkdirSync(at('.cache'), { recursive: true });
  writeFileSync(
    failureNote,
    'The download of the Electron binary failed. Remove this file to have it tried again at once.\n',
  );
}
