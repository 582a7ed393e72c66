import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { verifyPath } from '../../../electron/host/verify-path.ts';
import { readCheckpoint } from '../../../electron/ledger/note.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const closing: Host[] = [];
afterEach(async () => {
  for (const host of closing.splice(0)) await host.close();
});

async function start(dataDir: string) {
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'a passphrase of the test',
  });
  closing.push(host);
  const call = callerOf(host);
  return { host, call, status: () => call('host.status', {}) };
}

async function stop(host: Host): Promise<void> {
  closing.splice(closing.indexOf(host), 1);
  await host.close();
}

/** A data directory that names a folder beside it as its witness. */
function witnessed(realms = ['real']) {
  const dataDir = newDataDir();
  const usb = newDataDir();
  const witness = { kind: 'folder', name: 'usb', path: usb, realms };
  writeFileSync(
    join(dataDir, 'witnesses.yaml'),
    JSON.stringify({ format: 'countersign.witnesses/1', witnesses: [witness] }),
  );
  const head = (realm = 'real') => {
    const file = join(usb, realm, 'checkpoint');
    return existsSync(file) ? readCheckpoint(readFileSync(file, 'utf8')) : undefined;
  };
  return { dataDir, usb, head };
}

function cli(dataDir: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['electron/cli.ts', '--data-dir', dataDir, ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

/** A log of real incidents that its witness knows, and a copy of the whole data directory from before its last entry. */
async function shown() {
  const { dataDir, usb, head } = witnessed();
  const first = await start(dataDir);
  await first.call('incidents.open', { title: 'one', severity: 'sev2' });
  await stop(first.host);
  const copy = newDataDir();
  cpSync(dataDir, copy, { recursive: true });
  const { host, call } = await start(dataDir);
  await call('incidents.open', { title: 'two', severity: 'sev2' });
  await stop(host);
  expect(cli(dataDir, 'ledger', 'witness').status).toBe(0);
  return { dataDir, usb, head, copy };
}

it('what is signed while the application runs reaches the witness, and drills do not', async () => {
  const { dataDir, usb, head } = witnessed();
  const { call, status } = await start(dataDir);
  await eventually('the first head', head);
  const before = head()?.size ?? 0;
  await call('incidents.open', { title: 'one', severity: 'sev2' });
  await call('stop.engage', { reason: 'a test' });
  await eventually('a newer head', () => (head()?.size ?? 0) > before);
  const told = await eventually('the status', async () => {
    const { sentence } = (await status()).ledgers.real;
    return sentence.includes('shown to 1 witness') && sentence;
  });
  expect(told).toContain('signed');
  expect(existsSync(join(usb, 'drill'))).toBe(false);
});

it('drills are shown where the file says so, in a folder of their own', async () => {
  const { dataDir, head } = witnessed(['real', 'drill']);
  await start(dataDir);
  const [real, drill] = [
    await eventually('the head of real incidents', head),
    await eventually('the head of drills', () => head('drill')),
  ];
  expect(real?.origin).toContain('/real/');
  expect(drill?.origin).toContain('/drill/');
});

it('a witness that cannot be reached keeps nothing from being recorded, and its trouble is said', async () => {
  const { dataDir, usb } = witnessed();
  rmSync(usb, { recursive: true });
  const { call, status } = await start(dataDir);
  await call('incidents.open', { title: 'one', severity: 'sev2' });
  const ledger = await eventually('the trouble', async () => {
    const { real } = (await status()).ledgers;
    return real.sentence.includes('witness “usb” is behind') && real;
  });
  expect(ledger.state).toBe('holds');
});

it('an older copy of the whole data directory, its kept head included, is seen at start', async () => {
  const { dataDir, copy, head } = await shown();
  const before = head();
  rmSync(dataDir, { recursive: true });
  cpSync(copy, dataDir, { recursive: true });
  const { call, status } = await start(dataDir);
  const ledger = await eventually('the break', async () => {
    const { real } = (await status()).ledgers;
    return real.state === 'broken' && real;
  });
  expect(ledger.sentence).toContain('The witness “usb”');
  const verified = await call('ledger.verify', { realm: 'real' });
  expect(verified).toMatchObject({ ok: false, problems: [ledger.sentence] });
  expect(head()).toEqual(before);
});

it('a person begins a new log where a witness contradicts the old one, and gives it a place of its own', async () => {
  const { dataDir, copy, head } = await shown();
  const before = head();
  rmSync(dataDir, { recursive: true });
  cpSync(copy, dataDir, { recursive: true });
  const { call, status } = await start(dataDir);
  const real = async () => (await status()).ledgers.real;
  await eventually('the break', async () => (await real()).state === 'broken');
  await call('ledger.beginAnew', { realm: 'real', reason: 'A backup was restored' });
  const ledger = await eventually('the new log', async () => {
    const now = await real();
    return now.sentence.includes('is behind') && now;
  });
  expect(ledger.state).toBe('holds');
  expect(ledger.origin).not.toBe(before?.origin);
  expect(ledger.sentence).toContain('the log that this one took the place of');
  expect(head()).toEqual(before);
});

it('a replaced data directory is seen at start', async () => {
  const { dataDir, usb } = await shown();
  const { dataDir: other } = witnessed();
  cpSync(join(dataDir, 'witnesses.yaml'), join(other, 'witnesses.yaml'));
  const { status } = await start(other);
  const ledger = await eventually('the break', async () => {
    const { real } = (await status()).ledgers;
    return real.state === 'broken' && real;
  });
  expect(ledger.sentence).toContain('the data directory was replaced');
  expect(ledger.sentence).toContain(usb);
});

it('`ledger verify` compares a data directory with the heads that folders hold', async () => {
  const { dataDir, copy, usb } = await shown();
  expect(verifyPath(dataDir).ok).toBe(true);
  const old = verifyPath(copy);
  expect(old.ok).toBe(false);
  const problems = old.logs.flatMap(({ verification }) => verification.problems);
  expect(problems).toMatchObject([{ how: 'truncated', says: expect.stringContaining('The witness “usb”') }]);
  rmSync(join(copy, 'countersign.db'));
  rmSync(join(copy, 'vault.json'));
  const gone = verifyPath(copy);
  expect(gone.ok).toBe(false);
  expect(gone.logs[0]?.verification.problems[0]?.says).toContain('The log is gone');
  rmSync(usb, { recursive: true });
  const unasked = verifyPath(dataDir);
  expect(unasked.ok).toBe(false);
  expect(unasked.logs[0]?.verification.problems).toMatchObject([{ how: 'unreadable' }]);
});

it('`ledger witness` says how each stands and exits with 1 unless all have the newest head', async () => {
  const { dataDir, copy, usb } = await shown();
  const good = cli(dataDir, 'ledger', 'witness', '--json');
  expect(good.status).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({
    ok: true,
    witnesses: [
      { witness: 'usb', kind: 'folder', realm: 'real', state: 'current', where: join(usb, 'real') },
    ],
  });
  const bad = cli(copy, 'ledger', 'witness', '--json');
  expect(bad.status).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, witnesses: [{ state: 'conflict' }] });
  expect(cli(copy, 'ledger', 'witness').stdout).toContain('DOES NOT HOLD: usb (folder, real log,');
  rmSync(usb, { recursive: true });
  const behind = cli(dataDir, 'ledger', 'witness');
  expect(behind).toMatchObject({ status: 1, stdout: expect.stringContaining('BEHIND: usb') });
});

it('`ledger witness` works while the application holds the data directory', async () => {
  const { dataDir, head } = witnessed();
  const { call } = await start(dataDir);
  await call('stop.engage', { reason: 'a test' });
  expect(cli(dataDir, 'ledger', 'witness').status).toBe(0);
  expect(head()?.size).toBeGreaterThan(0);
});

it('settings that do not hold are a notice in the application and wrong usage in a command', async () => {
  const dataDir = newDataDir();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(
    join(dataDir, 'witnesses.yaml'),
    '{"format":"countersign.witnesses/1","witnesses":[{"kind":"usb"}]}',
  );
  const { status } = await start(dataDir);
  expect((await status()).notices).toEqual([expect.stringContaining('witnesses.yaml does not hold')]);
  const { status: code, stdout, stderr } = cli(dataDir, 'ledger', 'witness');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Mend it and start again');
});
