import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { openCheckpoint, readCheckpoint } from '../../../electron/ledger/note.ts';
import {
  type CosignerKey,
  cosignaturesIn,
  parseCosignerKey,
} from '../../../electron/ledger/witness/cosignature.ts';
import { httpsWitness } from '../../../electron/ledger/witness/https-witness.ts';
import { type Serving, serve, witnessServer } from './witness-servers.ts';
import { type WitnessedLog, witnessedLog } from './witnessed-log.ts';

const serving: Serving[] = [];
afterEach(async () => {
  for (const server of serving.splice(0)) await server.close();
});

async function honest(log: WitnessedLog) {
  const server = await witnessServer(log.key);
  serving.push(server);
  return server;
}

function knowing(url: string, key?: CosignerKey, timeoutMs = 5000) {
  const kept = { note: undefined as string | undefined };
  const witness = httpsWitness({
    name: 'acme',
    url,
    key,
    kept: {
      read: () => kept.note,
      write(note) {
        kept.note = note;
      },
    },
    timeoutMs,
  });
  return { witness, kept };
}

async function answering(listener: RequestListener, timeoutMs?: number) {
  const server = await serve(listener);
  serving.push(server);
  return knowing(server.url, undefined, timeoutMs);
}

const saying =
  (status: number, text: string, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
  };

const telling = (size: string): RequestListener => saying(409, size, { 'content-type': 'text/x.tlog.size' });

test('a witness checks each head against the one before, signs it, and its signature is kept', async () => {
  const log = witnessedLog();
  log.grow(5);
  const server = await honest(log);
  const { witness, kept } = knowing(server.url, parseCosignerKey(server.key));
  for (const size of [6, 26, 326]) {
    expect(await log.push(witness)).toMatchObject({ state: 'current', size });
    expect(server.state.size).toBe(size);
    log.grow(size === 6 ? 20 : 300);
  }
  expect(server.state.requests.map((line) => line.split(' ').at(-1))).toEqual(['0', '6', '26']);
  expect(readCheckpoint(kept.note ?? '')?.size).toBe(326);
  expect(kept.note?.split('\n').filter((line) => line.startsWith('\u2014'))).toHaveLength(2);
  const key = log.key();
  expect(key && openCheckpoint(kept.note ?? '', key)).toMatchObject({ ok: true });
});

test('one that knows another size says which, and is led on from there', async () => {
  const log = witnessedLog();
  log.grow(5);
  const server = await honest(log);
  await log.push(knowing(server.url).witness);
  log.grow(5);
  const { witness } = knowing(server.url);
  expect(await log.push(witness)).toMatchObject({ state: 'current', size: 11 });
  expect(server.state.requests.map((line) => line.split(' ').at(-1))).toEqual(['0', '0', '6']);
});

test('showing the same head twice does no harm', async () => {
  const log = witnessedLog();
  log.grow(5);
  const server = await honest(log);
  const { witness } = knowing(server.url);
  await log.push(witness);
  expect(await log.push(witness)).toMatchObject({ state: 'current', size: 6 });
});

test.each([
  ['with what is kept beside it', true],
  ['without', false],
])('a data directory that was put back %s contradicts the witness', async (_, withKept) => {
  const log = witnessedLog();
  log.grow(5);
  const server = await honest(log);
  const old = knowing(server.url);
  await log.push(old.witness);
  const [copy, keptThen] = [log.copy(), old.kept.note];
  log.grow(5);
  await log.push(old.witness);
  log.putBack(copy);
  const back = knowing(server.url);
  if (withKept) back.kept.note = keptThen;
  expect(await log.push(back.witness)).toMatchObject({
    state: 'conflict',
    sentence: expect.stringContaining('only 6 are signed here'),
  });
  log.grow(5, 'another history');
  expect((await log.push(back.witness)).state).toBe('conflict');
  log.grow(50, 'another history');
  expect(await log.push(back.witness)).toMatchObject({
    state: 'conflict',
    sentence: expect.stringContaining('another history: the first 11 entries'),
  });
  expect(server.state.size).toBe(11);
});

