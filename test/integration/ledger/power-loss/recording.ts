import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type FileOperation, readTrace, STRACE_OPTIONS } from './trace.ts';

export const withoutStrace = spawnSync('strace', ['-V']).error !== undefined;

/**
 * Runs a script on `folder` and gives back what it said, and what it did to the folder itself and to the files that
 * `own` matches: not the shared memory of running processes, which SQLite makes anew.
 */
export function recordingOf(
  script: string,
  folder: string,
  args: readonly string[],
  own: RegExp,
): FileOperation[] {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-trace-'));
  const trace = join(scratch, 'trace');
  try {
    const { status, stderr } = spawnSync(
      'strace',
      [...STRACE_OPTIONS, '-o', trace, process.execPath, script, folder, ...args],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return readTrace(linesOf(trace), folder).filter(
      (operation) => operation.does === 'say' || operation.path === folder || own.test(operation.path),
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A trace may be longer than any string can be. */
function* linesOf(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.alloc(8 * 1_048_576);
  let rest = '';
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, read)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(descriptor);
  }
}
