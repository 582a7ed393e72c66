import { existsSync } from 'node:fs';
import { environmentFor, findNode } from './find-node.mjs';
import { isBuilt, isInstalled, markBuilt, sourcesNow } from './freshness.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { at, Stop, tell } from './places.mjs';
import { lastLines, runQuietly } from './run-quietly.mjs';

/** Makes sure that the packages are there and the bundles fresh; returns the Node to run them with. */
export async function prepare() {
  if (!isInstalled() || !isBuilt()) await oneAtATime(installAndBuild);
  return findNode();
}

/** Only the packages, for what builds by itself. */
export async function prepareInstall() {
  if (!isInstalled()) await oneAtATime(install);
  return findNode();
}

async function installAndBuild() {
  await install();
  await build();
}

async function install() {
  if (isInstalled()) return;
  tell('Installing the packages (a minute or two the first time)...');
  const { code, output } = await runQuietly(
    ...npm(['ci', ...everything, '--loglevel=error', '--no-progress']),
  );
  if (code !== 0) {
    throw new Stop(
      3,
      `${lastLines(withoutUsage(output))}\nThe packages could not be installed: \`npm ci\` ended with ${code}${hintIn(output)}.`,
    );
  }
  if (!isInstalled()) throw new Stop(3, 'npm ended well but left packages out; try `npm ci` by hand.');
}

/** npm appends how to call it to an error that has nothing to do with that. */
const withoutUsage = (output) => output.split(/^npm error (?:Clean install a project|Usage:)/m)[0].trim();

function hintIn(output) {
  if (/EUSAGE/.test(output)) return '; package.json and package-lock.json do not fit together';
  if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|network/.test(output))
    return '; the network or the registry cannot be reached';
  if (/ENOSPC/.test(output)) return '; the disk is full';
  return '';
}

/** Whatever NODE_ENV or the person's npm settings leave out elsewhere: the build needs it. */
const everything = ['--include=dev', '--include=optional'];

async function build() {
  // Taken before: a file saved during the build makes the next start build again.
  const builtFrom = sourcesNow();
  if (isBuilt()) return;
  tell('Building...');
  const node = findNode();
  const vite = at('node_modules/vite/bin/vite.js');
  const builds = [[], ['-c', 'vite.electron.config.ts']].map((options) =>
    runQuietly(node, [vite, 'build', '--logLevel', 'warn', ...options], { env: environmentFor(node) }),
  );
  for (const { code, output } of await Promise.all(builds)) {
    if (code !== 0) throw new Stop(3, `${lastLines(output)}\nThe build failed; nothing was started.`);
  }
  markBuilt(builtFrom);
}

/** npm itself, as this was started by it or as it lies on the PATH. */
export function npm(args) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  // Run by npm's own Node where that is known: the one in node_modules is about to be replaced.
  if (script?.endsWith('.js') && existsSync(script)) return [node ?? process.execPath, [script, ...args]];
  return process.platform === 'win32' ? ['npm.cmd', args, { shell: true }] : ['npm', args];
}
