import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { closer } from '../../../electron/platform/closer.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { takeDataDir } from '../../../electron/platform/take-data-dir.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const closing: Host[] = [];
const ending = closer();
afterEach(async () => {
  for (const host of closing.splice(0)) await host.close();
  await ending.closeAll();
});

async function start(dataDir = newDataDir()) {
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  closing.push(host);
  return { host, call: callerOf(host), dataDir, path: join(dataDir, 'STOP') };
}

/** As a person types it, in a process of its own. */
const stop = (dataDir: string, ...args: string[]) =>
  spawnSync(process.execPath, ['electron/cli.ts', '--data-dir', dataDir, 'stop', ...args], {
    encoding: 'utf8',
  });

async function withOffer() {
  const started = await start();
  const { call } = started;
  const { id } = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  const room = () => call('incidents.room', { incident: id });
  await eventually('the offer', async () =>
    (await room()).proposals.find(({ progress }) => progress.state === 'offered'),
  );
  return { ...started, room };
}

it('is made by a file while it runs: the loop ends, offers are void, nothing is executed, until it is lifted', async () => {
  const { call, room, path } = await withOffer();
  const { proposals } = await room();
  const offer = proposals.find(({ progress }) => progress.state === 'offered');
  if (!offer) throw new Error('there is one');
  writeFileSync(path, 'the wrong cluster');
  await eventually('the stop', async () => (await call('host.status', {})).stop.stopped);
  expect((await call('host.status', {})).stop).toMatchObject({
    by: 'the file STOP',
    reason: 'the wrong cluster',
    how: 'file',
  });
  const after = await room();
  expect(after.proposals.find(({ id }) => id === offer.id)?.progress).toMatchObject({ state: 'voided' });
  expect(after.analyst.state).not.toBe('reading');
  await expect(call('analyst.start', { incident: offer.incident })).rejects.toThrow(
    /Stopped by the file STOP/,
  );

  await call('stop.lift', { reason: 'it is the right one' });
  expect(existsSync(path)).toBe(false);
  const lifted = await call('ledger.entries', { realm: 'real', kind: 'stop.lifted', limit: 1 });
  expect(lifted[0]?.body).toMatchObject({ reason: 'it is the right one' });
  expect((await call('host.status', {})).stop.stopped).toBe(false);
});

it('starts stopped where the file is there, whatever it is, and stays stopped without it', async () => {
  const dataDir = newDataDir();
  mkdirSync(join(dataDir, 'STOP'));
  const first = await start(dataDir);
  expect((await first.call('host.status', {})).stop).toMatchObject({ stopped: true, how: 'file' });
  await first.call('stop.lift', { reason: 'an empty folder' });
  await first.call('stop.engage', { reason: 'again' });
  await closing.pop()?.close();

  const again = await start(dataDir);
  expect((await again.call('host.status', {})).stop).toMatchObject({ stopped: true, reason: 'again' });
});

it('is made on the command line where nothing runs, and says how things stand', async () => {
  const dataDir = newDataDir();
  expect(stop(dataDir, '--status')).toMatchObject({ status: 1, stdout: 'Nothing is stopped\n' });
  const made = stop(dataDir, '--reason', 'too many pages', '--json');
  expect(made.status).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({ stopped: true, noticed: 'none', onRecord: false });

  const { call } = await start(dataDir);
  const { stop: state } = await call('host.status', {});
  expect(state).toMatchObject({
    stopped: true,
    reason: expect.stringMatching(/^too many pages \(.+, on the command line\)$/),
  });
  const standing = stop(dataDir, '--status', '--json');
  expect(standing.status).toBe(0);
  expect(JSON.parse(standing.stdout)).toMatchObject({ onRecord: true, by: 'the file STOP' });
});

it('is confirmed on the command line by the Countersign that runs there', async () => {
  const dataDir = newDataDir();
  await takeDataDir(dataDir, ending);
  const { call } = await start(dataDir);
  const child = spawn(process.execPath, ['electron/cli.ts', '--data-dir', dataDir, 'stop'], {
    stdio: 'pipe',
  });
  let told = '';
  child.stdout.on('data', (chunk) => {
    told += chunk;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(0);
  expect(told).toMatch(new RegExp(`process ${process.pid}\\) has it on record`));
  expect((await call('host.status', {})).stop.stopped).toBe(true);
});

it('is no stop in a directory that is none', () => {
  const { status, stderr } = stop(join(newDataDir(), 'typo'));
  expect(status).toBe(2);
  expect(stderr).toMatch(/There is no data directory .*typo, so nothing runs on it/);
});
