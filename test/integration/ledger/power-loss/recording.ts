import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
    return readTrace(readFileSync(trace, 'latin1'), folder).filter(
      (operation) => operation.does === 'say' || operation.path === folder || own.test(operation.path),
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
