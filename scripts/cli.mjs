#!/usr/bin/env node
/** `npm run cli -- <command>`: standard output belongs to the command alone, progress goes to standard error. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { environmentFor } from './find-node.mjs';
import { at, run, tell } from './places.mjs';
import { prepare } from './prepare.mjs';
import { whereCalled } from './where-called.mjs';

await run(async () => {
  const node = await prepare();
  const child = spawn(node, [at('dist/electron/cli.cjs'), ...process.argv.slice(2)], {
    cwd: whereCalled(),
    stdio: 'inherit',
    env: environmentFor(node),
  });
  // A terminal's Ctrl-C reaches the command by itself; this process stays to report how it ended.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    tell(`The command could not be started: ${error.message}.`);
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
});
