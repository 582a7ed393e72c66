#!/usr/bin/env node
/**
 * Finds a Chromium for the end-to-end tests: CS_CHROMIUM, one on the PATH, Playwright's own, else installs Debian's when
 * run as root. Prints its path; exits 3 with a sentence where none can be had. Node's built-in modules suffice.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { foldersOnPath, isExecutable, isOnPath, whenRun } from './executable.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium that is there, or undefined. Installs nothing. */
export function findChromium() {
  // Named by hand it is taken as it is: a wrong name should fail, not be replaced by another browser.
  if (process.env.CS_CHROMIUM) return process.env.CS_CHROMIUM;
  const onPath = foldersOnPath().flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...usualPlaces, ...playwrightsOwn()].find(isExecutable);
}

/** The path of a Chromium, installed if need be. Throws an error with a sentence. */
export function obtainChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(
      'No Chromium is here and installing one takes root and apt-get: install it, run `npx playwright install chromium`, or set CS_CHROMIUM.',
    );
  }
  try {
    const quietly = { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    execFileSync('apt-get', ['update'], quietly);
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quietly);
  } catch (error) {
    const said = String(error.stderr ?? '')
      .trim()
      .split('\n')
      .at(-1);
    throw new Error(`Chromium cannot be installed: ${said || error.message}`);
  }
  const installed = findChromium();
  if (!installed) throw new Error('The package chromium was installed but left no program named chromium.');
  return installed;
}

/** `npx playwright install chromium` puts it into a folder of the person's cache, named by its version. */
function playwrightsOwn() {
  const home = process.env.PLAYWRIGHT_BROWSERS_PATH ?? cacheOf[process.platform] ?? cacheOf.linux;
  const programs = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  return foldersIn(home)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort()
    .reverse()
    .flatMap((name) => programs.map((program) => join(home, name, program)));
}

const cacheOf = {
  linux: join(homedir(), '.cache', 'ms-playwright'),
  darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
  win32: join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
};

function foldersIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return []; // Playwright has installed nothing here.
  }
}

whenRun(import.meta.url, obtainChromium);
