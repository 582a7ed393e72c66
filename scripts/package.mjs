#!/usr/bin/env node
/**
 * `npm run package`: builds, then packs the desktop application into dist/packages. What follows `--` goes to
 * electron-builder (`npm run package -- --linux dir`). Needs the network for Electron's own binary.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { environmentFor } from './find-node.mjs';
import { at, run, Stop, tell } from './places.mjs';
import { npm, prepare } from './prepare.mjs';
import { lastLines, runQuietly } from './run-quietly.mjs';

const tools = at('scripts/packaging');
const builder = at('scripts/packaging/node_modules/electron-builder/cli.js');

await run(async () => {
  const node = await prepare();
  if (!existsSync(builder)) await installBuilder();
  const parameters = [builder, '--projectDir', at('.'), '--config', at('electron-builder.yml')];
  const child = spawn(node, [...parameters, '--publish', 'never', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environmentFor(node),
  });
  child.on('error', (error) => tell(`electron-builder could not be started: ${error.message}.`));
  child.on('close', (code) => {
    process.exitCode = code === 0 ? 0 : 3;
  });
});

/** electron-builder has packages of its own, so that nobody who only runs or tests the application installs them. */
async function installBuilder() {
  tell('Installing electron-builder...');
  const [program, parameters, options] = npm(['ci', '--loglevel=error', '--no-progress']);
  const { code, output } = await runQuietly(program, parameters, { ...options, cwd: tools });
  if (code !== 0)
    throw new Stop(
      3,
      `${lastLines(output)}\nelectron-builder could not be installed: npm ci ended with ${code}.`,
    );
}
