import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { editEnvelope, envelopeFolder } from '../../fixtures/envelope-folder.ts';

/** As a person runs it, in a process of its own. */
function cli(dataDir: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['electron/cli.ts', '--data-dir', dataDir, 'envelope', ...args],
    { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_PASSPHRASE: 'correct horse battery' } },
  );
  return { status, stdout, stderr };
}

it('signs an own envelope, after which it is the one in force, shown and compared with', () => {
  const dataDir = newDataDir();
  const own = envelopeFolder(dataDir);
  editEnvelope(own, 'envelope.yaml', /^stage: \w+/m, 'stage: shadow');
  const altered = cli(dataDir, 'verify', '--json');
  expect(altered.status).toBe(1);
  expect(JSON.parse(altered.stdout)).toMatchObject({
    inForce: false,
    dir: own,
    because: expect.stringContaining('envelope.yaml was altered'),
  });

  const signed = cli(dataDir, 'sign', '--as-version', '3', '--json');
  expect(signed.stderr).toBe('');
  expect(JSON.parse(signed.stdout)).toMatchObject({ version: '3', inForce: true, because: null });

  const shown = cli(dataDir, 'show');
  expect(shown.stdout).toContain(`Version 3 of ${own}, signed by`);
  expect(shown.stdout).toContain('Stage: shadow');

  const diff = cli(dataDir, 'diff', 'resources/envelope', '--json');
  expect(JSON.parse(diff.stdout).changes).toContainEqual({
    effect: 'wider',
    sentence: 'The stage is supervised, was shadow',
  });
});

it.each([
  ['a time that is none', ['show', '--at', 'yesterday'], /a time as 2026/],
  ['a folder that is not there', ['diff', '/nowhere/old', '/nowhere/new'], /\/nowhere\/old/],
])('is used wrongly with %s', (_case, args, sentence) => {
  const { status, stdout, stderr } = cli(newDataDir(), ...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
});
