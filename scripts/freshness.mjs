import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './places.mjs';

/**
 * Whether node_modules holds what the lock file names. npm writes what it installed to node_modules/.package-lock.json
 * as its last act, so an install that was cut off does not count, and one made by hand does.
 */
export function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true;
    // What is optional may be of another platform.
    return present[path] === undefined ? Boolean(optional || devOptional) : present[path].version === version;
  });
}

function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(at(path), 'utf8')).packages;
  } catch {
    return undefined; // Absent or half written: not installed.
  }
}

/** Everything the bundles are made of. */
const sources = [
  'electron',
  'renderer',
  'shared',
  'vite.config.ts',
  'vite.electron.config.ts',
  'package-lock.json',
];
const stamp = at('dist/built-from');

export function isBuilt() {
  try {
    return readFileSync(stamp, 'utf8') === sourcesNow();
  } catch {
    return false;
  }
}

export const markBuilt = (builtFrom) => writeFileSync(stamp, builtFrom);

/** A digest over name, size and time of every source file. */
export function sourcesNow() {
  const hash = createHash('sha256');
  for (const source of sources) addTo(hash, at(source), source);
  return hash.digest('hex');
}

function addTo(hash, path, name) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) {
    hash.update(`${name}\0${found.size}\0${found.mtimeMs}\n`);
    return;
  }
  for (const entry of readdirSync(path).sort()) addTo(hash, join(path, entry), `${name}/${entry}`);
}
