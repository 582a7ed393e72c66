#!/usr/bin/env node
/** `npm run looks -- <folder>`: builds the screen when needed, then runs test/looks/looks.ts. */
import { spawn } from 'node:child_process';
import { environmentFor } from './find-node.mjs';
import { at, run } from './places.mjs';
import { prepare } from './prepare.mjs';

await run(async () => {
  const node = await prepare();
  const child = spawn(node, [at('test/looks/looks.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environmentFor(node),
  });
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 70)));
});
