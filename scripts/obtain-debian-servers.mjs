#!/usr/bin/env node
/**
 * Finds Prometheus, promtool and Alertmanager for the tests: in the folder that COUNTERSIGN_SERVERS names, of whatever
 * version, else Prometheus 2, which the simulated one is compared with, on the PATH, else out of Debian's packages, unpacked
 * (not installed) into .cache/debian. Prints the folder that holds all three; exits 3 with a sentence where they cannot be had.
 * Node 18 and its built-in modules suffice.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foldersOnPath, isExecutable, isOnPath, whenRun } from './executable.mjs';

const cache = fileURLToPath(new URL('../.cache/debian', import.meta.url));
/** Debian calls Alertmanager `prometheus-alertmanager`, its own release `alertmanager`. */
const programs = [['prometheus'], ['promtool'], ['prometheus-alertmanager', 'alertmanager']];
const packages = ['prometheus', 'prometheus-alertmanager'];

/** The folder with the programs, as an absolute path. Throws an error with a sentence. */
export function obtainDebianServers() {
  const unpacked = join(cache, 'usr', 'bin');
  const given = process.env.COUNTERSIGN_SERVERS;
  if (given !== undefined && !hasAll(given))
    throw new Error(
      `COUNTERSIGN_SERVERS must name a folder that holds prometheus, promtool and alertmanager: “${given}” does not.`,
    );
  const found = given ?? [...foldersOnPath().filter(isOfSecond), unpacked].find(hasAll);
  if (found) return found;
  if (!isOnPath('apt-get') || !isOnPath('dpkg')) {
    throw new Error(
      'Prometheus and Alertmanager are neither on the PATH nor to be had here: that takes a Debian or Ubuntu with apt-get and dpkg.',
    );
  }
  mkdirSync(join(cache, '..'), { recursive: true });
  const folder = mkdtempSync(`${cache}-`);
  try {
    download(folder);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
      execFileSync('dpkg', ['-x', join(folder, file), folder], { stdio: 'pipe' });
      rmSync(join(folder, file));
    }
    relocate(join(folder, 'usr', 'bin', 'prometheus-alertmanager'));
    // Made whole first and put in its place at once: test files run side by side.
    if (!hasAll(unpacked)) putInPlace(folder);
  } catch (error) {
    throw new Error(`Debian's Prometheus and Alertmanager cannot be had: ${reasonOf(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (!hasAll(unpacked))
    throw new Error(`The Debian packages do not hold ${programs.map(([name]) => name).join(', ')}.`);
  return unpacked;
}

function download(folder) {
  const fetchPackages = () =>
    execFileSync('apt-get', ['download', ...packages], { cwd: folder, stdio: 'pipe' });
  // apt-get downloads as the user _apt where it can.
  chmodSync(folder, 0o777);
  try {
    fetchPackages();
  } catch {
    // Most often the package lists are missing or old, as in a fresh container.
    execFileSync('apt-get', ['update'], { stdio: 'pipe' });
    fetchPackages();
  }
}

/**
 * Debian's Alertmanager reads its templates from a fixed folder under /usr/share and does not start without them. The
 * copy here gets a path of the same length that is relative, so that it finds them when it is started in the folder
 * above usr/ (which, for an installed one, is / and fits as well).
 */
function relocate(program) {
  const fixed = '/usr/share/prometheus/alertmanager';
  const relative = 'usr/share/prometheus/alertmanager/';
  const bytes = readFileSync(program);
  const from = Buffer.from(fixed);
  const to = Buffer.from(relative);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + from.length)) to.copy(bytes, at);
  writeFileSync(program, bytes);
}

function putInPlace(folder) {
  try {
    renameSync(folder, cache);
  } catch (error) {
    if (!existsSync(join(cache, 'usr'))) throw error;
  }
  chmodSync(cache, 0o755);
}

function hasAll(folder) {
  return folder !== '' && programs.every((names) => names.some((name) => isExecutable(join(folder, name))));
}

function isOfSecond(folder) {
  if (!hasAll(folder)) return false;
  try {
    const said = execFileSync(join(folder, 'prometheus'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return said.includes('version 2.');
  } catch {
    return false;
  }
}

const reasonOf = (error) => {
  const said = String(error?.stderr ?? '')
    .trim()
    .split('\n')
    .at(-1);
  return said || String(error?.message ?? error);
};

whenRun(import.meta.url, obtainDebianServers);
