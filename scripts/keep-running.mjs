import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { environmentFor } from './find-node.mjs';
import { tell } from './places.mjs';
import { terminalInput } from './terminal-input.mjs';

const ORPHAN_CHECK_MS = 500;
const PATIENCE_MS = 8_000;

/**
 * Runs the application until it ends or this process is told to, and gives its exit code.
 *
 * The application gets a process group of its own, so that Ctrl-C in a terminal, which signals a whole group, reaches it
 * once, from here. It stops when its standard input closes, which happens even when this process is killed outright.
 */
export function keepRunning(node, program, parameters) {
  const child = spawn(program, parameters, {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    env: { ...environmentFor(node), COUNTERSIGN_STOP_WITH_STDIN: '1' },
  });
  const stop = (signal) => {
    child.kill(signal);
    setTimeout(() => giveUp(child), PATIENCE_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  stopWhenOrphaned(() => stop('SIGTERM'));
  passLines(child.stdin, () => stop('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      tell(`Countersign could not be started: ${error.message}.`);
      resolve(3);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** Under npm the parent is a shell that dies alone when npm is told to stop. Others signal this process itself. */
function stopWhenOrphaned(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, ORPHAN_CHECK_MS);
  watch.unref();
}

/** What is typed here is read there. An input that merely ends (as /dev/null does) stops nothing unless asked to. */
function passLines(childInput, stop) {
  const input = terminalInput();
  input.on('data', (chunk) => childInput.write(chunk));
  // The application may end between two lines; that it did is seen by its exit code.
  childInput.on('error', () => childInput.destroy());
  input.on('error', () => input.destroy());
  if (process.env.COUNTERSIGN_STOP_WITH_STDIN === '1') input.on('end', stop);
}

function giveUp(child) {
  tell('Countersign did not stop in time and was ended.');
  child.kill('SIGKILL');
}
