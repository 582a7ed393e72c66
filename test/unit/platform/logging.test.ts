import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Failure } from '../../../electron/platform/failure.ts';
import { openLog } from '../../../electron/platform/logging.ts';
import { redactor } from '../../../electron/platform/redactor.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const SECRET = 's3cr3t/"quoted"\\and+more';

async function logged(write: (log: Awaited<ReturnType<typeof openLog>>) => void): Promise<string> {
  const dir = newDataDir();
  const log = await openLog(dir);
  write(log);
  await log.close();
  return readdirSync(join(dir, 'logs'))
    .map((file) => readFileSync(join(dir, 'logs', file), 'utf8'))
    .join('');
}

it('writes one JSON object a line with time, level, fields and message', async () => {
  const text = await logged(({ logger }) =>
    logger.warn({ source: 'prometheus', tries: 2 }, 'a source is slow'),
  );
  const [line = ''] = text.trimEnd().split('\n');
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    source: 'prometheus',
    tries: 2,
    msg: 'a source is slow',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

it.each<[string, object, string]>([
  ['in the message', {}, `it said ${SECRET} to us`],
  ['in a field', { said: SECRET }, 'm'],
  ['deep in an object', { a: { b: [{ c: { d: SECRET } }] } }, 'm'],
  ['in the message of an error', { error: new Error(`bad ${SECRET}`) }, 'm'],
  ['in the cause of an error', { error: new Failure('bad_reply', 'x', new Error(SECRET)) }, 'm'],
  ['in a property of an error', { error: Object.assign(new Error('x'), { config: { url: SECRET } }) }, 'm'],
  ['in a Map', { headers: new Map([['x', SECRET]]) }, 'm'],
  ['as a key', { [SECRET]: 1 }, 'm'],
  ['in base64, as Basic sends it', { sent: Buffer.from(`${SECRET}`).toString('base64') }, 'm'],
  ['in a URL', { url: `http://x/?q=${encodeURIComponent(SECRET)}` }, 'm'],
  ['in JSON inside a text', { body: JSON.stringify({ said: SECRET }) }, 'm'],
])('keeps a registered secret out of the file %s', async (_case, fields, message) => {
  const text = await logged((log) => {
    log.redact(SECRET);
    log.logger.error(fields, message);
  });
  for (const form of [SECRET, 's3cr3t', Buffer.from(SECRET).toString('base64')])
    expect(text).not.toContain(form);
  expect(text).toContain('(hidden)');
});

it.each([
  ['authorization', { headers: { Authorization: 'hunter2-value' } }],
  ['a bearer token', { auth: { bearerToken: 'hunter2-value' } }],
  ['a password', { list: [{ db: { password: 'hunter2-value' } }] }],
  ['a passphrase', { passphrase: { text: 'hunter2-value' } }],
  ['a cookie', { headers: { 'set-cookie': ['hunter2-value'] } }],
  ['an API key', { 'api-key': 'hunter2-value' }],
  ['a bearer header quoted in a text', { said: 'sent Bearer hunter2-value to it' }],
  ['credentials in an address', { url: 'https://mina:hunter2-value@prometheus.test/' }],
  ['a one-time token in an address', { url: 'http://127.0.0.1:1/#token=hunter2-value' }],
  ['a private key', { pem: '-----BEGIN PRIVATE KEY-----\nhunter2-value\n-----END PRIVATE KEY-----' }],
  ['bytes', { bytes: Buffer.from('hunter2-value') }],
])('keeps %s out of the file although nobody registered it', async (_case, fields) => {
  const text = await logged(({ logger }) => logger.info(fields, 'm'));
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain(Buffer.from('hunter2').toJSON().data.join(','));
});

it('outlives circular fields, and says so', async () => {
  const circular: Record<string, unknown> = { name: 'a' };
  circular['self'] = circular;
  expect(await logged(({ logger }) => logger.info(circular, 'm'))).toContain('(circular)');
});

it('rotates and keeps a bounded number of files, readable by their owner alone', async () => {
  const dir = newDataDir();
  const log = await openLog(dir, { fileSize: '1k' });
  for (let line = 0; line < 200; line++) {
    log.logger.info({ line }, 'x'.repeat(200));
    await new Promise(setImmediate);
  }
  await log.close();
  const files = readdirSync(join(dir, 'logs'));
  expect(files.length).toBeGreaterThan(2);
  expect(files.length).toBeLessThanOrEqual(7);
  for (const file of files) expect(statSync(join(dir, 'logs', file)).mode & 0o077).toBe(0);
});

it('refuses a folder that cannot be written, naming it', async () => {
  const dir = newDataDir();
  writeFileSync(join(dir, 'logs'), 'a file where the folder should be');
  await expect(openLog(dir)).rejects.toThrow(/^The log cannot be written in .*logs/);
});

it('never lets a registered secret through, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      const redact = redactor();
      redact.register(secret);
      fc.pre(!'(hidden)'.includes(secret) && !`${before}(hidden)${after}`.includes(secret));
      expect(redact.line(`${before}${secret}${after}`)).not.toContain(secret);
    }),
  );
});

it('leaves the words of a line alone when a secret is too short to be one', () => {
  const redact = redactor();
  redact.register('the');
  expect(redact.line('the other')).toBe('the other');
});
