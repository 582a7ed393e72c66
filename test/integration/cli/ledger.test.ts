import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../electron/ledger/note.ts';
import { closer } from '../../../electron/platform/closer.ts';
import { takeDataDir } from '../../../electron/platform/take-data-dir.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

/** As a person runs it, in a process of its own. */
function cli(dataDir: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['electron/cli.ts', '--data-dir', dataDir, ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

let played: string;
let incident: string;
beforeAll(() => {
  played = newDataDir();
  const { status, stdout } = cli(
    played,
    ...['drill', 'run', 'bad-deploy', '--seed', '7', '--approve', 'first', '--json'],
  );
  expect(status).toBe(0);
  incident = JSON.parse(stdout).incident;
});

/** A copy, so that each test changes its own. */
const drill = (): string => {
  const dir = newDataDir();
  cpSync(played, dir, { recursive: true });
  return dir;
};

describe('ledger query', () => {
  it('prints entries as lines, as JSON and as CSV', () => {
    const asked = ['ledger', 'query', '--kind', 'decision,outcome'];
    const { status, stdout } = cli(played, ...asked);
    expect(status).toBe(0);
    expect(stdout).toMatch(/decision by .+: answered approve[^\n]*\n\d+ {2}\S+ {2}outcome by countersign: /);
    const found = JSON.parse(cli(played, ...asked, '--json').stdout);
    expect(found.map(({ kind }: { kind: string }) => kind)).toEqual(['decision', 'outcome']);
    expect(cli(played, ...asked, '--csv').stdout).toMatch(/^seq,at,realm,.+\r\n\d+,/);
  });

  it('tells of each turn of the model what it was run with and what it was given', () => {
    const turns = JSON.parse(cli(played, 'ledger', 'query', '--kind', 'model.turn', '--json').stdout);
    const digests = turns.map(({ body }: { body: { promptDigest: string } }) => body.promptDigest);
    expect(digests.length).toBeGreaterThan(2);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(digests.length);
    expect(turns[0].body).toMatchObject({ model: 'offline-analyst/1', parameters: {} });
  });

  it.each([
    ['a kind that is none', ['--kind', 'guess'], 'There is no kind "guess"'],
    ['a time that is none', ['--from', 'yesterday'], '2026-03-01T10:00:00Z'],
    ['an unknown incident', ['--incident', 'inc-none'], 'There is no incident "inc-none"'],
    ['both JSON and CSV', ['--json', '--csv'], 'cannot be used with'],
  ])('says what is wrong with %s, and exits with 2', (_what, options, says) => {
    const { status, stdout, stderr } = cli(played, 'ledger', 'query', ...options);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});

it('ledger why leads from the outcome to the decision and to what was read', () => {
  const [{ seq }] = JSON.parse(cli(played, 'ledger', 'query', '--kind', 'outcome', '--json').stdout);
  const { status, stdout } = cli(played, 'ledger', 'why', String(seq));
  expect(status).toBe(0);
  for (const part of [' outcome by ', ' decision by ', ' proposal by ', ' read by ']) {
    expect(stdout).toContain(part);
  }
  expect(cli(played, 'ledger', 'why', '99999')).toMatchObject({ status: 2, stdout: '' });
});

describe('ledger export', () => {
  it('writes a bundle that holds, and puts on record that it was taken', () => {
    const dir = drill();
    const out = join(dir, 'bundle');
    const exported = cli(dir, 'ledger', 'export', '--out', out, '--incident', incident, '--json');
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(exported.stdout)).toMatchObject({ directory: out });
    expect(existsSync(join(out, 'verify.html'))).toBe(true);
    expect(cli(dir, 'ledger', 'verify', out)).toMatchObject({ status: 0 });
    const [last] = JSON.parse(cli(dir, 'ledger', 'query', '--newest', '--limit', '1', '--json').stdout);
    expect(last).toMatchObject({ kind: 'export', incident, actor: { kind: 'person' } });
  });

  it('proves that a later bundle extends an earlier one', () => {
    const dir = drill();
    const [first, second] = [join(dir, 'first'), join(dir, 'second')];
    cli(dir, 'ledger', 'export', '--out', first);
    const since = join(first, 'checkpoint');
    expect(cli(dir, 'ledger', 'export', '--out', second, '--since', since)).toMatchObject({ status: 0 });
    const size = readCheckpoint(readFileSync(since, 'utf8'))?.size;
    expect(existsSync(join(second, `consistency-${size}`))).toBe(true);
    expect(cli(dir, 'ledger', 'verify', second)).toMatchObject({ status: 0 });
  });

  it('takes a range, and leaves a copy as it was when told so', () => {
    const dir = drill();
    const out = join(dir, 'bundle');
    const options = ['--from', '2', '--to', '4', '--unrecorded'];
    expect(cli(dir, 'ledger', 'export', '--out', out, ...options)).toMatchObject({ status: 0 });
    const lines = readFileSync(join(out, 'entries.jsonl'), 'utf8').trimEnd().split('\n');
    const chosen = lines.map((line) => JSON.parse(line)).filter(({ kind }) => !/^log|key$/.test(kind));
    expect(chosen.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(JSON.parse(cli(dir, 'ledger', 'query', '--kind', 'export', '--json').stdout)).toEqual([]);
  });

  it('exports what is open elsewhere, and says that this is not on record', async () => {
    const dir = drill();
    const running = closer();
    await takeDataDir(dir, running);
    try {
      const { status, stderr } = cli(dir, 'ledger', 'export', '--out', join(dir, 'bundle'));
      expect(status).toBe(0);
      expect(stderr).toContain('not on record');
    } finally {
      await running.closeAll();
    }
  });

  it('refuses a folder that holds something', () => {
    const dir = drill();
    expect(cli(dir, 'ledger', 'export', '--out', dir)).toMatchObject({ status: 3, stdout: '' });
  });
});

it('ledger verify exits with 1 for a bundle that was changed, and names the entry', () => {
  const dir = drill();
  const out = join(dir, 'bundle');
  cli(dir, 'ledger', 'export', '--out', out);
  const entries = join(out, 'entries.jsonl');
  writeFileSync(entries, readFileSync(entries, 'utf8').replace('answer":"approve', 'answer":"decline'));
  const { status, stdout } = cli(dir, 'ledger', 'verify', out, '--json');
  expect(status).toBe(1);
  const [decision] = JSON.parse(cli(dir, 'ledger', 'query', '--kind', 'decision', '--json').stdout);
  expect(JSON.parse(stdout).logs[0].problems[0]).toMatchObject({ seq: decision.seq });
});

it('ledger prove writes a proof that public tools read', () => {
  const { status, stdout } = cli(played, 'ledger', 'prove', '3');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 3\n/);
  expect(cli(played, 'ledger', 'prove', '99999')).toMatchObject({ status: 2, stdout: '' });
});
