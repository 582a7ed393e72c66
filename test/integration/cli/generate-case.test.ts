import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LabelledCase } from '../../../shared/formats/case.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

/** As a person runs it, in a process of its own. */
function cli(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['electron/cli.ts', ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

describe('generate-case', () => {
  const asked = ['generate-case', '--tier', 'T1', '--seed', '11', '--services', '10'];

  it('writes a file that rank reads and finds the cause in', () => {
    const path = join(newDataDir(), 'case.json.gz');
    expect(cli(...asked, '--out', path)).toMatchObject({ status: 0, stdout: `${path}\n` });
    const { status, stdout } = cli('rank', path, '--json');
    expect(status).toBe(0);
    const { truth } = LabelledCase.parse(JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')));
    const first = JSON.parse(stdout)
      .changes.slice(0, 4)
      .map(({ id }: { id: string }) => id);
    expect(first).toContain(truth.changes[0]);
  });

  it.each([
    ['an unknown tier', ['--tier', 'T5'], /Allowed choices are T1/],
    ['what cannot be varied', ['--vary', 'luck=1'], /Known are stepSeconds/],
  ])('refuses %s with a sentence and 2', (_what, more, sentence) => {
    const { status, stderr } = cli(...asked, ...more);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
