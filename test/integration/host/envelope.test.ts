import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { signEnvelope } from '../../../electron/host/sign-envelope.ts';
import { storedAt, verifyStored } from '../../../electron/host/stored-envelope.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { editEnvelope, envelopeFolder } from '../../fixtures/envelope-folder.ts';
import { eventually } from '../../fixtures/eventually.ts';

const closing: Host[] = [];
afterEach(async () => {
  for (const host of closing.splice(0)) await host.close();
});

const adapters = (dataDir: string, resourcesDir = 'resources') => ({
  dataDir,
  resourcesDir,
  version: 'test',
  logger: silentLogger,
  passphrase: 'correct horse battery',
});
async function start(dataDir: string, resourcesDir?: string) {
  const host = await createHost({ ...adapters(dataDir, resourcesDir), shell: 'web' });
  closing.push(host);
  return { host, call: callerOf(host) };
}

it('voids what was offered when the envelope is swapped while it runs, and offers nothing under one that does not hold', async () => {
  const resources = join(mkdtempSync(join(tmpdir(), 'resources-')), 'resources');
  cpSync('resources', resources, { recursive: true });
  const { call } = await start(newDataDir(), resources);
  const { id } = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  const room = () => call('incidents.room', { incident: id });
  const offered = await eventually('the proposal', async () => (await room()).proposals[0]);
  expect(offered.progress.state).toBe('offered');

  editEnvelope(join(resources, 'envelope'), 'envelope.yaml', /^stage: \w+/m, 'stage: bounded');
  // The look at the folder that voids it may come before the answer or with it.
  await call('proposals.approve', {
    proposal: offered.id,
    shownDigest: digestOfShown(offered),
    typedTarget: offered.target.name,
  }).catch((error: { code?: string }) => expect(error.code).toBe('conflict'));
  const voided = await eventually('the void', async () => {
    const progress = (await room()).proposals[0]?.progress;
    return progress?.state === 'voided' && progress;
  });
  expect(voided.because).toMatch(/^(The envelope changed since proposed: none|No envelope) is in force/);
  expect(await call('ledger.entries', { realm: 'drill', kind: 'intent', limit: 10 })).toEqual([]);
  const told = await call('ledger.entries', { realm: 'drill', kind: 'envelope', limit: 10 });
  expect(told.map(({ body }) => body['state'])).toEqual(expect.arrayContaining(['accepted', 'none']));
  // The real realm has no envelope of its own, so it has none either, and says so.
  expect((await call('host.status', {})).envelope).toMatchObject({ kind: 'none' });
  expect((await call('host.status', {})).stage).toBe('shadow');
});

it('is in force for real incidents once it is signed here, and stands on record whole', async () => {
  const dataDir = newDataDir();
  const own = envelopeFolder(dataDir);
  editEnvelope(own, 'envelope.yaml', /^stage: \w+/m, 'stage: shadow');
  const dirs = { dataDir, resourcesDir: 'resources' };
  expect(verifyStored(dirs, Date.now()).judged).toMatchObject({
    kind: 'none',
    because: expect.stringContaining('was altered'),
  });
  await expect(signEnvelope({ ...adapters(dataDir), passphrase: undefined }, {})).rejects.toMatchObject({
    code: 'locked',
  });
  editEnvelope(own, 'envelope.yaml', /replicas: \{ min: 1, max: 20 \}/, 'replicas: { min: 1, max: 40 }');
  await expect(signEnvelope(adapters(dataDir), { version: '3' })).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringMatching(/fails \d+ of its \d+ tests, so it is not signed:\nmore replicas than/),
  });
  editEnvelope(own, 'envelope.yaml', /max: 40/, 'max: 20');
  const signed = await signEnvelope(adapters(dataDir), { version: '3' });
  expect(signed).toMatchObject({ version: '3', judged: { kind: 'in-force', trustedAs: 'installation' } });
  await expect(signEnvelope(adapters(dataDir), {})).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('--as-version 4'),
  });
  expect(verifyStored(dirs, Date.now()).judged.kind).toBe('in-force');

  const { host, call } = await start(dataDir);
  expect(await call('host.status', {})).toMatchObject({
    stage: 'shadow',
    envelope: { kind: 'in-force', version: '3', digest: signed.digest },
  });
  const view = await call('envelope.show', {});
  expect(view).toMatchObject({ where: own, versions: [{ version: '3', digest: signed.digest }] });
  expect(await call('envelope.at', { atMs: Date.now() })).toMatchObject({ content: { stage: 'shadow' } });
  await host.close();

  // Whoever takes the folder away does not bring the wider default back.
  const acceptedMs = Date.now();
  const manifest = readFileSync(join(own, 'manifest.json'));
  rmSync(join(own, 'manifest.json'));
  const unsigned = await start(dataDir);
  expect((await unsigned.call('host.status', {})).envelope).toMatchObject({
    kind: 'none',
    because: expect.stringContaining('not signed'),
  });
  rmSync(own, { recursive: true });
  expect((await unsigned.call('host.status', {})).envelope).toMatchObject({
    because: expect.stringContaining('envelope of its own'),
  });
  expect(storedAt(dataDir, acceptedMs, Date.now())).toMatchObject({ kind: 'in-force', version: '3' });
  expect(storedAt(dataDir, Date.now(), Date.now())).toMatchObject({ kind: 'none' });
  envelopeFolder(dataDir);
  writeFileSync(join(own, 'manifest.json'), manifest);
  expect((await unsigned.call('host.status', {})).envelope).toMatchObject({
    because: expect.stringContaining('altered'),
  });
  expect(await unsigned.call('ledger.verify', { realm: 'real' })).toMatchObject({ ok: true });
});
