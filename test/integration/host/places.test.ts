import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

let host: Host;
let call: ReturnType<typeof callerOf>;
beforeAll(async () => {
  host = await createHost({
    dataDir: newDataDir(),
    resourcesDir: 'resources',
    version: 'test',
    shell: 'cli',
    logger: silentLogger,
  });
  call = callerOf(host);
  await call('vault.unlock', { passphrase: 'correct horse battery staple' });
});
afterAll(() => host.close());

const fileOf = (bytes: Buffer, name = 'case.json') => ({
  from: 'file' as const,
  name,
  base64: bytes.toString('base64'),
});

it('ranks the example and a file, plain and packed, to the same answer', async () => {
  const example = await call('cases.rank', { from: 'example' });
  expect(example.changes.length).toBeGreaterThan(example.worthReading);
  const given = generateCase({ tier: 'T1', seed: 3, services: 12 });
  const text = Buffer.from(JSON.stringify({ ...given, metrics: given.metrics.slice(0, 40) }));
  const packed = await call('cases.rank', fileOf(gzipSync(text)));
  expect(packed.changeCount).toBe(given.changes.length);
  if (text.length < 700_000) expect(await call('cases.rank', fileOf(text))).toEqual(packed);
});

it('refuses what is no case file with its name, and unpacks no bomb', async () => {
  const refused = (given: ReturnType<typeof fileOf>) => expect(call('cases.rank', given)).rejects;
  await refused(fileOf(Buffer.from('{"format": 1}'), 'a.json')).toThrow(/a\.json is not a case file/);
  await refused(fileOf(Buffer.from('{not json at all'), 'b.json')).toThrow(/b\.json is not JSON/);
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
  await refused(fileOf(bomb, 'bomb.json.gz')).toThrow(/bomb\.json\.gz is larger than the 64 MiB/);
  await refused(fileOf(bomb.subarray(0, 4_000), 'cut.gz')).toThrow(/cut\.gz/);
  await expect(call('cases.rank', { from: 'example' })).resolves.toMatchObject({ name: 'The example' });
});

it('signs a week off as it was shown, and refuses when something came since', async () => {
  const week = await call('review.read', { realm: 'real', atMs: Date.now() });
  await call('incidents.open', { title: 'Checkout is slow', severity: 'sev2' });
  const about = { realm: 'real' as const, weekMs: week.fromMs, note: 'tune the alert' };
  await expect(call('review.signOff', { ...about, digest: week.digest })).rejects.toMatchObject({
    code: 'conflict',
  });
  const { digest, incidents } = await call('review.read', { realm: 'real', atMs: week.fromMs });
  expect(incidents).toMatchObject([{ title: 'Checkout is slow' }]);
  const signed = await call('review.signOff', { ...about, digest });
  expect(signed.signOff).toMatchObject({ note: 'tune the alert', isCurrent: true });
  const [entry] = await call('ledger.entries', { realm: 'real', kind: 'review', limit: 5 });
  expect(entry?.body).toMatchObject({ digest, incidents: 1 });
  const { proof } = await call('ledger.prove', { realm: 'real', seq: entry?.seq ?? -1 });
  expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  await expect(call('ledger.prove', { realm: 'real', seq: 9_999_999 })).rejects.toMatchObject({
    code: 'not_found',
  });
  const { days } = await call('ledger.denials', { realm: 'real', days: 14 });
  expect(days).toHaveLength(14);
});

it('hands an incident over as Markdown', async () => {
  const { id } = await call('incidents.open', { title: 'Search [slow](x)', severity: 'sev3' });
  const { markdown } = await call('incidents.handOver', { incident: id });
  expect(markdown).toContain('# Hand-over: Search \\[slow\\](x)');
});
