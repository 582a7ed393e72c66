#!/usr/bin/env node
/** `npm run bench -- <name> [options]`: runs test/bench/<name>.ts. Needs the packages and no build. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { environmentFor } from './find-node.mjs';
import { hostFlags } from './host-flags.mjs';
import { at, run, Stop, tell } from './places.mjs';
import { prepareInstall } from './prepare.mjs';

await run(async () => {
  const [name = '', ...options] = process.argv.slice(2);
  const benches = readdirSync(at('test/bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  if (!benches.includes(name) || !existsSync(at(`test/bench/${name}.ts`))) {
    throw new Stop(2, `Say which bench to run, as \`npm run bench -- <name>\`: ${benches.join(', ')}.`);
  }
  const node = await prepareInstall();
  // The collector is exposed so that memory can be measured after what is garbage is gone.
  const child = spawn(node, ['--expose-gc', ...hostFlags, at(`test/bench/${name}.ts`), ...options], {
    cwd: at('.'),
    stdio: 'inherit',
    env: environmentFor(node),
  });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    tell(`The bench could not be started: ${error.message}.`);
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
});