test('one that does not know the log, or its key, says so, and it is no break', async () => {
  const [log, other] = [witnessedLog(), witnessedLog()];
  log.grow(5);
  other.grow(5);
  const stranger = await honest(other);
  expect(await log.push(knowing(stranger.url).witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('does not know this log'),
  });
  const key = log.key();
  const otherKey = other.key();
  if (!key || !otherKey) throw new Error('both logs have a key');
  const server = await witnessServer(() => ({ name: key.name, publicKey: otherKey.publicKey }));
  serving.push(server);
  expect(await log.push(knowing(server.url).witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('does not know the key'),
  });
});

test.each<[string, RequestListener, string]>([
  ['leads elsewhere', saying(307, '', { location: 'http://127.0.0.1:9/' }), 'redirects'],
  ['is a web page', saying(200, '<!doctype html><p>hello'), 'without a signature'],
  ['says yes and signs nothing', saying(200, ''), 'without a signature'],
  ['signs with a line that is none', saying(200, '\u2014 w !!!\n'), 'without a signature'],
  ['is overloaded', saying(503, 'later'), '503'],
  ['fails', saying(500, 'oops'), '500'],
  ['refuses without a size', saying(409, 'no'), 'without saying which size'],
  ['tells a size that is none', telling('-1\n'), 'without saying which size'],
  ['tells a size beyond counting', telling(`${'9'.repeat(16)}\n`), 'without saying which size'],
  ['refuses the size it tells', telling('0\n'), 'the very size'],
  ['tells one size and refuses it', telling('3\n'), 'the very size'],
  ['sends megabytes', saying(200, 'x'.repeat(5_000_000)), 'more than the 32768 bytes'],
  [
    'never ends',
    (request, response) => {
      request.resume();
      response.writeHead(200);
      const timer = setInterval(() => response.write('\u2014'), 20);
      response.on('close', () => clearInterval(timer));
    },
    'did not answer in time',
  ],
  ['stays silent', (request) => void request.resume(), 'did not answer in time'],
  ['hangs up', (request) => void request.socket.destroy(), 'closed the connection'],
])('one that %s is behind, which is said and is no break', async (_, listener, says) => {
  const log = witnessedLog();
  log.grow(5);
  const { witness, kept } = await answering(listener, 400);
  const standing = await log.push(witness);
  expect(standing).toMatchObject({ state: 'behind', sentence: expect.stringContaining(says) });
  expect(kept.note).toBeUndefined();
});

test('one that changes its mind each time is asked again later', async () => {
  const log = witnessedLog();
  log.grow(5);
  let size = 0;
  const { witness } = await answering((request, response) => {
    size += 1;
    telling(`${size}\n`)(request, response);
  });
  expect(await log.push(witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('another size'),
  });
});

test('a redirect is never followed', async () => {
  const log = witnessedLog();
  log.grow(5);
  const asked: string[] = [];
  const elsewhere = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  serving.push(elsewhere);
  const { witness } = await answering(saying(308, '', { location: `${elsewhere.url}/add-checkpoint` }));
  await log.push(witness);
  expect(asked).toEqual([]);
});

test('where the key of the witness is known, the signature of anyone else counts for nothing', async () => {
  const log = witnessedLog();
  log.grow(5);
  const [server, other] = [await honest(log), await honest(log)];
  const { witness, kept } = knowing(server.url, parseCosignerKey(other.key));
  expect(await log.push(witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('without a good signature by witness.test/w1'),
  });
  expect(kept.note).toBeUndefined();
});

test('a signature over another head does not count for this one', async () => {
  const log = witnessedLog();
  log.grow(5);
  const server = await honest(log);
  const key = parseCosignerKey(server.key);
  const { witness, kept } = knowing(server.url, key);
  await log.push(witness);
  const [text = '', signatures = ''] = kept.note?.split('\n\n') ?? [];
  const [own, cosigned] = signatures.split('\n');
  const note = `${text}\n\n${own}\n`;
  expect(cosignaturesIn(`${cosigned}\n`, note, key)).toEqual([cosigned]);
  expect(cosignaturesIn(`${cosigned}`, note, key)).toEqual([]);
  expect(cosignaturesIn(`${cosigned}\n`, note.replace('\n6\n', '\n7\n'), key)).toEqual([]);
});
