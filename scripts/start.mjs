#!/usr/bin/env node
/**
 * `npm start`: installs and builds what is missing, then opens the desktop application, or serves the same application
 * on loopback where that is asked for or Electron cannot be had. Node 18 and its built-in modules suffice.
 */
import { resolve } from 'node:path';
import { electronBinary, obtainElectron } from './electron-binary.mjs';
import { hostFlags } from './host-flags.mjs';
import { keepRunning } from './keep-running.mjs';
import { at, run, tell } from './places.mjs';
import { prepare } from './prepare.mjs';
import { startOptions, USAGE } from './start-options.mjs';
import { whereCalled } from './where-called.mjs';

/** Exit codes of Countersign itself: it ran, or said what is wrong. */
const OWN_CODES = [0, 2, 3, 70];
/** An Electron that ends sooner with another code did not start: no display, no sandbox for root, a missing library. */
const STARTING_MS = 10_000;

await run(async () => {
  const options = startOptions(process.argv.slice(2));
  if (options.help) return process.stdout.write(USAGE);
  const node = await prepare();
  process.exit(options.serve ? await serve(node, options) : await openWindow(node, options));
});

async function openWindow(node, options) {
  const electron = electronBinary() ?? (await obtainElectron(node));
  if (!electron) {
    tell('The Electron binary cannot be had here, so Countersign serves the same application on loopback.');
    return serve(node, options);
  }
  const startedMs = Date.now();
  const code = await keepRunning(node, electron, [
    `--js-flags=${hostFlags.join(' ')}`,
    at('.'),
    ...dataDirOf(options),
  ]);
  if (OWN_CODES.includes(code) || Date.now() - startedMs > STARTING_MS) return code;
  tell(
    `Electron does not start here (exit code ${code}), so Countersign serves the same application on loopback.`,
  );
  return serve(node, options);
}

function serve(node, options) {
  const port = options.port === undefined ? [] : ['--port', options.port];
  const open = options.open ? [] : ['--no-open'];
  return keepRunning(node, node, [
    ...hostFlags,
    at('dist/electron/serve.cjs'),
    ...port,
    ...open,
    ...dataDirOf(options),
  ]);
}

function dataDirOf({ dataDir }) {
  return dataDir === undefined ? [] : ['--data-dir', resolve(whereCalled(), dataDir)];
}
