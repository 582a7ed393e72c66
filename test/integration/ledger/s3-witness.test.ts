import { afterEach, expect, test } from 'vitest';
import { readCheckpoint } from '../../../electron/ledger/note.ts';
import { decodeBundle } from '../../../electron/ledger/proofs/tiles.ts';
import { digestOf, growingTree, leafHash } from '../../../electron/ledger/tree.ts';
import { s3Witness } from '../../../electron/ledger/witness/s3-witness.ts';
import { type Serving, s3Keys, s3Server } from './witness-servers.ts';
import { witnessedLog } from './witnessed-log.ts';

const serving: Serving[] = [];
afterEach(async () => {
  for (const server of serving.splice(0)) await server.close();
});

const PLACE = '/audit/countersign/site-1/real';

async function bucket(what: 'log' | 'head' = 'log', credentials = s3Keys) {
  const server = await s3Server();
  serving.push(server);
  const witness = s3Witness({
    name: 'store',
    endpoint: server.url,
    region: 'eu-test-1',
    bucket: 'audit',
    prefix: 'countersign/site-1/real',
    what,
    credentials: () => credentials,
    timeoutMs: 5000,
  });
  const head = () => readCheckpoint(server.state.objects.get(`${PLACE}/checkpoint`)?.toString() ?? '');
  return { server, witness, head, ...server.state };
}

test('a bucket holds the log as tiles, from which anyone recomputes the signed root', async () => {
  const log = witnessedLog();
  const { witness, objects, head } = await bucket();
  log.grow(300);
  expect(await log.push(witness)).toMatchObject({ state: 'current', size: 301 });
  log.grow(8);
  expect(await log.push(witness)).toMatchObject({ state: 'current', size: 309 });
  const tree = growingTree();
  for (const name of ['000', '001.p/53'])
    for (const entry of decodeBundle(objects.get(`${PLACE}/tile/entries/${name}`) ?? Buffer.alloc(0)) ?? [])
      tree.add(digestOf(leafHash(entry)));
  expect(head()?.root).toEqual(tree.root());
  expect(objects.get(`${PLACE}/tile/0/000`)).toHaveLength(8192);
});

test('what the bucket has is not sent again, and the checkpoint comes last', async () => {
  const log = witnessedLog();
  const { witness, requests } = await bucket();
  log.grow(300);
  await log.push(witness);
  expect(requests.at(-1)).toBe(`PUT ${PLACE}/checkpoint`);
  log.grow(1);
  requests.length = 0;
  await log.push(witness);
  expect(requests).toEqual([
    `GET ${PLACE}/checkpoint`,
    `HEAD ${PLACE}/tile/entries/001.p/45`,
    `HEAD ${PLACE}/tile/1/000.p/1`,
    `PUT ${PLACE}/tile/entries/001.p/46`,
    `PUT ${PLACE}/tile/0/001.p/46`,
    `PUT ${PLACE}/checkpoint`,
  ]);
  requests.length = 0;
  await log.push(witness);
  expect(requests.filter((line) => line.startsWith('PUT'))).toEqual([]);
});

test('a head alone can be kept, and the whole log once that is wanted', async () => {
  const log = witnessedLog();
  const { server, witness, objects } = await bucket('head');
  log.grow(300);
  await log.push(witness);
  expect([...objects.keys()]).toEqual([`${PLACE}/checkpoint`]);
  const { url } = server;
  const place = {
    name: 'store',
    endpoint: url,
    region: 'eu-test-1',
    bucket: 'audit',
    prefix: 'countersign/site-1/real',
  };
  const whole = s3Witness({ ...place, what: 'log', credentials: () => s3Keys });
  expect((await log.push(whole)).state).toBe('current');
  expect(objects.has(`${PLACE}/tile/0/000`)).toBe(true);
});

test('a data directory that was put back or replaced contradicts the bucket, which stays as it is', async () => {
  const [log, other] = [witnessedLog(), witnessedLog()];
  const { witness, objects } = await bucket();
  log.grow(10);
  const copy = log.copy();
  log.grow(10);
  await log.push(witness);
  const before = [...objects];
  log.putBack(copy);
  expect((await log.push(witness)).sentence).toContain('only 11 are signed here');
  log.grow(40, 'another history');
  expect((await log.push(witness)).sentence).toContain('history was changed');
  other.grow(40);
  expect((await other.push(witness)).sentence).toContain('the data directory was replaced');
  log.putBack();
  expect((await log.push(witness)).sentence).toContain('The log is gone');
  expect([...objects]).toEqual(before);
});

test('a head that another wrote at the same moment is never written over', async () => {
  const log = witnessedLog();
  const { witness, objects, state } = await bucket().then((one) => ({ ...one, state: one.server.state }));
  log.grow(10);
  state.beforePut = (path) => void (path.endsWith('/checkpoint') && objects.set(path, Buffer.from('theirs')));
  expect(await log.push(witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('same moment'),
  });
  expect(objects.get(`${PLACE}/checkpoint`)?.toString()).toBe('theirs');
  state.beforePut = () => {};
  objects.delete(`${PLACE}/checkpoint`);
  expect((await log.push(witness)).state).toBe('current');
  log.grow(10);
  state.beforePut = (path) => void (path.endsWith('/checkpoint') && objects.set(path, Buffer.from('theirs')));
  expect(await log.push(witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('same moment'),
  });
});

test('a wrong secret is said without showing it', async () => {
  const log = witnessedLog();
  log.grow(3);
  const { witness, objects } = await bucket('log', { ...s3Keys, secretAccessKey: 'a wrong secret' });
  const standing = await log.push(witness);
  expect(standing).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('SignatureDoesNotMatch'),
  });
  expect(standing.sentence).not.toContain('a wrong secret');
  expect(objects.size).toBe(0);
});

test('a store without ETags is not written to', async () => {
  const log = witnessedLog();
  log.grow(3);
  const { witness, server } = await bucket();
  await log.push(witness);
  server.state.etags = false;
  log.grow(3);
  expect(await log.push(witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('without an ETag'),
  });
});

test('a store that is not there is behind', async () => {
  const log = witnessedLog();
  log.grow(3);
  const { witness, server } = await bucket();
  await server.close();
  serving.length = 0;
  expect(await log.push(witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('refuses connections'),
  });
});
