import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { privateAuthority } from '../../fixtures/certificates.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { hostIn } from '../../fixtures/host-in.ts';
import { quietAnswers } from '../../fixtures/metric-answers.ts';
import { tlsServer } from '../../fixtures/tls-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function hostOn(dataDir: string) {
  const opened = await hostIn(dataDir);
  closing.push(opened.close);
  return opened;
}

it('keeps a client certificate in the vault alone, and signs in with it after the next start', async () => {
  const company = privateAuthority();
  const { cert, key } = company.client();
  const server = await tlsServer(company.server(), quietAnswers.prometheus, {
    ca: company.ca,
    requestCert: true,
    rejectUnauthorized: true,
  });
  closing.push(server.close);
  const given = {
    kind: 'prometheus' as const,
    name: 'Mimir',
    url: server.url,
    auth: { kind: 'basic' as const, username: 'mina', password: 'hush-hush-hush' },
    tenant: 'shop',
    tls: { authority: company.ca, client: { certificate: cert, key } },
  };
  const dataDir = newDataDir();
  const { call, close } = await hostOn(dataDir);
  expect(await call('connections.test', given)).toMatchObject({ ok: true });
  const added = await call('connections.add', given);
  expect(added).toMatchObject({ auth: 'basic', username: 'mina', tenant: 'shop', tls: 'client' });
  expect(JSON.stringify(await call('connections.list', {}))).not.toMatch(/hush|BEGIN/);
  await close();

  const secrets = ['hush-hush-hush', key.split('\n')[1] ?? ''];
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const file = join(dataDir, name);
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, 'latin1');
    for (const secret of secrets) expect(text.includes(secret), `${name} holds a secret`).toBe(false);
  }

  const before = server.received.length;
  const { call: again } = await hostOn(dataDir);
  await eventually('the source', async () =>
    (await again('host.status', {})).sources.some(
      ({ kind, state }) => kind === 'prometheus' && state === 'up',
    ),
  );
  expect(server.received.slice(before)[0]).toMatchObject({
    from: 'countersign',
    headers: { 'x-scope-orgid': 'shop', authorization: expect.stringMatching(/^Basic /) },
  });
  expect(await again('connections.testStored', { connection: added.id })).toMatchObject({ ok: true });
});

it.each([
  [
    'a key of another certificate',
    { key: privateAuthority().client().key },
    /belongs to another certificate/,
  ],
  ['a key that is none', { key: pem('PRIVATE KEY') }, /client key of “Mimir” cannot be read/],
  [
    'a certificate that is none',
    { certificate: pem('CERTIFICATE') },
    /client certificate of “Mimir” cannot be read/,
  ],
])('refuses %s, in words that quote nothing of it', async (_what, other, says) => {
  const { cert, key } = privateAuthority().client();
  const { call } = await hostOn(newDataDir());
  const given = {
    kind: 'prometheus' as const,
    name: 'Mimir',
    url: 'https://127.0.0.1:9',
    auth: { kind: 'none' as const },
    tls: { client: { certificate: cert, key, ...other } },
  };
  await expect(call('connections.test', given)).rejects.toMatchObject({ code: 'bad_input', message: says });
  await expect(call('connections.add', given)).rejects.toThrow(says);
  expect(await call('connections.list', {})).toEqual([]);
});

function pem(kind: string): string {
  return `-----BEGIN ${kind}-----\naHVzaA==\n-----END ${kind}-----\n`;
}
