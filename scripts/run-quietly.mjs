import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { at } from './places.mjs';

const KEPT_CHARACTERS = 20_000;
const TAIL_LINES = 25;

/**
 * Runs a program to its end without showing what it prints: `{ code, output }`, the latter its last part. When this
 * process is stopped the program is stopped with it.
 */
export function runQuietly(program, parameters, options = {}) {
  const child = spawn(program, parameters, { cwd: at('.'), stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let said = '';
  const keep = (chunk) => {
    said = `${said}${chunk}`.slice(-KEPT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const stop = (signal) => {
    child.kill(signal);
    process.exit(128 + constants.signals[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  return new Promise((resolve) => {
    const end = (code, more = '') => {
      for (const signal of signals) process.off(signal, stop);
      resolve({ code, output: `${said}${more}`.trim() });
    };
    child.on('error', (error) => end(1, `${program}: ${error.message}`));
    child.on('close', (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });
}

/** What of it a person will read. */
export const lastLines = (output) => output.trim().split('\n').slice(-TAIL_LINES).join('\n');
